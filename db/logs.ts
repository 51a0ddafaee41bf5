import { and, count, desc, eq, gte, max, type SQL, sql } from 'drizzle-orm'
import { insertMany, type Scope, type Statement } from './db.ts'
import { isAbout, type Records } from './readable.ts'
import { logs } from './schema.ts'
import { holds } from './search.ts'

export type LogRow = typeof logs.$inferSelect
export type LogEntry = Omit<typeof logs.$inferInsert, 'tenantId'>

/** What people look for under Logs; absent fields do not narrow. */
export interface LogFilter {
  /** Epoch milliseconds. */
  since: number
  level?: LogRow['level'] | undefined
  source?: string | undefined
  company?: number | undefined
  account?: string | undefined
  run?: string | undefined
  /** Part of the text, whatever the case. */
  text?: string | undefined
  /** Only entries about these records, or about none: what is hidden is neither searched nor counted. */
  readable: Records | 'all'
}

/** Adds entries; one with a known id is replaced, so that a run told of again is told once. */
export function addLogs({ db, tenant }: Scope, entries: readonly LogEntry[], onlyIf?: SQL): Statement[] {
  const rows = entries.map((entry) => ({ ...entry, tenantId: tenant }))
  return insertMany(db, logs, rows, { replace: { key: [logs.id] }, ...(onlyIf ? { onlyIf } : {}) })
}

/** Newest first, one page of them. */
export function listLogs(scope: Scope, filter: LogFilter, page: { size: number; number: number }): Promise<LogRow[]> {
  return scope.db
    .select()
    .from(logs)
    .where(matching(scope, filter))
    .orderBy(desc(logs.at), desc(logs.id))
    .limit(page.size)
    .offset((page.number - 1) * page.size)
}

export interface LogCounts {
  total: number
  errors: number
  warnings: number
  /** Epoch milliseconds of the newest entry; undefined when there is none. */
  newestAt: number | undefined
}

export async function countLogs(scope: Scope, filter: LogFilter): Promise<LogCounts> {
  const of = (level: LogRow['level']) => sql<number>`coalesce(sum(${logs.level} = ${level}), 0)`
  const [row] = await scope.db
    .select({ total: count(), errors: of('error'), warnings: of('warning'), newestAt: max(logs.at) })
    .from(logs)
    .where(matching(scope, filter))
  return {
    total: row?.total ?? 0,
    errors: row?.errors ?? 0,
    warnings: row?.warnings ?? 0,
    newestAt: row?.newestAt ?? undefined,
  }
}

/** The companies and agreements that entries since then are about. */
export async function listLoggedRecords({ db, tenant }: Scope, since: number) {
  const mine = and(eq(logs.tenantId, tenant), gte(logs.at, since))
  const [companies, agreements] = await Promise.all([
    db.selectDistinct({ id: logs.companyId }).from(logs).where(mine),
    db.selectDistinct({ id: logs.agreementId }).from(logs).where(mine),
  ])
  const ids = (rows: { id: number | null }[]) => rows.flatMap(({ id }) => id ?? [])
  return { companies: ids(companies), agreements: ids(agreements) }
}

function matching(
  { tenant }: Scope,
  { since, level, source, company, account, run, text, readable }: LogFilter,
): SQL | undefined {
  return and(
    eq(logs.tenantId, tenant),
    gte(logs.at, since),
    level === undefined ? undefined : eq(logs.level, level),
    source === undefined ? undefined : eq(logs.sourceId, source),
    company === undefined ? undefined : eq(logs.companyId, company),
    account === undefined ? undefined : eq(logs.account, account),
    run === undefined ? undefined : eq(logs.runId, run),
    isAbout(logs, readable),
    text === undefined ? undefined : holds(logs.text, text),
  )
}
