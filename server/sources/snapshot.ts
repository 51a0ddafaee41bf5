import { z } from 'zod'
import type { InvoiceLine, ReceivedAccount } from './contract.ts'
import { currency, day, flag, id, instant, line, money, period, quantity } from './fields.ts'
import { rows } from './rows.ts'

const optional = <T extends z.ZodType>(type: T) => z.exactOptional(type)

const person = z.strictObject({
  id,
  name: optional(line(200)),
  email: optional(line(320)),
  services: optional(z.array(line(100), 'must be a list').max(200, 'must list at most 200')),
})

const unitMoney = { unitCost: optional(money('unsigned')), unitPrice: optional(money('unsigned')) }

const count = z.strictObject({
  metric: id,
  quantity,
  ...unitMoney,
  currency: optional(currency),
  people: optional(rows(person)),
})

const usage = z.strictObject({
  sku: id,
  name: optional(line(300)),
  quantity,
  ...unitMoney,
  currency: optional(currency),
  subscription: optional(id),
  term: optional(id),
})

const chargeTypes = [
  'CycleFee',
  'PurchaseFee',
  'UsageFee',
  'ItemFee',
  'OneTimeFee',
  'Correction',
  'UserCorrection',
] as const

const invoiceLine = z
  .strictObject({
    id,
    offer: id,
    chargeType: z.enum(chargeTypes, `must be one of ${chargeTypes.join(', ')}`),
    quantity,
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
  .refine((row) => !row.chargeStart || !row.chargeEnd || row.chargeStart <= row.chargeEnd, {
    path: ['chargeEnd'],
    message: 'must not be before chargeStart',
  })

const countsAccount = z.strictObject({ id, name: line(300), counts: rows(count) }).transform(
  ({ counts, ...account }): ReceivedAccount => ({
    ...account,
    readings: counts.map(({ metric, ...rest }) => ({ kind: 'metric', name: metric, ...rest })),
  }),
)

const usageAccount = z.strictObject({ id, name: line(300), usage: rows(usage) }).transform(
  ({ usage: sold, ...account }): ReceivedAccount => ({
    ...account,
    readings: sold.map(({ sku, name, ...rest }) => ({
      kind: 'sku',
      name: sku,
      ...(name === undefined ? {} : { title: name }),
      ...rest,
    })),
  }),
)

const linesAccount = z
  .strictObject({ id, name: line(300), lines: rows(invoiceLine) })
  .transform((account): ReceivedAccount & { lines: InvoiceLine[] } => ({ ...account, readings: [] }))

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
