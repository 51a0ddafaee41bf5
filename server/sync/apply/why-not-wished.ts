import { whyNotEnded, whyNotMoved, whyNotThere } from '#billing/move.ts'
import type { Day } from '#billing/period.ts'
import { movedFrom } from '#billing/wishes.ts'
import type { Intent } from '#db/intents.ts'
import { Problem } from '#server/problem.ts'
import { agreementsOf, knownStates, loadWishes } from '#sync/lines/wishes.ts'
import type { Sender } from './sender.ts'

/**
 * Why what somebody wanted done with an addition is not done any more: it was withdrawn, or since its plan a period was
 * invoiced, here or there, so that days would be billed on both agreements or on none (V6, V21). `refresh`: reads what of
 * our copy is old again.
 */
export async function whyNotWished(
  { scope, tenant }: Sender,
  intent: Intent,
  today: Day,
  refresh: (agreements: readonly { agreementId: number }[]) => Promise<void>,
): Promise<string | undefined> {
  const from = movedFrom(intent.naturalKey)
  const additionId = from ?? (intent.change === 'cancel' ? intent.additionId : null)
  // One that was sent before may be there already: that is looked up first.
  if (additionId === null || (from !== undefined && intent.attempt > 0)) return undefined
  const wish = (await loadWishes(scope)).find((one) => one.additionId === additionId)
  if (!wish) return from === undefined ? undefined : `nobody wants addition ${from} moved any more`
  const ids = agreementsOf([wish])
  try {
    await refresh(ids.map((agreementId) => ({ agreementId })))
  } catch (problem) {
    if (problem instanceof Problem) return problem.message
    throw problem
  }
  const states = await knownStates(scope, tenant, ids)
  const [here, there] = [states.get(wish.agreementId), states.get(wish.toAgreementId ?? 0)]
  if (!here) return `agreement ${wish.agreementId} no longer exists in ConnectWise`
  const moment = { today, currency: tenant.currency ?? undefined }
  if (wish.wish === 'end') return whyNotEnded(wish, here, moment)
  return (from === undefined ? whyNotMoved : whyNotThere)(wish, here, there, moment)
}
