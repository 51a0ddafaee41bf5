import { type GuardContext, guard } from '#billing/guard.ts'
import { withReferences } from '#billing/lines/references.ts'
import { makePlan } from '#billing/make-plan.ts'
import { waitForNeeds } from '#billing/needs.ts'
import { dayIn } from '#billing/period.ts'
import type { Hold, PlanInput, PlanRow, Proposal } from '#billing/plan.ts'
import type { Scope } from '#db/db.ts'
import type { Run } from '#db/runs.ts'
import { listSources } from '#db/sources.ts'
import { isInstallationStopped, type Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { withoutOpenWrites } from '#sync/apply/open-writes.ts'
import type { Foreseen } from '#sync/mapping/foresee-skus.ts'
import { loadMappings } from '#sync/mapping/mappings.ts'
import { type About, asksWishes, inScopeOf } from './asked.ts'
import { readCrossReferences } from './lines/cross-references.ts'
import { listLineSources } from './lines/line-sources.ts'
import { listLineWork } from './lines/line-work.ts'
import { loadInput } from './plan-input.ts'

export interface Proposed {
  rows: PlanRow[]
  proposal: Proposal
  input: PlanInput
  /** Epoch milliseconds from which on a change of what it is made of is not in it. */
  readAt: number
}

type AskedRun = About & Pick<Run, 'id' | 'scheduleId'>

/**
 * desired − existing, with the guard's holds, from what this run read. It writes nothing: a preview is this. `contacts`: rows
 * of users; `foreseen`: what counts as mapped and wanted beside what is.
 */
export async function propose(
  deps: Deps,
  scope: Scope,
  tenant: Tenant,
  run: AskedRun,
  contacts: readonly PlanRow[] = [],
  foreseen?: Foreseen,
): Promise<Proposed> {
  const readAt = deps.now()
  const input = await inputOf(deps, scope, tenant, run, foreseen)
  const proposal = makePlan(input)
  const context: GuardContext = {
    limits: tenant.limits,
    mapped: proposal.mapped,
    observing: run.scheduleId !== null && tenant.mode === 'observe',
    stops: await stopsOf(deps, scope, tenant),
  }
  const references = await readCrossReferences(deps, scope, tenant, run)
  const all = [...proposal.rows, ...contacts, ...references.rows]
  const free = stopDays(await withoutOpenWrites(deps, scope, all), tenant)
  const rows = waitForNeeds(guard(withReferences(free, references), input, context))
  return { rows, proposal, input, readAt }
}

async function inputOf(
  deps: Deps,
  scope: Scope,
  tenant: Tenant,
  run: AskedRun,
  { mappings: more, wanted }: Foreseen = { mappings: [], wanted: [] },
): Promise<PlanInput> {
  const [stored, sources, ofLines] = await Promise.all([
    loadMappings(scope),
    listSources(scope),
    listLineSources(scope),
  ])
  const told = sources.filter(({ id }) => !ofLines.some((source) => source.id === id))
  const lines = await listLineWork({ deps, scope, tenant }, run, wanted)
  const mappings = [...stored, ...more]
  const input = await loadInput(scope, tenant, {
    today: dayIn(tenant.zone, deps.now()),
    now: deps.now(),
    mappings,
    sources: told,
    wanted,
    ...(lines ? { lines } : {}),
    wishing: asksWishes(run),
    problemOf: (row) =>
      row.additionsRun === run.id ? row.additionsProblem : 'its additions were not read in this run',
  })
  return { ...input, inScope: inScopeOf(run) }
}

/** While ConnectWise gives back other days than were sent, no line with days of its own is written (U23). */
function stopDays(rows: readonly PlanRow[], { dayShift }: Tenant): readonly PlanRow[] {
  if (dayShift === null) return rows
  const text = `no dated lines until ConnectWise was connected again: ${dayShift}`
  const hasDays = ({ draft, change, posting, after }: PlanRow) =>
    draft?.record === 'addition' ||
    after.cancelledOn !== undefined ||
    after.effectiveOn !== undefined ||
    (change === 'create' && posting !== undefined)
  return rows.map((row) =>
    hasDays(row) ? { ...row, holds: [...row.holds, { guard: 'G14', text, block: true as const }] } : row,
  )
}

/** Why nothing at all may be written now (G23, G24). */
async function stopsOf(deps: Deps, scope: Scope, tenant: Tenant): Promise<Hold[]> {
  const block = (guard: string, text: string): Hold => ({ guard, text, block: true })
  const skew = (await deps.connectWise(scope)).clockSkew() ?? 0
  return [
    ...(Math.abs(skew) > 30_000
      ? [block('G23', `this clock differs from ConnectWise's by ${Math.round(skew / 1000)} s`)]
      : []),
    ...(tenant.killSwitch || (await isInstallationStopped(scope.db)) ? [block('G24', 'the kill switch is on')] : []),
    ...(tenant.mode === 'reconcile' ? [block('G24', 'restored from a backup and not reconciled yet')] : []),
  ]
}
