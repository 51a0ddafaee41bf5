import * as z from 'zod'
import type { InvoiceLine } from '#billing/lines/line.ts'
import type { ReceivedAccount, ReceivedReading } from './contract.ts'
import { currency, day, flag, id, instant, line, money, period, quantity } from './fields.ts'
import { rows } from './rows.ts'

const optional = <T extends z.ZodType>(type: T) => z.exactOptional(type)

export const person = z.strictObject({
  id,
  name: optional(line(200)),
  email: optional(line(320)),
  services: optional(z.array(line(100), 'must be a list').max(200, 'must list at most 200')),
})

const unitMoney = { unitCost: optional(money('unsigned')), unitPrice: optional(money('unsigned')) }

const count = z.strictObject({
  metric: id,
  quantity: quantity('unsigned'),
  ...unitMoney,
  currency: optional(currency),
  people: optional(rows(person)),
})

const usage = z.strictObject({
  sku: id,
  name: optional(line(300)),
  quantity: quantity('unsigned'),
  ...unitMoney,
  currency: optional(currency),
  subscription: optional(id),
  term: optional(id),
})

/** A charge type nobody knows waits for an admin, and an end before the start is put right, both where it is loaded (4.2). */
const invoiceLine = z.strictObject({
  id,
  offer: id,
  chargeType: id,
  quantity: quantity('signed'),
  subscription: optional(id),
  subscriptionName: optional(line(300)),
  billingCycle: optional(line(100)),
  chargeStart: optional(day),
  chargeEnd: optional(day),
  unitCost: optional(money('signed')),
  unitPrice: optional(money('signed')),
  currency: optional(currency),
  invoice: optional(id),
  invoicedOn: optional(day),
  custom: optional(flag),
})

/** One text for lines that say the same. */
export const wordingOf = (row: unknown): string => {
  const { data } = invoiceLine.safeParse(row)
  return JSON.stringify(data ?? null)
}

const named = { id, name: line(300) }

const readingOfCount = ({ metric, ...rest }: z.output<typeof count>): ReceivedReading => ({
  kind: 'metric',
  name: metric,
  ...rest,
})

const readingOfUsage = ({ sku, name, ...rest }: z.output<typeof usage>): ReceivedReading => ({
  kind: 'sku',
  name: sku,
  ...(name === undefined ? {} : { title: name }),
  ...rest,
})

const countsAccount = z
  .strictObject({ ...named, counts: rows(count) })
  .transform(({ counts, ...account }): ReceivedAccount => ({ ...account, readings: counts.map(readingOfCount) }))

const usageAccount = z
  .strictObject({ ...named, usage: rows(usage) })
  .transform(({ usage: sold, ...account }): ReceivedAccount => ({ ...account, readings: sold.map(readingOfUsage) }))

const linesAccount = z
  .strictObject({ ...named, lines: rows(invoiceLine) })
  .transform(({ lines, ...account }): ReceivedAccount & { lines: InvoiceLine[] } => ({
    ...account,
    readings: [],
    lines: once(lines),
  }))

/** What is said twice in the same words is one line; other words are refused (`findRepeats`). */
const once = (lines: readonly InvoiceLine[]): InvoiceLine[] => [...new Map(lines.map((one) => [one.id, one])).values()]

/** The body of `POST /api/v1/snapshots` around its accounts (INTERFACE). */
export const head = z.strictObject({
  kind: z.enum(['counts', 'usage', 'invoice-lines'], 'must be counts, usage or invoice-lines'),
  period,
  takenAt: instant,
  complete: flag,
  accounts: z.array(z.unknown(), 'must be a list'),
})

/** One account of each kind of snapshot. */
export const accountOf = { counts: countsAccount, usage: usageAccount, 'invoice-lines': linesAccount }

/** An account without its numbers, and one number or line of each kind of snapshot, where they come row by row. */
export const accountHead = z.strictObject(named)
export const rowOf = {
  counts: count.transform(readingOfCount),
  usage: usage.transform(readingOfUsage),
  'invoice-lines': invoiceLine,
}

/** One account is one row, and the narrower of the two databases takes 2 MB a row. */
const mostPerAccount = 1_000_000
export const tooLarge = 'must be at most 1,000,000 characters of JSON'
export const isTooLarge = (account: ReceivedAccount): boolean => JSON.stringify(account).length > mostPerAccount
