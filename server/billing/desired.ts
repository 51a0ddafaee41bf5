import { type Book, commonMoney, readState } from './book.ts'
import type { Decimal } from './decimal.ts'
import { type Mapping, readName } from './mapping.ts'
import { readProblems } from './overlap.ts'
import type { Money, Read, ReadState } from './reading.ts'
import { arithmetic, type Rule, ruleText } from './rule.ts'

/** One read of a sum, and what is known of it. */
interface Part {
  read: Read
  state: Extract<ReadState, { quantity: Decimal }>
}

/** What the rules say one addition should hold. */
export type Desired =
  | { state: 'known' | 'partial'; quantity: Decimal; money: Money; parts: readonly Part[]; note?: string }
  | { state: 'unknown' | 'stale'; reason: string }
  | { state: 'contradictory'; reason: string }

/**
 * The desired quantity of the addition that these mappings name: all their reads summed, then the rule (FEATURES 4.9).
 * One unknown part makes the whole unknown (4.10).
 */
export function desiredOf(mappings: readonly Mapping[], books: ReadonlyMap<string, Book>): Desired {
  const [first] = mappings
  if (!first) throw new Error('a target without mappings')
  if (mappings.some((other) => other !== first && ruleText(other.rule) !== ruleText(first.rule)))
    return { state: 'contradictory', reason: 'the rows that are added together here have different rules' }
  const twice = countedTwice(mappings)
  if (twice !== undefined) return { state: 'contradictory', reason: twice }

  const parts: Part[] = []
  for (const mapping of mappings) {
    const book = books.get(mapping.source)
    if (!book) return { state: 'unknown', reason: `source ${mapping.source} is not connected` }
    for (const read of mapping.reads) {
      const state = readState(book, mapping.account, read, mapping.rule.exclude)
      if (!('quantity' in state)) return state
      parts.push({ read, state })
    }
  }
  return summed(parts, first)
}

/** Whatever way two rows of one account came to one addition, nothing is billed twice (4.9). */
function countedTwice(mappings: readonly Mapping[]): string | undefined {
  if (mappings.length < 2) return undefined
  const accounts = new Map<string, Mapping[]>()
  for (const mapping of mappings) {
    const key = JSON.stringify([mapping.source, mapping.account])
    accounts.set(key, [...(accounts.get(key) ?? []), mapping])
  }
  for (const rows of accounts.values()) {
    const [problem] = rows.length > 1 ? readProblems(rows.flatMap(({ reads }) => reads)) : []
    if (problem !== undefined) return `${problem}: unmap one of the rows of account ${rows[0]?.account} here`
  }
  return undefined
}

function summed(parts: readonly Part[], { rule }: Mapping): Desired {
  const [only] = parts
  if (only && parts.length === 1) return single(only, rule, parts)
  const notes = parts.flatMap(({ state }) => state.reason ?? [])
  return {
    state: parts.some(({ state }) => state.state === 'partial') ? 'partial' : 'known',
    quantity: arithmetic(
      parts.map(({ state }) => state.quantity),
      rule,
    ),
    money: commonMoney(parts.map(({ state }) => state.money)),
    parts,
    ...(notes.length ? { note: notes.join('; ') } : {}),
  }
}

function single({ state: { state, quantity, money, reason } }: Part, rule: Rule, parts: readonly Part[]): Desired {
  const desired = { state, quantity: arithmetic([quantity], rule), money, parts }
  return reason === undefined ? desired : { ...desired, note: reason }
}

/** How the quantity came about: `users 12`, or `users 12 + admins 3 → 20` where a sum or a rule made it. */
export function wordsOf({ parts, quantity }: Extract<Desired, { quantity: Decimal }>): string {
  const words = parts.map(({ read, state }) => `${readName(read)} ${state.quantity}`).join(' + ')
  return parts.length === 1 && parts[0]?.state.quantity === quantity ? words : `${words} → ${quantity}`
}
