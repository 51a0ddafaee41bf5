import type { Line } from '#billing/line.ts'
import { listChanges, listLastWrites } from '#db/changes.ts'
import { type LineTerms, listLineTerms } from '#db/lines-pods.ts'
import type { MappingRow } from '#db/mappings.ts'
import type { AgreementRow } from '#db/mirror.ts'
import { findPlanWaitingFor } from '#db/pods.ts'
import { findNewestRun } from '#db/runs.ts'
import { listSchedules } from '#db/schedules.ts'
import { listSources, type Source } from '#db/sources.ts'
import { isInstallationStopped } from '#db/tenants.ts'
import { moneyWords } from '#routes/money-words.ts'
import type { Deps } from '#server/deps.ts'
import { listReadable, maySeeMoney } from '#session/rights.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { type Expected, expectedRuns } from '#sync/next-run.ts'
import { type Outlook, outlookOf } from '#sync/outlook.ts'
import { whyDisabled } from '#sync/settings/disable.ts'

/** What both pods are made of: all of it is stored, nothing is asked of ConnectWise but the member's rights. */
export interface PodState extends Outlook {
  viewer: Viewer
  now: number
  mappings: readonly MappingRow[]
  /** Those the member may read. */
  agreements: readonly AgreementRow[]
  hidden: number
  sources: readonly Source[]
  expected: Expected
  stopped: string | undefined
  lastRun: Awaited<ReturnType<typeof findNewestRun>>
  waiting: Awaited<ReturnType<typeof findPlanWaitingFor>>
  /** What the lines that wait come to, in words, as far as the member may see it. */
  heldMoney: readonly string[]
  changes: Awaited<ReturnType<typeof listChanges>>
  writes: Awaited<ReturnType<typeof listLastWrites>>
  /** What invoice lines bill on these agreements. */
  terms: readonly LineTerms[]
}

/** Reads a pod's state for what is mapped to these agreements, as far as the viewer may read them. */
export async function loadPod(
  deps: Deps,
  viewer: Viewer,
  found: { mappings: readonly MappingRow[]; agreements: readonly AgreementRow[] },
): Promise<PodState> {
  const { scope, tenant } = viewer
  const ids = [...new Set([...found.agreements.map(({ id }) => id), ...found.mappings.map((row) => row.agreementId)])]
  const [readable, sources, schedules, lastRun, isStopped] = await Promise.all([
    readableOf(deps, viewer, ids, found.agreements),
    listSources(scope),
    listSchedules(scope),
    findNewestRun(scope),
    isInstallationStopped(deps.db),
  ])
  const agreements = found.agreements.filter(({ id }) => readable.has(id))
  const mappings = found.mappings.filter(({ agreementId }) => readable.has(agreementId))
  const named = found.mappings.map(({ account }) => account)
  const known = {
    mappings,
    agreements,
    sources: sources.filter((source) => isNamed(found.mappings, source)),
    accounts: [...new Set(named)],
  }
  const outlook = await outlookOf(deps, scope, tenant, known)
  const additions = outlook.lines.flatMap(({ additionId }) => additionId ?? [])
  const [waiting, changes, writes, terms] = await Promise.all([
    findPlanWaitingFor(
      scope,
      mappings.map(({ id }) => id),
      agreements.map(({ id }) => id),
    ),
    listChanges(scope, additions, 1),
    listLastWrites(
      scope,
      outlook.lines.map(({ key }) => key),
    ),
    listLineTerms(
      scope,
      agreements.map(({ id }) => id),
    ),
  ])
  const expected = tenant.disabledAt === null ? expectedRuns(schedules, deps.now()) : {}
  const heldMoney = waiting ? await moneyHeld(deps, viewer, outlook) : []
  const stopped = whyStopped(viewer, isStopped)
  const hidden = ids.filter((id) => !readable.has(id)).length
  return {
    ...outlook,
    viewer,
    now: deps.now(),
    mappings,
    agreements,
    hidden,
    sources,
    expected,
    stopped,
    lastRun,
    waiting,
    heldMoney,
    changes,
    writes,
    terms,
  }
}

/** Whether a line waits for an approval or a choice. */
export const isHeld = ({ state }: Line): boolean => state === 'held' || state === 'conflict'

async function moneyHeld(deps: Deps, viewer: Viewer, { lines, input }: Outlook): Promise<string[]> {
  const held = lines.filter(isHeld)
  const ids = [...new Set(held.flatMap(({ agreementId }) => agreementId ?? []))]
  const seen = await Promise.all(ids.map(async (id) => ((await maySeeMoney(deps, viewer, id)) ? id : undefined)))
  const sums = held.flatMap(({ amount, agreementId, draft }) => {
    const agreement = input.agreements.get(agreementId ?? 0)?.agreement
    if (amount === undefined || !agreement || !seen.includes(agreement.id)) return []
    const { currency = input.currency ?? null, billingCycle } = agreement
    return { amount, currency, billingCycle, once: draft?.record === 'addition' }
  })
  return moneyWords(sums)
}

/** A deleted agreement can be read by nobody any more: that it is gone is told to those who can map anew. */
async function readableOf(
  deps: Deps,
  viewer: Viewer,
  ids: readonly number[],
  known: readonly AgreementRow[],
): Promise<ReadonlySet<number>> {
  const gone = known.filter((row) => row.gone).map(({ id }) => id)
  const asked = ids.filter((id) => !gone.includes(id))
  const readable = asked.length > 0 ? await listReadable(deps, viewer, 'agreement', asked) : []
  return new Set([...readable, ...(includesRole(viewer.role, 'finance') ? gone : [])])
}

/** Whether any of these mappings reads from a source. */
export const isNamed = (mappings: readonly MappingRow[], { id }: Source): boolean =>
  mappings.some(({ sourceId }) => sourceId === id)

/** Why nothing is written for this tenant at all, in words (G16, G24). */
function whyStopped({ tenant }: Viewer, isInstallStopped: boolean): string | undefined {
  if (tenant.disabledAt !== null) return whyDisabled(tenant)
  if (tenant.mode === 'reconcile') return 'Restored from a backup: nothing is written until an admin has reconciled it.'
  if (tenant.killSwitch || isInstallStopped) return 'The kill switch is on: nothing is written.'
  if (tenant.mode === 'observe')
    return 'Observing: nothing is written by schedule until a first plan has been approved.'
  return undefined
}
