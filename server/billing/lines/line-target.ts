import { latest } from '#billing/period.ts'
import type { AgreementState, Hold, PlanInput, PlanRow } from '#billing/plan.ts'
import { isToBeMade } from '#billing/record.ts'
import { closedReason } from '#billing/target.ts'
import type { LoadedLine } from './line.ts'
import type { LinePosting } from './posting.ts'
import { postingOf } from './posting-of.ts'

/** A line whose place is there and open. */
export interface LineTarget {
  line: LoadedLine
  state: AgreementState
  productId: number
}

/** Why a line is written nowhere in this run. */
export type NoLineTarget = { line: LoadedLine } & (
  | { verdict: 'skipped'; reason: string; attention?: true }
  | { verdict: 'failed'; reason: string }
  | { verdict: 'blocked'; hold: Hold }
)

/** Where a line is written, as far as mappings, people and ConnectWise let it (4.6, 4.13, M18, G21). */
export function targetOf(line: LoadedLine, input: PlanInput): LineTarget | NoLineTarget {
  const skipped = whySkipped(line)
  if (skipped) return { line, verdict: 'skipped', ...skipped }
  const { companyId, agreementId, productId } = line.place
  if (companyId === undefined || productId === undefined) return { line, verdict: 'skipped', reason: 'unmapped' }
  if (agreementId === undefined) return { line, verdict: 'skipped', reason: noType, attention: true }
  if (input.companies.get(companyId)?.deleted) {
    const reason = `parked: company ${companyId} was deleted in ConnectWise`
    return { line, verdict: 'skipped', reason, attention: true }
  }
  const state = input.agreements.get(agreementId)
  if (!state) return { line, verdict: 'blocked', hold: closed(ofMade(agreementId, input, whyGone(agreementId))) }
  if (state.problem !== undefined) return { line, verdict: 'failed', reason: state.problem }
  const refusal = whyRefused(state, companyId, line, input)
  return refusal === undefined ? { line, state, productId } : { line, verdict: 'blocked', hold: closed(refusal) }
}

/** Everything else is known, and no agreement could be wanted for it (M28, 4.3). */
const noType =
  'unmapped: ConnectWise does not offer the default agreement type any more: choose another (Settings › Configuration)'

function whySkipped(line: LoadedLine): { reason: string; attention?: true } | undefined {
  const { place, said, leftOut, gone, kind } = line
  if (place.mapping === 'excluded') return { reason: 'excluded' }
  if (leftOut) return { reason: 'left out by a person' }
  if (gone) return { reason: 'its source does not name it any more' }
  if (kind === undefined)
    return { reason: `unknown charge type ${said.chargeType}: an admin says whether it is recurring or one-time` }
  const because = place.lacks === undefined ? '' : `: ${place.lacks}`
  switch (place.mapping) {
    case 'unmapped':
      return { reason: `unmapped${because}` }
    case 'response-error':
      return { reason: `Response Error${because}` }
    case 'parked':
      return { reason: `parked${because}`, attention: true }
    case 'mapped':
      return undefined
  }
}

const whyGone = (agreementId: number): string =>
  isToBeMade(agreementId)
    ? 'the agreement that was to be made is not wanted any more'
    : `agreement ${agreementId} no longer exists in ConnectWise`

/** One that was made for its company is not made again (4.3). */
const ofMade = (agreementId: number, { lines }: PlanInput, reason: string): string =>
  lines?.made?.has(agreementId) ? `the agreement created for this company has ended: ${reason}` : reason

function whyRefused({ agreement }: AgreementState, companyId: number, { dates }: LoadedLine, input: PlanInput) {
  const { id, endOn } = agreement
  if (agreement.companyId !== companyId)
    return `agreement ${id} belongs to company ${agreement.companyId}, not ${companyId}`
  const reason = closedReason(agreement, input.today)
  if (reason !== undefined) return ofMade(id, input, reason)
  if (endOn === undefined || dates.effectiveOn <= endOn) return undefined
  return `agreement ${id} ends on ${endOn}, before the line starts on ${dates.effectiveOn}`
}

const closed = (text: string): Hold => ({ guard: 'G21', text, block: true })

/** The row of a line that has a place. */
export function rowOf({ line, state, productId }: LineTarget, said: Partial<PlanRow> & Pick<PlanRow, 'key'>): PlanRow {
  return {
    ...blankRow([line]),
    companyId: state.agreement.companyId,
    agreementId: state.agreement.id,
    productId,
    ...said,
  }
}

/** The row of lines that are not written, as far as it is known where they would go: who may not read that is told nothing. */
export function rowWithoutTarget(lines: readonly LoadedLine[], said: Partial<PlanRow> & Pick<PlanRow, 'key'>): PlanRow {
  const places = lines.map(({ place }) => place)
  const companyId = places.find((place) => place.companyId !== undefined)?.companyId
  const agreementId = shared(places.map((place) => place.agreementId))
  const productId = shared(places.map((place) => place.productId))
  return {
    ...blankRow(lines),
    ...(companyId === undefined ? {} : { companyId }),
    ...(agreementId === undefined ? {} : { agreementId }),
    ...(productId === undefined ? {} : { productId }),
    posting: withoutAddition(lines, said.key),
    ...said,
  }
}

/** What all of them have. */
const shared = <T>([first, ...others]: readonly T[]): T | undefined =>
  others.every((one) => one === first) ? first : undefined

function blankRow(lines: readonly LoadedLine[]) {
  const [first] = lines
  const snapshot = first?.snapshot
  return {
    source: first?.source ?? '',
    ...(snapshot === undefined ? {} : { snapshot }),
    accounts: [...new Set(lines.map(({ account }) => account))],
    mappings: [],
    before: {},
    after: {},
    holds: [],
    reason: '',
    outcome: 'pending' as const,
    attention: false,
  }
}

const withoutAddition = (lines: readonly LoadedLine[], identity: string): LinePosting => ({
  lines: lines.map(({ id }) => id),
  source: lines[0]?.source ?? '',
  account: lines[0]?.account ?? '',
  identity,
  period: latest(lines.map(({ period }) => period)),
})

/** An addition that a person ended or deleted is neither written nor made again (4.11, M21). */
export const parkedRow = (target: LineTarget, additionId: number, reason: string): PlanRow =>
  rowOf(target, {
    key: `addition:${additionId}`,
    posting: postingOf(target.line),
    additionId,
    outcome: 'skipped',
    reason: `parked: ${reason}`,
    attention: true,
  })
