import type { Read } from './reading.ts'
import { type Rule, ruleText } from './rule.ts'

/** What an account's readings are written to. */
export interface Mapping {
  id: string
  source: string
  account: string
  reads: readonly Read[]
  companyId: number
  agreementId: number
  /** The addition written to; absent while only a product is given and none was adopted or created yet. */
  additionId?: number
  productId?: number
  /** How the row names its target: `addition:301` or `product:512`. It stays when a product is resolved to an addition. */
  targetKey: string
  leaveAlone: readonly number[]
  include: boolean
  rule: Rule
  parkedReason?: string
  /** `targetText` and `ruleText` as last confirmed by a person or an import. */
  confirmedTarget?: string
  confirmedRule?: string
}

/** One text for equal targets; another one than confirmed means a first write (G6). */
export const targetText = (mapping: Pick<Mapping, 'companyId' | 'agreementId' | 'targetKey'>): string =>
  `${mapping.companyId}/${mapping.agreementId}/${mapping.targetKey}`

/** One text for equal reads, whatever order they came in. */
export function readsKey(reads: readonly Read[]): string {
  return JSON.stringify(
    reads
      .map((read) =>
        'metric' in read
          ? ['metric', read.metric, read.services ? [...read.services].sort() : null]
          : ['sku', read.sku, read.term ?? null, read.subscription ?? null],
      )
      .map((key) => JSON.stringify(key))
      .sort(),
  )
}

/** The row's stable identity, by which a create is recognised again although the mapping was deleted and imported anew. */
export function lineKey(mappings: readonly Mapping[]): string {
  return mappings
    .map((mapping) => `${mapping.source}/${mapping.account}/${readsKey(mapping.reads)}`)
    .sort()
    .join('+')
}

export const isFirstWrite = (mapping: Mapping): boolean => mapping.confirmedTarget !== targetText(mapping)
export const isRuleChanged = (mapping: Mapping): boolean => mapping.confirmedRule !== ruleText(mapping.rule)
/** What is read, in a word: its metric or its SKU. */
export const readName = (read: Read): string => ('metric' in read ? read.metric : read.sku)

/** What is read, in words: `users of training`, `M365-BP P1Y`. */
export const readWords = (read: Read): string => {
  if ('metric' in read) return read.services ? `${read.metric} of ${read.services.join(', ')}` : read.metric
  const narrowed = [read.term, read.subscription].filter((part) => part !== undefined)
  return [readName(read), ...(narrowed.length > 0 ? narrowed : ['of every term'])].join(' ')
}
