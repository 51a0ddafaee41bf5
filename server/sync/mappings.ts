import type { Mapping } from '#billing/mapping.ts'
import type { MappingRow } from '#db/mappings.ts'

/** A stored mapping as the pure core sees it. */
export const toMapping = (row: MappingRow): Mapping => ({
  id: row.id,
  source: row.sourceId,
  account: row.account,
  reads: row.reads,
  companyId: row.companyId,
  agreementId: row.agreementId,
  ...(row.additionId === null ? {} : { additionId: row.additionId }),
  ...(row.productId === null ? {} : { productId: row.productId }),
  targetKey: row.targetKey,
  leaveAlone: row.leaveAlone,
  include: row.include,
  rule: row.rule,
  ...(row.parkedReason === null ? {} : { parkedReason: row.parkedReason }),
  ...(row.confirmedTarget === null ? {} : { confirmedTarget: row.confirmedTarget }),
  ...(row.confirmedRule === null ? {} : { confirmedRule: row.confirmedRule }),
})
