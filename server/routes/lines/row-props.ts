import { findLineHolds } from '#db/line-holds.ts'
import type { LineRow } from '#db/lines.ts'
import type { Deps } from '#server/deps.ts'
import { listMoneyReadable } from '#session/rights.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import type { LineDetail } from '#views/lines/line.ts'
import type { RowProps } from '#views/lines/row.tsx'
import { loadLineNames, viewOf } from './line-view.ts'
import { saidOf } from './said.ts'

interface Shown {
  isOpen: boolean
  /** What was just typed and refused. */
  typed?: { start: string | undefined; end: string | undefined }
  errors?: Record<string, string>
}

/** One line as its row shows it, open or closed. */
export async function rowProps(deps: Deps, viewer: Viewer, row: LineRow, shown: Shown): Promise<RowProps> {
  const seesMoney = await mayTellMoney(deps, viewer, row)
  const names = await loadLineNames(viewer, [row])
  const waits = shown.isOpen && row.status === 'held' ? await findLineHolds(viewer.scope, row.id) : undefined
  return {
    line: viewOf(viewer, row, names, seesMoney),
    acts: includesRole(viewer.role, 'finance'),
    seesMoney,
    zone: viewer.tenant.zone,
    ...(shown.isOpen ? { detail: detailOf(row, waits, seesMoney, shown) } : {}),
  }
}

/** Without an agreement there is no price yet that ConnectWise could keep from anybody who sees prices here at all. */
async function mayTellMoney(deps: Deps, viewer: Viewer, { placedAgreementId }: LineRow): Promise<boolean> {
  if (!includesRole(viewer.role, 'finance')) return false
  if (placedAgreementId === null) return true
  return (await listMoneyReadable(deps, viewer, [placedAgreementId])).size > 0
}

type Waits = Awaited<ReturnType<typeof findLineHolds>>

function detailOf(row: LineRow, waits: Waits, seesMoney: boolean, shown: Shown): LineDetail {
  const { typed, errors = {} } = shown
  const startsOn = waits?.holds.find(({ startOn }) => startOn !== undefined)?.startOn
  return {
    said: saidOf(row.said, seesMoney),
    typed: { start: row.typedStart ?? '', end: row.typedEnd ?? '' },
    fields: { start: typed?.start ?? row.effectiveOn, end: typed?.end ?? row.cancelledOn ?? '' },
    errors,
    isAgreementChosen: row.agreementId !== null,
    ...(startsOn === undefined ? {} : { startsOn }),
    ...(waits ? { plan: waits.planId } : {}),
    ...(row.postedAt === null ? {} : { posted: { at: row.postedAt, ...additionOf(row) } }),
  }
}

const additionOf = ({ additionId }: LineRow) => (additionId === null ? {} : { addition: additionId })
