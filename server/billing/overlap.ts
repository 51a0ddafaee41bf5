import { readName } from './mapping.ts'
import type { LineRead, Read } from './reading.ts'
import type { Rule } from './rule.ts'

/** What would be counted twice if all of this were read, in words (FEATURES 4.9, V12, V19). */
export const readProblems = (reads: readonly Read[]): string[] =>
  reads.flatMap((read, at) =>
    reads.slice(at + 1).some((other) => overlap(read, other))
      ? [`${readName(read)} is read twice, so some of it would be counted twice`]
      : [],
  )

/** Why nobody can be left out of what is read, in words: usage names no people (V12). */
export const excludeProblems = (reads: readonly Read[], { exclude = [] }: Pick<Rule, 'exclude'>): string[] =>
  reads.flatMap((read) =>
    !('metric' in read) && exclude.length > 0
      ? [`exclude leaves out people, and usage of ${readName(read)} names none`]
      : [],
  )

/** Why what is read cannot be together: invoice lines are placed, numbers are added up. */
export function mixedReads(reads: readonly Read[]): string[] {
  const ofLines = reads.filter((read) => 'offer' in read).length
  if (ofLines === 0 || ofLines === reads.length) return []
  return ['offers cannot be summed with metrics or SKUs: invoice lines are posted one by one']
}

/** Why a rule is of no use for invoice lines, in words: it is arithmetic on numbers, and a line is written as it is. */
export function lineRuleProblems(reads: readonly Read[], rule: object): string[] {
  if (!reads.some((read) => 'offer' in read)) return []
  return Object.keys(rule)
    .filter((name) => name !== 'write')
    .map((name) => `${name} is for numbers: invoice lines are posted as they are, so a rule may only hold write`)
}

/** Whether two reads may count the same thing: one is the other, or a part of it. */
export function overlap(a: Read, b: Read): boolean {
  if ('metric' in a) return 'metric' in b && a.metric === b.metric && shareServices(a.services, b.services)
  if ('offer' in a) return 'offer' in b && isSameCharge(a, b)
  if (!('sku' in b) || a.sku !== b.sku) return false
  return meets(a.term, b.term) && meets(a.subscription, b.subscription)
}

const isSameCharge = (a: LineRead, b: LineRead): boolean =>
  a.offer === b.offer && a.chargeType === b.chargeType && meets(a.subscription, b.subscription)

const meets = (a: string | undefined, b: string | undefined): boolean => a === undefined || b === undefined || a === b

const shareServices = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  !a || !b || a.some((service) => b.includes(service))
