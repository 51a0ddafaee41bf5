import { z } from 'zod'
import { type Rule, writableFields } from '#billing/rule.ts'
import type { RuleEdit } from '#sync/edit-rule.ts'
import { rule } from '#sync/mapping-row.ts'
import type { Typed } from './form.ts'

const numbers = ['above', 'included', 'minimum', 'maximum', 'packSize'] as const

/** The rule as its form shows it. */
export const fieldsOf = (rule: Rule): Typed => ({
  ...Object.fromEntries(numbers.map((name) => [name, rule[name] ?? ''])),
  rounding: rule.rounding ?? '',
})

/** The form's fields as sent; the rule itself is checked as in a file. */
export const ruleForm = z.record(z.string().max(40), z.string().max(100))

/** The fields whose ticks are on. */
export const writesIn = (typed: Typed): string[] => writableFields.filter((name) => typed[`write-${name}`] === 'on')

/** The additions that are to be left alone, by id. */
export const leftAloneIn = (typed: Typed): number[] =>
  Object.entries(typed).flatMap(([name, value]) => {
    const id = /^leave-([1-9]\d{0,14})$/.exec(name)?.[1]
    return id !== undefined && value === 'on' ? [Number(id)] : []
  })

/** What was typed as a rule, or what is wrong by field. */
export function ruleIn(typed: Typed): { edit: RuleEdit } | { errors: Record<string, string> } {
  const given = numbers.flatMap((name) => {
    const text = (typed[name] ?? '').trim()
    return text === '' ? [] : [[name, text]]
  })
  const rounding = typed.rounding ? { rounding: typed.rounding } : {}
  const parsed = rule.safeParse({ write: writesIn(typed), ...Object.fromEntries(given), ...rounding })
  if (parsed.success) return { edit: { rule: parsed.data, leaveAlone: leftAloneIn(typed) } }
  return {
    errors: Object.fromEntries(
      parsed.error.issues.map(({ path, message }) => [String(path[0] ?? fieldIn(message)), message]),
    ),
  }
}

/** A rule's own problems begin with the field they are about. */
const fieldIn = (message: string): string => numbers.find((name) => message.startsWith(name)) ?? 'write'
