import * as z from 'zod'
import { excludeProblems } from '#billing/overlap.ts'
import { type Rule, writableFields } from '#billing/rule.ts'
import type { Typed } from '#routes/form.ts'
import type { RuleEdit } from '#sync/mapping/edit-rule.ts'
import { storedRule } from '#sync/mapping/identity.ts'
import { rule } from '#sync/mapping/row.ts'
import { linesIn, readsOfLines } from './reads.ts'

const numbers = ['above', 'included', 'minimum', 'maximum', 'packSize'] as const

/** The rule as its form shows it. */
export const fieldsOf = (rule: Rule, followsSource: boolean): Typed => ({
  ...Object.fromEntries(numbers.map((name) => [name, rule[name] ?? ''])),
  rounding: rule.rounding ?? '',
  exclude: rule.exclude?.join('\n') ?? '',
  'write-from': followsSource ? 'source' : 'own',
  ...(rule.prorate ? { prorate: 'on' } : {}),
})

/** The form's fields as sent; the rule itself is checked as in a file. */
export const ruleForm = z.record(z.string().max(60), z.string().max(8000))

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
  const lines = linesIn(typed)
  const read = lines.length === 0 ? undefined : readsOfLines(lines)
  const parsed = rule.safeParse(fileRuleIn(typed))
  const unread = read && 'error' in read ? { reads: read.error } : {}
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => [String(path[0] ?? fieldIn(message)), message])
    return { errors: { ...unread, ...Object.fromEntries(wrong) } }
  }
  if (read && 'error' in read) return { errors: unread }
  const [nobody] = excludeProblems(read?.reads ?? [], parsed.data)
  if (nobody !== undefined) return { errors: { exclude: nobody } }
  return { edit: { ...storedRule(parsed.data), ...read, leaveAlone: leftAloneIn(typed) } }
}

/** The rule in a file's words. */
function fileRuleIn(typed: Typed): object {
  const given = numbers.flatMap((name) => {
    const text = (typed[name] ?? '').trim()
    return text === '' ? [] : [[name, text]]
  })
  const exclude = (typed.exclude ?? '').split(/\r?\n/).flatMap((line) => line.trim() || [])
  return {
    ...(typed['write-from'] === 'source' ? { writeFrom: 'source' } : { write: writesIn(typed) }),
    ...Object.fromEntries(given),
    ...(typed.rounding ? { rounding: typed.rounding } : {}),
    ...(typed.prorate === 'on' ? { prorate: true } : {}),
    ...(exclude.length > 0 ? { exclude } : {}),
  }
}

/** A rule's own problems begin with the field they are about. */
const fieldIn = (message: string): string => [...numbers, 'exclude'].find((name) => message.startsWith(name)) ?? 'write'
