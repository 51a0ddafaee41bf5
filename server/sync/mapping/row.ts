import * as z from 'zod'
import { compare, type Decimal, decimal, decimalsOf } from '#billing/decimal.ts'
import { excludeProblems, lineRuleProblems, mixedReads, readProblems } from '#billing/overlap.ts'
import type { Read } from '#billing/reading.ts'
import { plainRule, type Rule, ruleProblems, writableFields } from '#billing/rule.ts'

const optional = <T extends z.ZodType>(type: T) => z.exactOptional(type)

const name = z
  .string('must be text')
  .regex(/^[^\p{Cc}\p{Cs}]{1,100}$/u, 'must be 1 to 100 characters without control characters')
  .regex(/^\S(?:.*\S)?$/su, 'must not begin or end with a space')

const recordId = z
  .number('must be the id of a ConnectWise record, a whole number')
  .int('must be the id of a ConnectWise record, a whole number')
  .positive('must be the id of a ConnectWise record, above 0')

const largest = '10000000'

/** An exact decimal, as a JSON number or as text; its sign is the rule's own affair. */
export const number = z.union([z.number(), z.string()], 'must be a number').transform((value, context): Decimal => {
  const text = String(value)
  const read = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) && text.length <= 40 ? decimal(text, 40) : undefined
  if (read !== undefined && decimalsOf(read) <= 4 && compare(read, largest) <= 0) return read
  context.addIssue({ code: 'custom', message: 'must be a number of at most 10,000,000 with at most 4 decimals' })
  return z.NEVER
})

const services = z.array(name, 'must be a list').min(1, 'must name at least one').max(200, 'must name at most 200')

/** A metric, narrowed by services, a SKU by term and subscription (V12, V19), or an offer's charge type by subscription. */
const read = z
  .strictObject(
    {
      metric: optional(name),
      services: optional(services),
      sku: optional(name),
      term: optional(name),
      subscription: optional(name),
      offer: optional(name),
      chargeType: optional(name),
    },
    'must be an object',
  )
  .transform((given, context): Read => {
    const { metric, services: some, sku, offer, chargeType, ...narrowed } = given
    const names = Object.keys(given)
    const has = (...known: string[]) => names.every((one) => known.includes(one))
    if (metric !== undefined && has('metric', 'services')) return { metric, ...(some ? { services: some } : {}) }
    if (sku !== undefined && has('sku', 'term', 'subscription')) return { sku, ...narrowed }
    if (offer !== undefined && chargeType !== undefined && has('offer', 'chargeType', 'subscription'))
      return { offer, chargeType, ...narrowed }
    context.addIssue({ code: 'custom', message: unreadable })
    return z.NEVER
  })

const unreadable =
  'must name a metric, narrowed by services, a sku, narrowed by term and subscription, or an offer with its chargeType, narrowed by subscription'

/** What a mapping reads, one reading or a list of those to be summed. */
export const reads = z
  .preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(read).min(1, 'must name at least one reading').max(50, 'must name at most 50 readings'),
  )
  .superRefine((list, context) => {
    for (const message of [...mixedReads(list), ...readProblems(list)]) context.addIssue({ code: 'custom', message })
  })

const writable = z.enum(writableFields, 'must be quantity, cost or price')

/** A rule as a file writes it: `writeFrom` in place of `write` follows the switches of its source (S3). */
export type FileRule = Rule & { writeFrom?: 'source' }

/** The rule of a mapping as a file writes it. */
export const rule = z
  .strictObject(
    {
      write: optional(
        z
          .array(writable, 'must be a list')
          .min(1, 'must name at least one field')
          .refine((fields) => new Set(fields).size === fields.length, 'names a field twice'),
      ),
      writeFrom: optional(z.literal('source', 'must be source, or absent')),
      prorate: optional(z.boolean('must be true or false')),
      above: optional(number),
      included: optional(number),
      minimum: optional(number),
      maximum: optional(number),
      packSize: optional(number),
      rounding: optional(z.enum(['up', 'down', 'nearest', 'none'], 'must be up, down, nearest or none')),
      exclude: optional(z.array(z.string('must be text'), 'must be a list').min(1, 'must name at least one pattern')),
    },
    'must be an object',
  )
  .refine(({ write, writeFrom }) => write === undefined || writeFrom === undefined, {
    path: ['write'],
    message: 'must be left out where writeFrom is source',
  })
  .transform(({ prorate, ...given }): FileRule => ({ ...plainRule, ...given, ...(prorate ? { prorate } : {}) }))
  .superRefine((given, context) => {
    for (const message of ruleProblems(given)) context.addIssue({ code: 'custom', message })
  })

/** A mapping as INTERFACE writes it. Whatever it does not say is off (M8). */
export const mappingRow = z
  .strictObject(
    {
      source: name,
      account: name,
      reads,
      company: recordId,
      agreement: recordId,
      addition: optional(recordId),
      product: optional(recordId),
      leaveAlone: z.array(recordId, 'must be a list').max(200, 'must name at most 200').default([]),
      include: z.boolean('must be true or false').default(false),
      rule: rule.default(plainRule),
    },
    'must be an object',
  )
  .refine((row) => row.addition !== undefined || row.product !== undefined, {
    path: ['addition'],
    message: 'is missing: name an addition, or a product whose addition is adopted or made',
  })
  .superRefine((row, context) => {
    for (const message of [...lineRuleProblems(row.reads, row.rule), ...excludeProblems(row.reads, row.rule)])
      context.addIssue({ code: 'custom', path: ['rule'], message })
  })
