import type { NewReference, Referred } from '#billing/record.ts'
import type { Intent } from '#db/intents.ts'
import { listReferredAccounts } from '#db/lines-references.ts'
import { findPlanRow } from '#db/plans.ts'
import type { Sender } from '#sync/apply/sender.ts'

/** Why a custom field is not written as planned any more: it is not the chosen one, or its accounts are billed elsewhere (M23). */
export async function whyNotReferred(
  { scope, tenant }: Sender,
  { planId, rowSeq }: Intent,
  of: Referred,
  { fieldId }: NewReference,
): Promise<string | undefined> {
  const { existing, companyFieldId, agreementFieldId } = tenant.lineSettings.crossReferences
  if (!existing || fieldId !== (of === 'company' ? companyFieldId : agreementFieldId))
    return 'this custom field is not written any more (Settings › Configuration)'
  const [row, known] = [await findPlanRow(scope, planId, rowSeq), await listReferredAccounts(scope)]
  const isThere = (account: string) => known.some((one) => one.account === account && one.companyId === row?.companyId)
  return row?.accounts.every(isThere) ? undefined : 'an account of it is mapped elsewhere or not included now'
}
