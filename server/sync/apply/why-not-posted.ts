import { decimalsOf } from '#billing/decimal.ts'
import type { LinePosting } from '#billing/lines/posting.ts'
import { monthName } from '#billing/period.ts'
import { isToBeMade } from '#billing/record.ts'
import type { Intent } from '#db/intents.ts'
import { findLineAddition, type LineAdditionRow } from '#db/line-additions.ts'
import { type LineRow, listLines } from '#db/lines.ts'
import type { AgreementRow } from '#db/mirror.ts'
import { findPlan } from '#db/plans.ts'
import type { Sender } from './sender.ts'

/**
 * Why invoice lines are not written as planned any more: one was changed, posted, left out or mapped elsewhere since,
 * another addition stands for its charge by now, or a later month, or its agreement bills in another currency (FEATURES 4.7).
 */
export async function whyNotPosted(
  { scope }: Sender,
  intent: Intent,
  agreement: AgreementRow | undefined,
): Promise<string | undefined> {
  const { posting, planId } = intent
  if (!posting) return undefined
  const [rows, plan] = [await listLines(scope, { ids: posting.lines }), await findPlan(scope, planId)]
  for (const row of rows) {
    const why = whyNotLine(row, plan?.createdAt ?? 0) ?? whyElsewhere(row, intent) ?? whyNotOn(row, agreement)
    if (why !== undefined) return why
  }
  if (rows.length < posting.lines.length) return 'a line of it is not there any more'
  const there = posting.kind === undefined ? undefined : await findLineAddition(scope, posting.identity)
  return there && whyOther(there, posting, intent, rows)
}

function whyNotLine(row: LineRow, since: number): string | undefined {
  if (row.status === 'synced') return `line ${row.line} is posted as addition ${row.additionId} already`
  if (row.leftOut) return `line ${row.line} is left out now`
  if (row.loadedAt > since || (row.updatedAt ?? 0) > since) return `line ${row.line} was changed`
  if (row.changed !== null) return `its source says something else of line ${row.line} now`
  if (row.goneAt !== null) return `its source does not name line ${row.line} any more`
  return row.mapping === 'mapped' || row.mapping === 'response-error'
    ? undefined
    : `line ${row.line} is ${row.mapping} now`
}

/** A mapping that was changed since the plan sends the line somewhere else (M19). */
function whyElsewhere(row: LineRow, { agreementId, additionId, needs, desired }: Intent): string | undefined {
  const { placedAgreementId: placed, placedAdditionId: named, productId } = row
  const isAwaited = placed !== null && isToBeMade(placed) && needs.includes(`agreement:${placed}`)
  if (placed !== agreementId && !isAwaited) return `line ${row.line} goes to another agreement now`
  if (named !== null && named !== additionId) return `a mapping names addition ${named} for line ${row.line} now`
  const made = 'productId' in desired ? desired.productId : undefined
  const isOther = made !== undefined && productId !== null && !isToBeMade(productId) && productId !== made
  return isOther ? `line ${row.line} is mapped to another product now` : undefined
}

/** What the agreement bills in, which of a new one shows only once it is made (4.7). */
function whyNotOn({ line, currency, companyId, unitCost, unitPrice }: LineRow, agreement: AgreementRow | undefined) {
  if (!agreement) return undefined
  const { body } = agreement
  if (companyId !== null && !isToBeMade(companyId) && companyId !== body.companyId)
    return `line ${line} goes to another company now`
  if (currency === null || body.currency === undefined) return undefined
  if (currency !== body.currency) return `line ${line} is in ${currency}, the agreement bills in ${body.currency}`
  const isFiner = [unitCost, unitPrice].some((amount) => amount !== null && decimalsOf(amount) > body.currencyDecimals)
  return isFiner ? `an amount of line ${line} has more decimals than ${currency}` : undefined
}

/** The addition that stands for a charge is written by no month before the one it follows; a new one may follow its end. */
function whyOther(
  there: LineAdditionRow,
  { period }: LinePosting,
  { additionId, desired }: Intent,
  rows: readonly LineRow[],
): string | undefined {
  const start = 'productId' in desired ? (desired.effectiveOn ?? '') : ''
  if (there.cancelledOn !== null && there.cancelledOn < start) return undefined
  if (there.additionId !== additionId) return `addition ${there.additionId} stands for this charge now`
  const isOwn = rows.some((row) => row.additionId === there.additionId)
  return there.period < period || isOwn ? undefined : `its addition follows ${monthName(there.period)} already`
}
