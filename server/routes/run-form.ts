import { z } from 'zod'
import { listMappingsOf, type MappingRow } from '#db/mappings.ts'
import { listSources } from '#db/sources.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { listReadable, requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import type { Asked } from '#sync/asked.ts'

const recordId = z.coerce.number('a number').int('a whole number').positive('a number above 0')
const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat())

/** What is asked for; nothing means everything. */
export const runForm = z.object({
  company: recordId.optional(),
  agreement: recordId.optional(),
  mapping: texts.optional(),
  source: z.string().optional(),
  account: texts.optional(),
})

type Form = z.infer<typeof runForm>

/** What a form asks to be synced, by a member who may read it. Throws a Problem when there is no such thing. */
export async function askedOf(deps: Deps, viewer: Viewer, form: Form): Promise<Asked> {
  const startedBy = viewer.member
  const { company, agreement, mapping, source, account } = form
  if (company !== undefined) {
    await requireReadable(deps, viewer, 'company', company)
    return { startedBy, mappings: idsOf(await listMappingsOf(viewer.scope, { company }), 'this company') }
  }
  if (agreement !== undefined) {
    await requireReadable(deps, viewer, 'agreement', agreement)
    return { startedBy, mappings: idsOf(await listMappingsOf(viewer.scope, { agreement }), 'this agreement') }
  }
  if (mapping !== undefined) return { startedBy, mappings: await readableMappings(deps, viewer, mapping) }
  if (source !== undefined) await requireSource(viewer, source)
  return {
    startedBy,
    ...(source === undefined ? {} : { source }),
    ...(account === undefined ? {} : { accounts: account }),
  }
}

function idsOf(rows: readonly MappingRow[], what: string): string[] {
  if (rows.length === 0) throw new Problem('invalid', `No account is mapped to ${what}: map one first.`)
  return rows.map(({ id }) => id)
}

async function readableMappings(deps: Deps, viewer: Viewer, ids: readonly string[]): Promise<string[]> {
  const rows = await listMappingsOf(viewer.scope, { ids })
  if (rows.length < new Set(ids).size)
    throw new Problem('not_found', 'A mapping that was asked for is gone: look at the list again.')
  const companies = [...new Set(rows.map(({ companyId }) => companyId))]
  const readable = await listReadable(deps, viewer, 'company', companies)
  if (companies.some((id) => !readable.has(id)))
    throw new Problem('forbidden', 'You may not see the company of one of these rows in ConnectWise.')
  return rows.map(({ id }) => id)
}

async function requireSource({ scope }: Viewer, id: string): Promise<void> {
  if (!(await listSources(scope)).some((source) => source.id === id))
    throw new Problem('not_found', 'There is no such source.')
}
