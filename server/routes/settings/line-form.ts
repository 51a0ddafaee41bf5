import * as z from 'zod'
import { cycleOf } from '#billing/lines/charge-dates.ts'
import { isUnknownCharge, namedCharges } from '#billing/lines/charge-types.ts'
import type { ChargeKind } from '#billing/lines/line.ts'
import type { EndRule, StartRule } from '#billing/lines/settings.ts'
import type { Typed } from '#routes/form.ts'
import type { LineRules } from '#sync/lines/line-settings.ts'

const longestName = 100
const mostRows = 200

const endRule = z.enum(
  ['source', 'last-of-start-month', 'last-of-invoice-month', 'first-of-following-month', 'never'] satisfies EndRule[],
  'one of the rules offered',
)
const startRule = z.enum(
  ['first-of-start-month', 'first-of-invoice-month', 'first-of-following-month', 'invoice-date'] satisfies StartRule[],
  'one of the rules offered',
)
const kind = z.enum(['recurring', 'one-time'] satisfies ChargeKind[], 'recurring or one-time')
const chargeName = z
  .string()
  .max(longestName, `at most ${longestName} characters`)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'one line')

/** What a form says of the rules, and what is wrong by field. */
export interface ReadRules {
  rules: LineRules
  errors: Record<string, string>
}

/**
 * The rules as a form has them. Billing cycles and unknown charge types are named in fields of their own (`cycle.0` beside
 * `start.0`), because they may be any text. An empty field is no rule.
 */
export function readRules(typed: Typed): ReadRules {
  const errors: Record<string, string> = {}
  const read = <Value extends string>(field: string, schema: z.ZodType<Value>): Value | undefined => {
    const said = (typed[field] ?? '').trim()
    const parsed = said === '' ? undefined : schema.safeParse(said)
    if (parsed && !parsed.success) errors[field] = parsed.error.issues[0]?.message ?? 'not understood'
    return parsed?.data
  }
  const ofCharges = <Value extends string>(prefix: string, schema: z.ZodType<Value>) =>
    present(namedCharges.map((charge) => [charge, read(`${prefix}.${charge}`, schema)]))
  const ofRows = <Value extends string>(name: 'cycle' | 'charge', prefix: string, schema: z.ZodType<Value>) =>
    present(numbered(typed, name).map(([n, text]) => [text, read(`${prefix}.${n}`, schema)]))
  const rules: LineRules = {
    ends: ofCharges('end', endRule),
    names: ofCharges('name', chargeName),
    starts: ofRows('cycle', 'start', startRule),
    kinds: ofRows('charge', 'kind', kind),
    daily: typed.daily === 'on',
  }
  return { rules, errors }
}

const present = <Value>(pairs: readonly (readonly [string, Value | undefined])[]): Record<string, Value> =>
  Object.fromEntries(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])))

function numbered(typed: Typed, name: 'cycle' | 'charge'): [string, string][] {
  const rows = Object.entries(typed).filter(([field]) => field.startsWith(`${name}.`))
  const texts = rows.map(([field, text]): [string, string] => [
    field.slice(name.length + 1),
    name === 'cycle' ? cycleOf({ billingCycle: text }) : text,
  ])
  return texts.filter(([, text]) => name === 'cycle' || isUnknownCharge(text)).slice(0, mostRows)
}
