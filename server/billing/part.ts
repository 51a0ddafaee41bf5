import { type Decimal, multiply, share } from './decimal.ts'
import type { Agreement } from './existing.ts'
import { daysIn, type Period, periodName } from './grid.ts'
import { earlierOf, laterOf } from './period.ts'
import type { Part } from './proration.ts'

/** The days of a part that are billed; none when the agreement ends before. */
export function billedDays({ period, day }: Part, { endOn }: Agreement): Period | undefined {
  const days = { from: laterOf(day, period.from), to: endOn === undefined ? period.to : earlierOf(period.to, endOn) }
  return days.from > days.to ? undefined : days
}

/** `2 from 2026-11-17 to 2026-11-30, 14 of the 30 days of November 2026`. */
export function partWords(part: Part, agreement: Agreement): string {
  const days = billedDays(part, agreement)
  if (!days) return ''
  const ofPeriod = `${daysIn(days)} of the ${daysIn(part.period)} days of ${periodName(part.period)}`
  return `${part.quantity} from ${days.from} to ${days.to}, ${ofPeriod}`
}

/** quantity × unit amount × days ÷ days of the period, rounded on the extended amount. */
export function amountOf(part: Part, unit: Decimal | undefined, agreement: Agreement): Decimal | undefined {
  const days = billedDays(part, agreement)
  if (unit === undefined || !days) return undefined
  return share(multiply(part.quantity, unit), daysIn(days), daysIn(part.period), agreement.currencyDecimals)
}
