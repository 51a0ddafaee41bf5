import { multiply, subtract } from '#billing/decimal.ts'
import type { Addition } from '#billing/existing.ts'
import { landsOn } from '#billing/landing.ts'
import { addDays, type Day, firstOf, laterOf, monthName, shiftMonth } from '#billing/period.ts'
import type { AgreementState, PlanInput, PlanRow } from '#billing/plan.ts'
import { closedReason } from '#billing/target.ts'
import { existingFields } from '#billing/wanted.ts'
import type { FullMonths, LineAddition } from './posting.ts'

/**
 * The additions of subscriptions that are gone: a recurring line last month, none in the newest month that is known
 * completely. Only full runs look for them, and every end waits for a person (4.4, P15, G3).
 */
export function goneSubscriptions(input: PlanInput): PlanRow[] {
  const { full = [], additions = [] } = input.lines ?? {}
  return full.flatMap((months) =>
    additions.filter((addition) => isGone(addition, months)).flatMap((addition) => endRow(addition, months, input)),
  )
}

function isGone(addition: LineAddition, { source, isBeforeComplete, accounts, now, before }: FullMonths): boolean {
  const { kind, identity, account, isEndTyped } = addition
  if (!isBeforeComplete || kind !== 'persistent' || isEndTyped || addition.source !== source) return false
  return accounts.has(account) && before.has(identity) && !now.has(identity)
}

function endRow(remembered: LineAddition, months: FullMonths, input: PlanInput): PlanRow[] {
  const { additionId, agreementId } = remembered
  const state = input.agreements.get(agreementId)
  const addition = state?.additions.find(({ id }) => id === additionId)
  if (!state || !addition || state.problem !== undefined || addition.cancelledOn !== undefined) return []
  const last = addDays(firstOf(months.month), -1)
  const cancelledOn = laterOf(last, addition.effectiveOn ?? last)
  return [rowOf(remembered, addition, { state, months, cancelledOn, today: input.today })]
}

function rowOf(
  { source, account, identity }: LineAddition,
  addition: Addition,
  { state, months, cancelledOn, today }: { state: AgreementState; months: FullMonths; cancelledOn: Day; today: Day },
): PlanRow {
  const month = monthName(months.month)
  const closed = closedReason(state.agreement, today)
  const gone = `no line of its subscription in ${month}, and one in ${monthName(shiftMonth(months.month, -1))}`
  const { quantity = '0', price } = existingFields(addition)
  return {
    key: `addition:${addition.id}`,
    change: 'cancel',
    posting: { lines: [], source, account, identity, period: months.month, closes: true },
    source,
    accounts: [account],
    mappings: [],
    companyId: state.agreement.companyId,
    agreementId: state.agreement.id,
    additionId: addition.id,
    productId: addition.productId,
    before: { cancelledOn: null },
    after: { cancelledOn },
    holds: [
      { guard: 'G3', text: `ends on ${cancelledOn}: ${gone}` },
      ...(closed === undefined ? [] : [{ guard: 'G21', text: closed, block: true as const }]),
    ],
    reason: `${gone}${landsOn(state.agreement)}`,
    ...(price === undefined ? {} : { amount: subtract('0', multiply(quantity, price)) }),
    outcome: 'pending',
    attention: false,
  }
}
