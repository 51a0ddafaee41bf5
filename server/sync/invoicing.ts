import { invoicingOf } from '#billing/invoiced-through.ts'
import type { Mapping } from '#billing/mapping.ts'
import { type Scope, save } from '#db/db.ts'
import { listAgreements, saveInvoicing } from '#db/mirror.ts'
import { findTenant, type Tenant } from '#db/tenants.ts'
import type { ConnectWise } from '#server/deps.ts'

/** An agreement as read, with how long its billing cycle is, where we know (FEATURES 4.1). */
export function withCycle<Read extends { billingCycleId?: number | undefined }>(
  agreement: Read,
  { billingCycles }: Pick<Tenant, 'billingCycles'>,
): Read & { billingOption?: NonNullable<Tenant['billingCycles']>[number] } {
  const billingOption = billingCycles?.[agreement.billingCycleId ?? 0]
  return billingOption === undefined ? agreement : { ...agreement, billingOption }
}

/** Reads what reports or recaps say of the invoices of agreements with prorated mappings; nothing where there are none (U16). */
export async function readInvoicing(
  scope: Scope,
  connectWise: ConnectWise,
  mappings: readonly Mapping[],
): Promise<void> {
  const prorated = mappings.filter(({ rule }) => rule.prorate).map(({ agreementId }) => agreementId)
  if (prorated.length === 0) return
  const tenant = await findTenant(scope.db, scope.tenant)
  const known = await listAgreements(scope, [...new Set(prorated)])
  const unread = known.filter(({ gone, invoicing }) => !gone && invoicing === null)
  if (!tenant || unread.length === 0) return
  const ids = unread.map(({ id }) => id)
  const said = await connectWise.listInvoiceEvidence(ids, tenant.hasAdditionsReport)
  const found = unread.map(({ id, body }) => {
    const { month, nextOn } = said.find(({ agreementId }) => agreementId === id) ?? {}
    const evidence = { ...(month ? { month } : {}), ...(nextOn ? { nextOn } : {}) }
    return { agreementId: id, invoicing: invoicingOf(withCycle(body, tenant), evidence) }
  })
  await save(scope.db, saveInvoicing(scope, found))
}
