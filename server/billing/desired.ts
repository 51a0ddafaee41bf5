import { type Book, commonMoney, readState } from './book.ts'
import type { Decimal } from './decimal.ts'
import { describeRead, type Mapping } from './mapping.ts'
import type { Money } from './reading.ts'
import { arithmetic, ruleText } from './rule.ts'

/** What the rules say one addition should hold. */
export type Desired =
  | { state: 'known' | 'partial'; quantity: Decimal; money: Money; words: string; note?: string }
  | { state: 'unknown' | 'stale'; reason: string }
  | { state: 'contradictory'; reason: string }

/**
 * The desired quantity of the addition that these mappings name: all their reads summed, then the rule (FEATURES 4.9).
 * One unknown part makes the whole unknown (4.10).
 */
export function desiredOf(mappings: readonly Mapping[], books: ReadonlyMap<string, Book>): Desired {
  const [first, ...others] = mappings
  if (!first) throw new Error('a target without mappings')
  if (others.some((other) => ruleText(other.rule) !== ruleText(first.rule)))
    return { state: 'contradictory', reason: 'the rows that are added together here have different rules' }

  const parts: { quantity: Decimal; money: Money; partial: boolean; words: string; note?: string }[] = []
  for (const mapping of mappings) {
    const book = books.get(mapping.source)
    if (!book) return { state: 'unknown', reason: `source ${mapping.source} is not connected` }
    for (const read of mapping.reads) {
      const state = readState(book, mapping.account, read)
      if (!('quantity' in state)) return state
      parts.push({
        quantity: state.quantity,
        money: state.money,
        partial: state.state === 'partial',
        words: `${describeRead(read)} ${state.quantity}`,
        ...(state.reason === undefined ? {} : { note: state.reason }),
      })
    }
  }
  return summed(parts, first)
}

function summed(
  parts: { quantity: Decimal; money: Money; partial: boolean; words: string; note?: string }[],
  { rule }: Mapping,
): Desired {
  const quantities = parts.map((part) => part.quantity)
  const quantity = arithmetic(quantities, rule)
  const words = parts.map((part) => part.words).join(' + ')
  const notes = parts.flatMap((part) => part.note ?? [])
  return {
    state: parts.some((part) => part.partial) ? 'partial' : 'known',
    quantity,
    money: commonMoney(parts.map((part) => part.money)),
    words: quantities.length === 1 && quantities[0] === quantity ? words : `${words} → ${quantity}`,
    ...(notes.length ? { note: notes.join('; ') } : {}),
  }
}
