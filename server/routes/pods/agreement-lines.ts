import { billedWith } from '#billing/billed-with.ts'
import type { Addition } from '#billing/existing.ts'
import { gridOf, periodAt, periodName } from '#billing/grid.ts'
import type { Line } from '#billing/line.ts'
import { addDays } from '#billing/period.ts'
import type { AgreementState } from '#billing/plan.ts'
import { blank, type DatedLine } from '#billing/proration.ts'
import { termsOf } from '#billing/timing.ts'
import type { AdditionLine } from '#views/pods/addition-lines.tsx'
import { additionLine, detailPath } from './addition-line.ts'
import type { PodState } from './pod.ts'

/** How long a line that has done its work is still shown after its last day. */
const shownDays = 62

type Part = Pick<DatedLine, 'standingId' | 'kind' | 'period' | 'day'>

interface Shown {
  money: boolean
  /** Whether lines may be ticked. */
  ticking?: boolean
  /** The agreement and its additions, as far as they are known. */
  here: AgreementState | undefined
  /** TrueUp's lines for parts of periods on it. */
  dated: readonly DatedLine[]
}

/** An agreement's lines, and under each standing line those for parts of its periods (FEATURES 8.3). */
export function agreementLines(state: PodState, agreementId: number, shown: Shown): AdditionLine[][] {
  const lines = state.lines.filter((line) => line.agreementId === agreementId)
  const standing = lines.filter((line) => partOf(line, shown.dated) === undefined)
  const ticking = shown.ticking === true && standing.length > 1
  const groups = standing.map((line) => [
    additionLine(state, line, { money: shown.money, ticking }),
    ...partsUnder(state, lines, shown, (part) => part.standingId === line.additionId),
  ])
  const known = new Set(standing.map(({ additionId }) => additionId))
  const left = partsUnder(state, lines, shown, ({ standingId }) => !known.has(standingId))
  return left.length > 0 ? [...groups, left] : groups
}

/** What is to be written of them first, then what stands. */
function partsUnder(
  state: PodState,
  lines: readonly Line[],
  shown: Shown,
  isUnder: (part: Part) => boolean,
): AdditionLine[] {
  const planned = lines.flatMap((line) => {
    const part = partOf(line, shown.dated)
    return part && isUnder(part) ? plannedPart(state, line, part, shown) : []
  })
  const spoken = new Set(lines.map(({ additionId }) => additionId))
  const made = shown.dated.filter((line) => isUnder(line) && !spoken.has(line.additionId))
  return [...planned, ...made.flatMap((line) => madePart(state, line, shown))]
}

/** Which part of a period a line is about; undefined for a standing line. */
const partOf = ({ additionId, draft }: Line, dated: readonly DatedLine[]): Part | undefined =>
  draft?.record === 'addition' ? draft : dated.find((line) => line.additionId === additionId)

function plannedPart(state: PodState, line: Line, part: Part, { here, money }: Shown): AdditionLine {
  const { counts: _, ...shown } = additionLine(state, line, { money })
  return { ...shown, name: nameOf(part, here), under: true }
}

/** One that nothing is to be written of: while it may still be invoiced, and a while after. */
function madePart(state: PodState, line: DatedLine, { here, money }: Shown): AdditionLine[] {
  const addition = here?.additions.find(({ id }) => id === line.additionId)
  const isOld = (day: string) => day < addDays(state.input.today, -shownDays)
  const name = nameOf(line, here)
  if (!here || !addition)
    return isOld(line.day) ? [] : [{ name, under: true, state: 'gone', reasons: [goneText], quantity: '0' }]
  const { id, quantity, cancelledOn, unitCost: cost, unitPrice: price } = addition
  if (cancelledOn !== undefined && isOld(cancelledOn)) return []
  const billed = billedOf(state, line, { here, addition })
  return [
    {
      name,
      under: true,
      id,
      quantity,
      state: billed?.isInvoiced ? 'invoiced' : 'written',
      reasons: quantity === '0' ? [nothingText] : [daysOf(addition), ...(billed ? [billed.text] : [])],
      detail: detailPath(addition),
      ...(money && cost !== undefined ? { cost } : {}),
      ...(money && price !== undefined ? { price } : {}),
    },
  ]
}

const goneText = 'Removed in ConnectWise. TrueUp does not make it again.'
const nothingText = 'Counted again that day: nothing is billed of it.'

function nameOf({ kind, period }: Part, here: AgreementState | undefined): string {
  const grid = here && gridOf(here.agreement)
  return `${kind === 'dated' ? 'Part of' : 'Catch-up of'} ${grid ? periodName(periodAt(grid, period)) : period}`
}

function daysOf({ effectiveOn, cancelledOn }: Addition): string {
  if (cancelledOn === undefined)
    return `From ${effectiveOn ?? 'the start'}; it ends with its period once that is invoiced.`
  return effectiveOn === cancelledOn ? `On ${cancelledOn}.` : `From ${effectiveOn ?? 'the start'} to ${cancelledOn}.`
}

/** Which invoice it is on; undefined where what is invoiced is not known. */
function billedOf(
  { input }: PodState,
  line: DatedLine,
  { here, addition }: { here: AgreementState; addition: Addition },
): { isInvoiced: boolean; text: string } | undefined {
  const { timing } = termsOf(here, input.today)
  if (!timing) return undefined
  const { period, isInvoiced } = billedWith(line, addition, input.prorations?.get(line.standingId) ?? blank, timing)
  const when = isInvoiced ? 'which is invoiced' : `next invoice ${timing.next}`
  return { isInvoiced, text: `Billed with ${periodName(period)}, ${when}.` }
}
