import type { FullMonths } from '#billing/lines/posting.ts'
import type { Creation } from '#db/creations.ts'
import type { Scope } from '#db/db.ts'
import { listLineAdditions } from '#db/line-additions.ts'
import type { LineRow } from '#db/lines.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import type { About } from '#sync/asked.ts'
import type { Lease } from '#sync/lease.ts'
import type { Place } from '#sync/mirror.ts'
import { foreseeAgreements, needsAgreement, wantAgreements } from './agreements.ts'
import { isFull, type LineRun, listAskedLines } from './asked-lines.ts'
import { goneIn, loadFullMonths } from './full-months.ts'
import { invoiceMonths, isToLoad, listLineSources } from './line-sources.ts'
import { loadLines } from './load.ts'
import { placeLines } from './place.ts'

interface Work {
  deps: Deps
  scope: Scope
  tenant: Tenant
  lease: Lease
}

/** The invoice lines of a run, and what was said where it is a full one. */
export interface LineWork {
  rows: readonly LineRow[]
  full: readonly FullMonths[]
  /** Agreements that would be made, by company: in a dry run they are wanted nowhere else. */
  made: ReadonlyMap<number, number>
}

/** Loads the months of a run's sources of invoice lines of which something new was told. A run about parts loads nothing. */
export async function loadMonths(
  { deps, scope, tenant, lease }: Work,
  run: About & { startedBy?: string },
): Promise<void> {
  if (!isFull(run)) return
  for (const source of await listLineSources(scope, run))
    for (const period of invoiceMonths(source, tenant, deps.now())) {
      await lease.keep()
      if (await isToLoad(scope, source, period))
        await loadLines(deps, scope, tenant, source, period, run.startedBy ?? 'TrueUp')
    }
}

/**
 * Works out where the run's lines go, with the agreements that have to be made for them (FEATURES 4.3): wanted from now on,
 * or only foreseen. Undefined: the run is about no invoice lines. Throws a Problem when selected ones cannot be posted.
 */
export async function prepareLines(
  { deps, scope, tenant }: Work,
  run: LineRun,
  foreseen?: readonly Creation[],
): Promise<{ places: Place[]; wanted: readonly Creation[] } | undefined> {
  if (run.lines !== null && run.lines.length > 0 && tenant.defaultAgreementTypeId === null) throw noType
  await placeLines(scope, tenant, whichOf(run))
  const rows = await listAskedLines(scope, tenant, run, deps.now())
  if (!rows) return undefined
  const work = { deps, scope, tenant }
  const wanted = foreseen ? await foreseeAgreements(work, rows, foreseen) : []
  if (!foreseen && rows.some(needsAgreement) && (await wantAgreements(work, rows)) > 0)
    await placeLines(scope, tenant, whichOf(run))
  const now = (await listAskedLines(scope, tenant, run, deps.now())) ?? []
  return { places: [...now.flatMap(placeOf), ...(await gonePlaces(scope, run))], wanted }
}

/** Only the selected lines are placed anew, where some are; none of a run about mappings. */
const whichOf = ({ lines, mappings }: LineRun) =>
  lines !== null || mappings !== null ? { ids: lines ?? [] } : undefined

const noType = new Problem(
  'invalid',
  'Choose the default agreement type first (Settings › Configuration): no invoice line is posted before.',
)

/** The run's lines as they are placed once ConnectWise was read. */
export async function listLineWork(
  { deps, scope, tenant }: Pick<Work, 'deps' | 'scope' | 'tenant'>,
  run: LineRun,
  wanted: readonly Creation[] = [],
): Promise<LineWork | undefined> {
  await placeLines(scope, tenant, whichOf(run))
  const rows = await listAskedLines(scope, tenant, run, deps.now())
  if (!rows) return undefined
  const made = wanted.flatMap(({ id, draft }) => (draft.record === 'agreement' ? [[draft.companyId, id] as const] : []))
  return { rows, full: isFull(run) ? await fullOf(scope, run) : [], made: new Map(made) }
}

const fullOf = async (scope: Scope, run: About) => loadFullMonths(scope, await listLineSources(scope, run))

const placeOf = ({ mapping, leftOut, goneAt, companyId, placedAgreementId, productId }: LineRow): Place[] =>
  (mapping === 'mapped' || mapping === 'response-error') && !leftOut && goneAt === null
    ? [
        {
          companyId: companyId ?? 0,
          ...(placedAgreementId === null ? {} : { agreementId: placedAgreementId }),
          ...(productId === null ? {} : { productId }),
        },
      ]
    : []

/** Where the additions are of subscriptions that are gone, which a full run may end (FEATURES 4.4). */
async function gonePlaces(scope: Scope, run: About): Promise<Place[]> {
  if (!isFull(run)) return []
  const full = await fullOf(scope, run)
  const gone = new Set(full.flatMap(goneIn))
  if (gone.size === 0) return []
  const accounts = full.flatMap(({ source, accounts: names }) => [...names].map((name) => [source, name] as const))
  const additions = await listLineAdditions(scope, { accounts })
  return additions
    .filter(({ identity, closedAt }) => closedAt === null && gone.has(identity))
    .map(({ agreementId }) => ({ agreementId }))
}
