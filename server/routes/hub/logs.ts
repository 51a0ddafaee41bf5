import * as z from 'zod'
import { dayMs } from '#billing/period.ts'
import { countLogs, type LogFilter, listLoggedRecords, listLogs } from '#db/logs.ts'
import { listSources } from '#db/sources.ts'
import { readQuery } from '#routes/form.ts'
import { pageNumber, pageSize, pagesOf } from '#routes/paging.ts'
import { readableOf } from '#routes/readable.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import type { Viewer } from '#session/viewer.ts'
import { type LogEntries, LogList, LogsScreen } from '#views/hub/logs.tsx'

const mostDays = 460

const text = z.string().max(200, 'at most 200 characters').default('')
const query = z.object({
  level: z.enum(['', 'info', 'warning', 'error'], 'info, warning or error').default(''),
  source: text,
  company: z
    .string()
    .regex(/^\d{0,9}$/, 'the id of a company')
    .default(''),
  account: text,
  run: text,
  text,
  days: z.coerce.number().int().min(1).max(mostDays).default(30),
  page: pageNumber,
})

type Query = z.infer<typeof query>

/** `GET /logs` (X14, X15). */
export const getLogs = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const asked = readQuery(c, query)
  const [entries, sources] = await Promise.all([readEntries(deps, viewer, asked), listSources(viewer.scope)])
  const filter = { ...asked, days: String(asked.days) }
  return fragment(c, LogsScreen, { ...entries, standing: standingOf(viewer), sources, filter })
}

/** `GET /logs/entries`: the part that the filter changes. */
export const getLogEntries = (deps: Deps) => async (c: Ask) =>
  fragment(c, LogList, await readEntries(deps, c.get('viewer'), readQuery(c, query)))

async function readEntries(deps: Deps, viewer: Viewer, asked: Query): Promise<LogEntries> {
  const { scope, tenant } = viewer
  const logged = await listLoggedRecords(scope, deps.now() - asked.days * dayMs)
  const { readable, isWhole } = await readableOf(deps, viewer, logged)
  const filter = { ...filterOf(asked, deps.now()), readable }
  const [counts, rows, sources] = await Promise.all([
    countLogs(scope, filter),
    listLogs(scope, filter, { size: pageSize, number: asked.page }),
    listSources(scope),
  ])
  const names = new Map(sources.map(({ id, name }) => [id, name]))
  const { newestAt, ...numbers } = counts
  return {
    zone: tenant.zone,
    counts: { ...numbers, ...(newestAt === undefined ? {} : { newestAt }) },
    entries: rows.map(({ id, at, level, text, sourceId, runId, planId }) => ({
      id,
      at,
      level,
      text,
      ...(sourceId === null ? {} : { source: names.get(sourceId) ?? sourceId }),
      ...(runId === null ? {} : { run: runId }),
      ...(planId === null ? {} : { plan: planId }),
    })),
    isWhole,
    page: asked.page,
    pages: pagesOf(counts.total),
  }
}

const filterOf = (
  { level, source, company, account, run, text, days }: Query,
  now: number,
): Omit<LogFilter, 'readable'> => ({
  since: now - days * dayMs,
  level: level === '' ? undefined : level,
  source: source || undefined,
  company: company === '' ? undefined : Number(company),
  account: account || undefined,
  run: run || undefined,
  text: text.trim() || undefined,
})
