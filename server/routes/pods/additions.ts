import { subtract } from '#billing/decimal.ts'
import { listChanges } from '#db/changes.ts'
import { type LineBehind, listLinesBehind } from '#db/lines-pods.ts'
import { listMappingsOf } from '#db/mappings.ts'
import { listAdditions, listAgreements } from '#db/mirror.ts'
import { readRecordId } from '#routes/record-id.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { maySeeMoney, requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { AdditionDetail, type AdditionDetailProps } from '#views/pods/addition-detail.tsx'
import { lastOf } from './addition-line.ts'

const remembered = 10

/** `GET /agreements/:id/additions/:addition`: its fields, who is in its number, and what changed it. */
export const getAddition = (deps: Deps) => async (c: Ask) => {
  const [id, additionId] = [readRecordId(c, 'agreement'), readRecordId(c, 'addition', 'addition')]
  const viewer = c.get('viewer')
  await requireReadable(deps, viewer, 'agreement', id)
  return fragment(c, AdditionDetail, await additionProps(deps, viewer, id, additionId))
}

async function additionProps(deps: Deps, viewer: Viewer, id: number, additionId: number): Promise<AdditionDetailProps> {
  const { scope, tenant } = viewer
  const [[row], mappings, additions, changes, money, behind] = await Promise.all([
    listAgreements(scope, [id]),
    listMappingsOf(scope, { agreement: id }),
    listAdditions(scope, [id]),
    listChanges(scope, [additionId], remembered),
    maySeeMoney(deps, viewer, id),
    listLinesBehind(scope, { agreement: id, addition: additionId }),
  ])
  const addition = additions.find((one) => one.id === additionId)
  if (!addition) throw new Problem('not_found', 'This agreement has no such addition any more: refresh the agreement.')
  const { quantity, lessIncluded, effectiveOn, cancelledOn, unitPrice, unitCost } = addition
  const currency = row?.body.currency ?? tenant.currency ?? ''
  return {
    quantity,
    lessIncluded,
    toBill: subtract(quantity, lessIncluded),
    billCustomer: addition.billCustomer,
    ...(effectiveOn === undefined ? {} : { effectiveOn }),
    ...(cancelledOn === undefined ? {} : { cancelledOn }),
    ...(money
      ? {
          money: {
            currency,
            ...(unitPrice === undefined ? {} : { price: unitPrice }),
            ...(unitCost === undefined ? {} : { cost: unitCost }),
          },
        }
      : {}),
    zone: tenant.zone,
    people: mappings
      .filter((mapping) => mapping.additionId === additionId)
      .map((mapping) => ({ mapping: mapping.id, account: mapping.account })),
    behind: { path: `/agreements/${id}/additions/${additionId}/lines.csv`, lines: behind.map(behindOf) },
    history: changes.map(lastOf),
  }
}

const behindOf = ({ said, period, chargeName, effectiveOn, cancelledOn }: LineBehind) => ({
  ...{ id: said.id, month: period, charge: chargeName, from: effectiveOn, to: cancelledOn, quantity: said.quantity },
})
