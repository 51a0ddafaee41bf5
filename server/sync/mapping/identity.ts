import { readsKey } from '#billing/mapping.ts'
import type { MappingRow } from '#db/mappings.ts'
import type { FileRow } from './file.ts'
import type { FileRule } from './row.ts'

/** A row of the file whose source is known. */
export interface SourcedRow {
  number: number
  row: FileRow
  sourceId: string
}

export const targetKeyOf = ({ addition, product }: FileRow): string =>
  addition === undefined ? `product:${product}` : `addition:${addition}`

type Named = Pick<MappingRow, 'sourceId' | 'account' | 'readsKey' | 'agreementId' | 'targetKey'>

/** What makes two rows the same mapping. */
export const identityOf = ({ sourceId, account, readsKey, agreementId, targetKey }: Named): string =>
  JSON.stringify([sourceId, account, readsKey, agreementId, targetKey])

export const fileIdentityOf = ({ sourceId, row }: SourcedRow): string =>
  identityOf({
    sourceId,
    account: row.account,
    readsKey: readsKey(row.reads),
    agreementId: row.agreement,
    targetKey: targetKeyOf(row),
  })

/** What a file's row or a person's pick says of a mapping, without what only the store knows. */
export const saidBy = ({ row, sourceId }: SourcedRow) => ({
  ...storedRule(row.rule),
  sourceId,
  account: row.account,
  reads: row.reads,
  readsKey: readsKey(row.reads),
  targetKey: targetKeyOf(row),
  companyId: row.company,
  agreementId: row.agreement,
  productId: row.product ?? null,
  leaveAlone: row.leaveAlone,
  include: row.include,
})

/** A file's rule as it is stored: whether it follows its source's switches stands beside it. */
export function storedRule({ writeFrom, ...rule }: FileRule): Pick<MappingRow, 'rule' | 'followsSource'> {
  return { rule, followsSource: writeFrom === 'source' }
}
