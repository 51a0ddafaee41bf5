import { eq } from 'drizzle-orm'
import type { Scope } from './db.ts'
import { invoiceLines } from './schema.ts'

/** How charges were stated by all lines that were ever loaded: each charge type with each billing cycle, as sources write them. */
export function listStatedCharges({
  db,
  tenant,
}: Scope): Promise<{ chargeType: string; billingCycle: string; period: string }[]> {
  const { tenantId, chargeType, billingCycle, period } = invoiceLines
  return db
    .selectDistinct({ chargeType, billingCycle, period })
    .from(invoiceLines)
    .where(eq(tenantId, tenant))
    .orderBy(chargeType, billingCycle)
}
