import type { Addition, AdditionFields, NewAddition } from '#billing/existing.ts'
import type { Fields } from '#billing/plan.ts'
import type { Intent, NewIntent } from '#db/intents.ts'
import type { PlanRowRecord } from '#db/plans.ts'
import { sha256 } from '#db/sha256.ts'
import type { Deps } from '#server/deps.ts'

const markerPrefix = 'TU-'

/** Whether TrueUp made it, whatever for. */
export const isMarked = ({ serialNumber }: Pick<Addition, 'serialNumber'>): boolean =>
  serialNumber.startsWith(markerPrefix)

interface Asked {
  run: string
  plan: string
  row: Omit<PlanRowRecord, 'tenantId' | 'planId'>
  needsApproval: boolean
}

/** The write of one row, to be recorded before it is sent (I2). A line to be made carries a marker from the start. */
export function intentOf(deps: Pick<Deps, 'id' | 'now'>, { run, plan, row, needsApproval }: Asked): NewIntent {
  if (row.change === null) throw new Error('a row without a change has no intent')
  const id = deps.id()
  if (row.record !== 'addition') return recordIntent(deps, id, { run, plan, row, needsApproval })
  if (row.agreementId === null) throw new Error('an addition belongs to an agreement')
  const marker = row.change === 'create' ? `${markerPrefix}${id}` : null
  const desired = marker === null ? toAdditionFields(row.after) : newAddition(row, marker)
  return {
    id,
    runId: run,
    planId: plan,
    rowSeq: row.seq,
    record: row.record,
    needs: row.needs,
    draft: row.draft,
    posting: row.posting,
    change: row.change,
    agreementId: row.agreementId,
    additionId: row.additionId,
    naturalKey: row.key,
    marker,
    paramsHash: hashOf(desired),
    base: row.before,
    desired,
    needsApproval,
    state: 'planned',
    open: 1,
    attempt: 0,
    createdAt: deps.now(),
  }
}

/** The write of a record that is no addition. It belongs to no agreement, so none is read for it. */
function recordIntent(deps: Pick<Deps, 'now'>, id: string, { run, plan, row, needsApproval }: Asked): NewIntent {
  if (row.change === null) throw new Error('a row without a change has no intent')
  const desired = toAdditionFields(row.after)
  return {
    ...{ id, runId: run, planId: plan, rowSeq: row.seq, record: row.record, needs: row.needs, change: row.change },
    ...{ agreementId: 0, additionId: null, naturalKey: row.key, marker: null, draft: row.draft },
    ...(row.change === 'create' ? {} : { recordId: recordIdOf(row) }),
    paramsHash: hashOf({ ...desired, ...row.draft }),
    base: row.before,
    desired,
    needsApproval,
    ...{ state: 'planned', open: 1, attempt: 0, createdAt: deps.now() },
  }
}

/** The record that a change is of. */
const recordIdOf = ({ record, companyId, agreementId, productId }: Asked['row']): number | null =>
  record === 'company' ? companyId : record === 'agreement' ? agreementId : productId

/** The rule's words to ConnectWise's. */
const toAdditionFields = ({ quantity, cost, price, cancelledOn, effectiveOn }: Fields): AdditionFields => ({
  ...(quantity === undefined ? {} : { quantity }),
  ...(cost === undefined ? {} : { unitCost: cost }),
  ...(price === undefined ? {} : { unitPrice: price }),
  ...(cancelledOn === undefined ? {} : { cancelledOn }),
  ...(effectiveOn === undefined ? {} : { effectiveOn }),
})

function newAddition(
  row: Pick<PlanRowRecord, 'after' | 'productId' | 'effectiveOn' | 'posting'>,
  marker: string,
): NewAddition {
  if (row.productId === null || row.effectiveOn === null || row.after.quantity === undefined)
    throw new Error('a line to be made needs a product, a first day and a quantity')
  return {
    ...toAdditionFields(row.after),
    productId: row.productId,
    quantity: row.after.quantity,
    effectiveOn: row.effectiveOn,
    billCustomer: 'Billable',
    ...(row.posting?.description === undefined ? {} : { invoiceDescription: row.posting.description }),
    serialNumber: marker,
    ...(row.posting?.reference ? { reference: row.posting.reference } : {}),
  }
}

/** Ends a line of ours that should not be there: quantity 0 and no billed day. */
export function intentToEnd(deps: Pick<Deps, 'id' | 'now'>, cause: Intent, double: Addition): NewIntent {
  const desired: AdditionFields = { quantity: '0', cancelledOn: double.effectiveOn ?? null }
  return {
    id: deps.id(),
    runId: cause.runId,
    planId: cause.planId,
    rowSeq: -1,
    change: 'cancel',
    agreementId: double.agreementId,
    additionId: double.id,
    naturalKey: `addition:${double.id}`,
    marker: null,
    paramsHash: hashOf(desired),
    base: { quantity: double.quantity, ...(double.cancelledOn ? { cancelledOn: double.cancelledOn } : {}) },
    desired,
    needsApproval: false,
    state: 'planned',
    open: 1,
    attempt: 0,
    createdAt: deps.now(),
  }
}

const hashOf = (desired: AdditionFields): string => sha256(JSON.stringify(desired))
