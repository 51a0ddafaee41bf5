import { guard } from '#billing/guard.ts'
import { type Line, linesOf } from '#billing/line.ts'
import { makePlan } from '#billing/make-plan.ts'
import { dayIn } from '#billing/period.ts'
import type { PlanInput } from '#billing/plan.ts'
import type { Scope } from '#db/db.ts'
import type { MappingRow } from '#db/mappings.ts'
import type { AgreementRow } from '#db/mirror.ts'
import type { Source } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { withoutOpenWrites } from '#sync/apply/open-writes.ts'
import { toMappings } from '#sync/mapping/mappings.ts'
import { loadInput } from './plan-input.ts'

interface Known {
  mappings: readonly MappingRow[]
  /** The rows of the agreements these name, as far as the mirror has them. */
  agreements: readonly AgreementRow[]
  /** Whose word is looked up, of which accounts. */
  sources: readonly Source[]
  accounts: readonly string[]
}

export interface Outlook {
  lines: Line[]
  input: PlanInput
}

/**
 * What a plan of these mappings would be now, by the same rules and from what is stored: nobody is asked and nothing is
 * written. What stops every write of the tenant, and limits over a whole plan, are not among the holds.
 */
export async function outlookOf(deps: Deps, scope: Scope, tenant: Tenant, known: Known): Promise<Outlook> {
  const all = toMappings(known.mappings, known.sources)
  const read = new Set(known.agreements.filter(isRead).map(({ id }) => id))
  const mappings = all.filter(({ agreementId }) => read.has(agreementId))
  const input = await loadInput(scope, tenant, {
    today: dayIn(tenant.zone, deps.now()),
    now: deps.now(),
    mappings,
    sources: known.sources,
    accounts: known.accounts,
    problemOf: ({ additionsProblem }) => additionsProblem,
  })
  const proposal = makePlan(input)
  const context = { limits: tenant.limits, mapped: Number.POSITIVE_INFINITY, observing: false, stops: [] }
  const rows = guard(await withoutOpenWrites(deps, scope, proposal.rows), input, context)
  const unread = all.filter(({ agreementId }) => !read.has(agreementId))
  const lines = linesOf(rows, mappings, proposal, input.datedLines)
  return { lines: [...lines, ...linesOf([], unread, proposal).map(notRead)], input }
}

const isRead = ({ gone, additionsReadAt }: AgreementRow): boolean => gone || additionsReadAt !== null

const notRead = (line: Line): Line => ({
  ...line,
  state: 'unknown',
  reasons: ['not read from ConnectWise yet: the next run or Refresh reads it'],
})
