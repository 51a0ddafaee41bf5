import * as z from 'zod'
import { type Decimal, decimal } from '#billing/decimal.ts'
import type { Day } from '#billing/period.ts'

/** The shapes in which ConnectWise writes numbers, days and references, read into ours. */

const plainNumber = z.string().regex(/^\s*-?\d{1,15}(\.\d{1,30})?([eE][+-]?\d{1,2})?\s*$/, 'is not a number')

const exact = (places: number) =>
  z
    .union([z.number(), plainNumber])
    .transform((value): Decimal => decimal(typeof value === 'string' ? value.trim() : value, places))

/** Required: an addition without a quantity is a broken record. */
export const quantity = exact(4)
export const quantityOrZero = quantity.nullish().transform((value): Decimal => value ?? '0')
export const money = exact(10)
  .nullish()
  .transform((value): Decimal | undefined => value ?? undefined)

export const whole = z
  .union([z.number(), z.string().regex(/^\d{1,15}$/, 'is not a number')])
  .transform(Number)
  .pipe(z.number().int().nonnegative())
export const id = whole.refine((value) => value > 0, 'is not an id')
export const text = z
  .string()
  .nullish()
  .transform((value): string => value ?? '')
export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false)

const dayOf = (value: string): Day | undefined => /^(\d{4}-\d{2}-\d{2})(T|$)/.exec(value)?.[1]

/** A date-time's calendar day as it is written, without any zone arithmetic (U23); absent, null and empty are all none. */
export const day = z
  .string()
  .nullish()
  .refine((value) => !value || dayOf(value) !== undefined, 'is not a date')
  .transform((value): Day | undefined => (value ? dayOf(value) : undefined))

/** As `day`, for a field that is documented as any text: what is not a date is none. */
export const loosely = z
  .string()
  .nullish()
  .transform((value): Day | undefined => dayOf(value ?? ''))

/** One of the documented words; any other is as good as none. */
export const oneOf = <Word extends string>(...words: [Word, ...Word[]]) =>
  z
    .enum(words)
    .nullish()
    .catch(undefined)
    .transform((value) => value ?? undefined)

/** A reference that may be absent. */
export const named = z.object({ id: id.nullish(), name: text }).nullish()

/** A day in the form that ConnectWise takes. */
export const writeDay = (value: Day): string => `${value}T00:00:00Z`
