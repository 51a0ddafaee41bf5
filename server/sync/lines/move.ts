import { compare } from '#billing/decimal.ts'
import type { Addition } from '#billing/existing.ts'
import { lastDayOffered, whyNotMoved } from '#billing/move.ts'
import { type Day, dayIn } from '#billing/period.ts'
import type { AgreementState } from '#billing/plan.ts'
import { stoodOf, type Wish } from '#billing/wish.ts'
import type { Scope } from '#db/db.ts'
import { listLineAdditions } from '#db/line-additions.ts'
import type { Run } from '#db/runs.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { loadStates, wish } from './wish.ts'
import { lineOf } from './wishes.ts'

/** What of a move is known before its day and its agreement are chosen. */
export type MoveFrom = Pick<Wish, 'additionId' | 'agreementId' | 'stood' | 'line'>

/** An addition as our copy has it, and why it may not move at all, in words. Throws a Problem when it is not there. */
export async function findMovable(
  scope: Scope,
  { agreement, additions }: AgreementState,
  additionId: number,
): Promise<{ found: MoveFrom; refusal?: string }> {
  const addition = additions.find(({ id }) => id === additionId)
  if (!addition) throw new Problem('not_found', `Agreement ${agreement.id} has no addition ${additionId} any more.`)
  const lines = await listLineAdditions(scope, { agreements: [agreement.id] })
  const line = lines.find((one) => one.additionId === additionId && one.closedAt === null)
  const found = {
    additionId,
    agreementId: agreement.id,
    stood: stoodOf(addition),
    ...(line ? { line: lineOf(line) } : {}),
  }
  if (!line) return { found, refusal: `Addition ${additionId} ${ofNoLine}` }
  const why = whyByHand(addition)
  return why === undefined
    ? { found }
    : { found, refusal: `Addition ${additionId} ${why}: move it in ConnectWise by hand.` }
}

/** What would be billed otherwise there. */
function whyByHand({ billCustomer, lessIncluded }: Addition): string | undefined {
  if (billCustomer !== 'Billable') return 'is not billed to the customer'
  return compare(lessIncluded, '0') === 0 ? undefined : `bills its quantity less ${lessIncluded} that are included`
}

const ofNoLine =
  'stands for no invoice lines: TrueUp moves only those that do. Choose the other agreement in its mapping, or move it in ConnectWise by hand.'

/** The last day here that is offered, and why a move on it is not possible, where it is not. */
export function offerOf(
  found: MoveFrom,
  from: AgreementState,
  to: AgreementState | undefined,
  moment: { today: Day; currency?: string },
): { lastOn?: Day; refusal?: string } {
  const lastOn = to && lastDayOffered(found, from, to, moment)
  const asked: Wish = { ...found, wish: 'move', lastOn: lastOn ?? moment.today, reason: '' }
  const refusal = whyNotMoved(to ? { ...asked, toAgreementId: to.agreement.id } : asked, from, to, moment)
  return { ...(lastOn === undefined ? {} : { lastOn }), ...(refusal === undefined ? {} : { refusal }) }
}

export interface AskedMove {
  agreementId: number
  additionId: number
  toAgreementId: number
  /** The last day billed here. */
  lastOn: Day
  member: string
}

/**
 * Wants an addition moved to another agreement, by one plan that waits for an approval (V21). What moves is what
 * ConnectWise holds right now. Throws a Problem where it could be billed twice, or not at all.
 */
export async function moveAddition(deps: Deps, scope: Scope, tenant: Tenant, asked: AskedMove): Promise<Run> {
  const { agreementId, toAgreementId, additionId, lastOn, member } = asked
  const states = await loadStates(deps, scope, tenant, [agreementId, toAgreementId])
  const from = states.get(agreementId)
  if (!from) throw new Problem('not_found', `Agreement ${agreementId} no longer exists in ConnectWise.`)
  const { found, refusal: never } = await findMovable(scope, from, additionId)
  if (never !== undefined) throw new Problem('conflict', never)
  const wording = await (await deps.connectWise(scope)).findWording(agreementId, additionId)
  const description = wording?.invoiceDescription
  const moved: Wish = {
    ...{ ...found, wish: 'move', lastOn, toAgreementId, reason: `${member} moves it` },
    stood: { ...found.stood, ...(description ? { description } : {}) },
  }
  const today = dayIn(tenant.zone, deps.now())
  const refusal = whyNotMoved(moved, from, states.get(toAgreementId), { today, currency: tenant.currency ?? undefined })
  if (refusal !== undefined)
    throw new Problem('conflict', `It cannot be moved: ${refusal}.`, {
      places: [{ path: 'lastOn', message: `${refusal}.` }],
    })
  return wish(deps, scope, [moved], member)
}
