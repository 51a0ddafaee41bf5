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
      .map(keyParts)
      .map((key) => JSON.stringify(key))
      .sort(),
  )
}

function keyParts(read: Read): unknown[] {
  if ('metric' in read) return ['metric', read.metric, read.services ? [...read.services].sort() : null]
  if ('sku' in read) return ['sku', read.sku, read.term ?? null, read.subscription ?? null]
  return ['offer', read.offer, read.chargeType, read.subscription ?? null]
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

/** What is read, in a word: its metric, its SKU or its offer. */
export function readName(read: Read): string {
  if ('metric' in read) return read.metric
  return 'sku' in read ? read.sku : read.offer
}

/** What is read, in words: `users of training`, `M365-BP P1Y`, `CycleFee lines of M365-BP`. */
export const readWords = (read: Read): string => {
  if ('metric' in read) return read.services ? `${read.metric} of ${read.services.join(', ')}` : read.metric
  if ('offer' in read) {
    const of = read.subscription === undefined ? '' : `, subscription ${read.subscription}`
    return `${read.chargeType} lines of ${read.offer}${of}`
  }
  const narrowed = [read.term, read.subscription].filter((part) => part !== undefined)
  return [readName(read), ...(narrowed.length > 0 ? narrowed : ['of every term'])].join(' ')
}

/** Whether a mapping says where invoice lines go; nothing is counted for it. */
export const isOfLines = ({ reads }: { reads: readonly Read[] }): boolean => reads.some((read) => 'offer' in read)
