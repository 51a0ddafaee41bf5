import * as z from 'zod'
import { dayIn, isDay } from '#billing/period.ts'
import type { AgreementState } from '#billing/plan.ts'
import { listAgreementsOf } from '#db/catalogue.ts'
import { listProducts } from '#db/mirror.ts'
import { readForm, readQuery } from '#routes/form.ts'
import { saying } from '#routes/mapping/pickers.ts'
import { progressOf } from '#routes/plans/run-progress.ts'
import { readRecordId } from '#routes/record-id.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { listReadable, requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { findMovable, moveAddition, offerOf } from '#sync/lines/move.ts'
import { knownStates } from '#sync/lines/wishes.ts'
import { readAgreementsOf } from '#sync/mapping/catalogue.ts'
import { RunStarted } from '#views/plans/run-progress.tsx'
import { type MoveProps, MoveScreen } from '#views/reconciliation/move.tsx'
import { readableAgreement } from './compare.ts'

const agreementId = z.coerce.number('must be an agreement').int('must be an agreement').positive('must be an agreement')
const query = z.object({ to: agreementId.optional() })

/** `GET /reconciliations/:id/moves/:addition`: where an addition may go on, and from which day (V21). */
export const getMove = (deps: Deps) => async (c: Ask) => {
  const [viewer, id] = [c.get('viewer'), await readableAgreement(deps, c)]
  const additionId = readRecordId(c, 'addition', 'addition')
  return fragment(c, MoveScreen, await moveProps(deps, viewer, { id, additionId, to: readQuery(c, query).to }))
}

const form = z.strictObject({ to: agreementId, lastOn: z.string().refine(isDay, 'must be a day, YYYY-MM-DD') })

/** `POST /reconciliations/:id/moves/:addition`: wants it moved; a plan of two rows waits for an approval (V21, Q3). */
export const postMove = (deps: Deps) => async (c: Ask) => {
  const [viewer, id] = [c.get('viewer'), await readableAgreement(deps, c)]
  const additionId = readRecordId(c, 'addition', 'addition')
  const { to, lastOn } = await readForm(c, form)
  await requireReadable(deps, viewer, 'agreement', to)
  const asked = { agreementId: id, additionId, toAgreementId: to, lastOn, member: viewer.member }
  return fragment(c, RunStarted, await progressOf(viewer, await moveAddition(deps, viewer.scope, viewer.tenant, asked)))
}

async function moveProps(
  deps: Deps,
  viewer: Viewer,
  { id, additionId, to }: { id: number; additionId: number; to: number | undefined },
): Promise<MoveProps> {
  const { scope, tenant } = viewer
  const from = (await knownStates(scope, tenant, [id])).get(id)
  if (!from) throw new Problem('not_found', 'TrueUp does not know this agreement yet: open it and press Refresh.')
  const { found, refusal } = await findMovable(scope, from, additionId)
  const [product] = await listProducts(scope, [found.stood.productId])
  const others = refusal === undefined ? await otherStates(deps, viewer, from) : []
  const moment = {
    today: dayIn(tenant.zone, deps.now()),
    ...(tenant.currency === null ? {} : { currency: tenant.currency }),
  }
  const offers = others.map((state) => ({ state, offer: offerOf(found, from, state, moment) }))
  const chosen =
    offers.find(({ state }) => state.agreement.id === to) ?? offers.find(({ offer }) => offer.refusal === undefined)
  const { quantity, effectiveOn, cancelledOn } = found.stood
  return {
    standing: standingOf(viewer),
    from: { id, name: from.agreement.name },
    addition: {
      ...{ id: additionId, product: product?.identifier ?? `Product ${found.stood.productId}`, quantity },
      ...(effectiveOn === undefined ? {} : { effectiveOn }),
      ...(cancelledOn === undefined ? {} : { cancelledOn }),
    },
    ...(refusal === undefined ? {} : { refusal }),
    isOneTime: found.line?.kind === 'one-time',
    choices: offers.map(({ state: { agreement }, offer: { refusal } }) => ({
      ...{ id: agreement.id, name: agreement.name || `Agreement ${agreement.id}` },
      ...(refusal === undefined ? {} : { refusal }),
    })),
    ...(chosen ? { chosen: chosen.state.agreement.id } : {}),
    ...(chosen?.offer.lastOn === undefined ? {} : { lastOn: chosen.offer.lastOn }),
  }
}

/** The company's other agreements that the viewer may read, as far as ConnectWise tells now. */
async function otherStates(deps: Deps, viewer: Viewer, { agreement }: AgreementState): Promise<AgreementState[]> {
  const { scope, tenant } = viewer
  await saying(readAgreementsOf(deps, scope, agreement.companyId))
  const known = await listAgreementsOf(scope, agreement.companyId)
  const ids = known.map(({ body }) => body.id).filter((one) => one !== agreement.id)
  const readable = await listReadable(deps, viewer, 'agreement', ids)
  return [...(await knownStates(scope, tenant, [...readable])).values()]
}
