import type { Month } from '#billing/period.ts'
import { type Scope, save } from '#db/db.ts'
import { claimLoading, type Loading, saveLoading } from '#db/loadings.ts'
import type { Source } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { collectFrom } from '#sync/sources/collect-sources.ts'
import { isPulled } from '#sync/sources/heard.ts'
import { loadLines } from './load.ts'
import { placeLines } from './place.ts'

interface Load {
  deps: Deps
  scope: Scope
  tenant: Tenant
  source: Source
  by: string
}

/** A load that says nothing for so long was stopped with its process. */
const stuckMs = 15 * 60_000

/**
 * Loads a source's invoice months (X17): a platform that is asked is asked for each of them first, after the answer was
 * given; what was pushed or uploaded is loaded at once. How far it is stands with the source. Throws a Problem while
 * another load of this source is at work.
 */
export async function startLoad(load: Load, months: readonly Month[]): Promise<void> {
  const { deps, scope, source, by } = load
  const now = deps.now()
  const waiting = months.map((period) => ({ period, state: 'waiting' as const }))
  const loading = { id: deps.id(), by, startedAt: now, months: waiting }
  if (!(await claimLoading(scope, source.id, loading, now - stuckMs)))
    throw new Problem('conflict', `${source.name} is being loaded already: wait until that has ended.`, { retry: true })
  if (isPulled(source)) deps.later((slice) => loadMonths(load, loading, slice))
  else await loadMonths(load, loading, { stopping: () => false })
}

async function loadMonths(load: Load, loading: Loading, slice: { stopping(): boolean }): Promise<void> {
  const { deps, scope, tenant, source } = load
  let now = loading
  const tell = async (period: Month, said: Omit<Loading['months'][number], 'period'>) => {
    now = { ...now, months: now.months.map((one) => (one.period === period ? { period, ...said } : one)) }
    await save(scope.db, [saveLoading(scope, source.id, now)])
  }
  for (const { period } of loading.months) {
    const stopped = { state: 'failed' as const, text: 'TrueUp was stopped before: load it again.' }
    await tell(period, slice.stopping() ? stopped : await loadMonth(load, period, (said) => tell(period, said)))
  }
  await placeLines(scope, tenant)
  await save(scope.db, [saveLoading(scope, source.id, { ...now, endedAt: deps.now() })])
}

type Said = Omit<Loading['months'][number], 'period'>

/** One month; what fails is told with it and stops no other. */
async function loadMonth(
  { deps, scope, tenant, source, by }: Load,
  period: Month,
  tell: (said: Said) => Promise<void>,
): Promise<Said> {
  try {
    if (isPulled(source)) await ask(deps, scope, source, period, tell)
    await tell({ state: 'loading' })
    const loaded = await loadLines(deps, scope, tenant, source, period, by)
    if (!loaded) return { state: 'failed', text: 'nothing was sent of this month' }
    const { added, changed, gone } = loaded
    return { state: 'done', text: `${added} new, ${changed} changed, ${gone} gone` }
  } catch (problem) {
    if (problem instanceof Problem) return { state: 'failed', text: problem.message }
    throw problem
  }
}

async function ask(deps: Deps, scope: Scope, source: Source, period: Month, tell: (said: Said) => Promise<void>) {
  let requests = 0
  const keep = () => tell({ state: 'asking', text: `request ${++requests}` })
  await collectFrom(deps, scope, source, { period, isWaitedFor: true, keep })
}
