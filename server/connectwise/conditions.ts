import type { Day } from '#billing/period.ts'
import { Problem } from '#server/problem.ts'

/** The only names a condition may use. */
const fields = [
  'id',
  'identifier',
  'agreementStatus',
  'company/id',
  'product/id',
  'cancelledDate',
  '_info/lastUpdated',
  'AGR_Header_RecID',
] as const
type Field = (typeof fields)[number]

/**
 * A `conditions` filter as a tree. It can hold integers, days and plain words, never text that a person typed (TRUST 7.4):
 * names are compared on our side.
 */
export type Condition =
  | { field: Field; is: '=' | '!=' | '<' | '<=' | '>' | '>='; value: number | { day: Day } | { word: string } }
  | { field: Field; in: readonly number[] }
  | { all: readonly Condition[] }
  | { any: readonly Condition[] }

/** The condition in ConnectWise's grammar. Throws on anything outside the closed sets, whatever the types said. */
export function writeCondition(condition: Condition): string {
  if ('all' in condition) return joined(condition.all, ' and ')
  if ('any' in condition) return joined(condition.any, ' or ')
  if (!fields.includes(condition.field)) throw notAllowed('field')
  if ('in' in condition) return `${condition.field} in (${condition.in.map(integer).join(',')})`
  if (!comparisons.has(condition.is)) throw notAllowed('comparison')
  return `${condition.field}${condition.is}${literal(condition.value)}`
}

const comparisons = new Set(['=', '!=', '<', '<=', '>', '>='])

const joined = (parts: readonly Condition[], by: string): string => `(${parts.map(writeCondition).join(by)})`

function literal(value: number | { day: Day } | { word: string }): string {
  if (typeof value === 'number') return integer(value)
  if ('day' in value) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(value.day)) throw notAllowed('day')
    return `[${value.day}T00:00:00Z]`
  }
  if (!isPlainWord(value.word)) throw notAllowed('word')
  return `"${value.word}"`
}

/** Whether a text may stand in a condition; any other is compared on our side. */
export const isPlainWord = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9 _-]{0,49}$/.test(text)

function integer(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw notAllowed('number')
  return String(value)
}

const notAllowed = (what: string) => new Problem('invalid', `A condition cannot hold this ${what}.`)
