import { multiply } from './decimal.ts'
import type { LineAddition, LinePosting } from './lines/posting.ts'
import { whyNotEnded, whyNotMoved, whyNotThere } from './move.ts'
import type { AgreementState, Fields, PlanInput, PlanRow } from './plan.ts'
import { endFields, firstDayAfter, isAsItStood, isEndedAsWished, type Wish } from './wish.ts'

/** What people want done with additions, as rows that always wait for an approval (G3), and wishes that came true already. */
export function wishRows(input: PlanInput): { rows: PlanRow[]; granted: number[] } {
  const made = (input.wishes ?? []).map((wish) => rowsOf(wish, input))
  return { rows: made.flatMap(({ rows }) => rows), granted: made.flatMap(({ granted }) => granted ?? []) }
}

/** Nothing else is written to an addition, or posted for its subscription, while a wish is not done. */
export function besideWishes(rows: readonly PlanRow[], { heeded = [] }: PlanInput): PlanRow[] {
  const additions = new Map(heeded.map((wish) => [wish.additionId, wish]))
  const identities = new Map(heeded.flatMap((wish) => (wish.line ? [[wish.line.identity, wish] as const] : [])))
  return rows.map((row) => {
    const wish = additions.get(row.additionId ?? 0) ?? identities.get(row.posting?.identity ?? '')
    if (!wish || row.change === undefined) return row
    const { change: _, ...rest } = row
    const reason = `waits: somebody wants addition ${wish.additionId} ${doneTo(wish)}`
    return { ...rest, key: `${row.key}:waits`, holds: [], outcome: 'skipped', reason, attention: true }
  })
}

const doneTo = ({ wish, toAgreementId }: Wish): string =>
  wish === 'end' ? 'ended' : `moved to agreement ${toAgreementId ?? ''}`

interface Made {
  rows: PlanRow[]
  granted?: number
}

function rowsOf(wish: Wish, input: PlanInput): Made {
  const from = input.agreements.get(wish.agreementId)
  const addition = from?.additions.find(({ id }) => id === wish.additionId)
  if (!from) return refused(wish, from, `agreement ${wish.agreementId} no longer exists in ConnectWise`)
  if (from.problem !== undefined) return refused(wish, from, from.problem)
  if (!addition) return refused(wish, from, `addition ${wish.additionId} was deleted in ConnectWise`)
  const isEnded = isEndedAsWished(addition, wish)
  if (!isEnded && !isAsItStood(addition, wish))
    return refused(wish, from, `addition ${wish.additionId} was changed since this was asked for: ask again`)
  return wish.wish === 'end' ? ended(wish, from, isEnded, input) : moved(wish, from, isEnded, input)
}

function ended(wish: Wish, from: AgreementState, isEnded: boolean, input: PlanInput): Made {
  if (isEnded) return { rows: [], granted: wish.additionId }
  const why = whyNotEnded(wish, from, input)
  return why === undefined ? { rows: [endRow(wish, from, `ends: ${wish.reason}`)] } : refused(wish, from, why)
}

/** Two rows, the second of which goes only after the first; it alone, where the first is done. */
function moved(wish: Wish, from: AgreementState, isEnded: boolean, input: PlanInput): Made {
  const to = input.agreements.get(wish.toAgreementId ?? 0)
  const why = to?.problem ?? (isEnded ? whyNotThere : whyNotMoved)(wish, from, to, input)
  if (why !== undefined || !to) return refused(wish, from, why ?? '')
  const end = isEnded ? [] : [endRow(wish, from, `moves to agreement ${to.agreement.id}: ${wish.reason}`)]
  return { rows: [...end, goneOn(wish, to, end)] }
}

function endRow(wish: Wish, { agreement }: AgreementState, text: string): PlanRow {
  const { stood, line } = wish
  const after = endFields(wish)
  return {
    ...plain(wish, text),
    ...(line ? { posting: { ...ofLine(line), closes: true } } : {}),
    change: 'cancel',
    companyId: agreement.companyId,
    before: fieldsOf(stood, after),
    after,
    holds: [{ guard: 'G3', text }],
    ...(stood.price === undefined ? {} : { amount: multiply(multiply(stood.quantity, stood.price), '-1') }),
  }
}

/** The addition that goes on at the other agreement, with what the old one held. */
function goneOn(wish: Wish, { agreement }: AgreementState, end: readonly PlanRow[]): PlanRow {
  const { stood, line, additionId } = wish
  const { quantity, price, cost, cancelledOn, productId, description } = stood
  const text = `goes on for addition ${additionId} of agreement ${wish.agreementId}: ${wish.reason}`
  const { additionId: _, ...rest } = plain(wish, text)
  return {
    ...rest,
    key: moveKey(additionId),
    ...(line ? { posting: { ...standingFor(line), ...(description === undefined ? {} : { description }) } } : {}),
    ...(end.length > 0 ? { needs: end.map(({ key }) => key) } : {}),
    change: 'create',
    companyId: agreement.companyId,
    agreementId: agreement.id,
    productId,
    effectiveOn: firstDayAfter(wish),
    after: {
      quantity,
      ...(price === undefined ? {} : { price }),
      ...(cost === undefined ? {} : { cost }),
      ...(cancelledOn === undefined ? {} : { cancelledOn }),
    },
    holds: [{ guard: 'G3', text }],
    ...(price === undefined ? {} : { amount: multiply(quantity, price) }),
  }
}

/** The key of the row that lets an addition go on elsewhere. */
export const moveKey = (additionId: number): string => `move:${additionId}`

/** The addition whose place is taken by the row of such a key. */
export const movedFrom = (key: string): number | undefined =>
  key.startsWith('move:') ? Number(key.slice('move:'.length)) : undefined

/** No line is posted by this: those that are, are known by their addition. */
const ofLine = ({ source, account, identity, period }: LineAddition): LinePosting => ({
  ...{ lines: [], source, account, identity, period },
})

const standingFor = (line: LineAddition): LinePosting => ({
  ...ofLine(line),
  kind: line.kind,
  ...(line.isEndTyped ? { isEndTyped: true } : {}),
})

/** What is compared right before the write: all that goes on elsewhere, and the end. */
const fieldsOf = ({ quantity, price, cost, cancelledOn }: Wish['stood'], after: Fields): Fields => ({
  quantity,
  ...(price === undefined ? {} : { price }),
  ...(cost === undefined ? {} : { cost }),
  ...(after.cancelledOn === undefined || cancelledOn === undefined ? {} : { cancelledOn }),
})

function refused(wish: Wish, from: AgreementState | undefined, why: string): Made {
  const text = `${wish.wish === 'end' ? 'cannot be ended' : 'cannot be moved'}: ${why}`
  const company = from ? { companyId: from.agreement.companyId } : {}
  const row = { ...plain(wish, text), ...company, holds: [{ guard: 'G21', text, block: true as const }] }
  return { rows: [{ ...row, outcome: 'held', attention: true }] }
}

const plain = ({ additionId, agreementId, stood, line }: Wish, reason: string): PlanRow => ({
  key: `addition:${additionId}`,
  source: line?.source ?? '',
  accounts: line ? [line.account] : [],
  mappings: [],
  agreementId,
  additionId,
  productId: stood.productId,
  before: {},
  after: {},
  holds: [],
  reason,
  outcome: 'pending',
  attention: false,
})
