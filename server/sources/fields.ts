import * as z from 'zod'
import { compare, type Decimal, decimal, decimalsOf } from '#billing/decimal.ts'
import { monthPattern } from '#billing/period.ts'
import { literal } from './exact-json.ts'

const maxQuantity = '10000000'
const maxMoney = '1000000000000'

/** One line of text a person or program wrote, without control characters. */
export const line = (length: number) =>
  z
    .string('must be text')
    .min(1, 'must not be empty')
    .max(length, `must be at most ${length} characters`)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters or broken Unicode')

/** An id or name by which something is found again. */
export const id = line(100).regex(/^\S(?:.*\S)?$/su, 'must not begin or end with a space')

export const flag = z.boolean('must be true or false')
export const currency = z.string('must be text').regex(/^[A-Z]{3}$/, 'must be a currency code such as USD')
export const day = z.iso.date('must be a day that exists, YYYY-MM-DD')
export const period = z.string('must be text').regex(monthPattern, 'must be a month, YYYY-MM')
/** Becomes epoch milliseconds. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be a moment with its zone, 2026-11-21T22:00:00Z' })
  .pipe(z.coerce.date())
  .transform((moment) => moment.getTime())

/** Up to ten million, at most 4 decimals (FEATURES 4.9); `signed` where credits exist. */
export const quantity = (sign: Sign) =>
  exact((value) => {
    if (sign === 'unsigned' && value.startsWith('-')) return 'must not be negative'
    if (compare(value.replace('-', ''), maxQuantity) > 0) return 'must be at most 10,000,000'
    if (decimalsOf(value) > 4) return 'must have at most 4 decimals'
  })

type Sign = 'signed' | 'unsigned'

/** Unit money, at most 10 decimals; `signed` where credits exist. */
export const money = (sign: Sign) =>
  exact((value) => {
    if (sign === 'unsigned' && value.startsWith('-')) return 'must not be negative'
    if (compare(value.replace('-', ''), maxMoney) > 0) return 'must be at most 1,000,000,000,000'
    if (decimalsOf(value) > 10) return 'must have at most 10 decimals'
  })

/** A decimal as text or number, kept to its last digit. */
function exact(wrong: (value: Decimal) => string | undefined) {
  return z.unknown().transform((value, context) => {
    const read = readDecimal(value)
    const message = 'message' in read ? read.message : wrong(read.decimal)
    if (message === undefined && 'decimal' in read) return read.decimal
    context.addIssue({ code: 'custom', message: message ?? 'must be a number' })
    return z.NEVER
  })
}

function readDecimal(value: unknown): { decimal: Decimal } | { message: string } {
  const text = literal(value) ?? value
  if (value === undefined) return { message: 'is missing' }
  if (typeof text !== 'string') return { message: 'must be a number or decimal text such as "2.10"' }
  if (/^-?[\d.]+e/i.test(text)) return { message: 'must be written without an exponent' }
  if (text.length > 40 || !/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text))
    return { message: 'must be a number or decimal text such as "2.10"' }
  return { decimal: decimal(text, 40) }
}
