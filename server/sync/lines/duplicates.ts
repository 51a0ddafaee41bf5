import { type Duplicate, duplicatesOf, type Purpose, whyKept } from '#billing/lines/duplicates.ts'
import { postedKey } from '#billing/lines/posting.ts'
import { whyNotEnded } from '#billing/move.ts'
import { addDays, type Day, dayIn } from '#billing/period.ts'
import { stoodOf, type Wish } from '#billing/wish.ts'
import { listWishes } from '#db/addition-wishes.ts'
import type { Scope } from '#db/db.ts'
import { listLineAdditions } from '#db/line-additions.ts'
import { listBilledAgreements, listPostedAs } from '#db/line-compare.ts'
import { listMappings } from '#db/mappings.ts'
import { listAdditions } from '#db/mirror.ts'
import { listDatedLines } from '#db/prorations.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { loadStates, wish } from './wish.ts'

/** What is billed twice as far as our copy of ConnectWise tells, without what somebody is ending or moving already (V6, Q4). */
export async function listDuplicates(scope: Scope, { currency }: Pick<Tenant, 'currency'>): Promise<Duplicate[]> {
  const agreements = await listBilledAgreements(scope)
  const ids = agreements.map(({ id }) => id)
  const [additions, purposes, wishes] = await Promise.all([
    listAdditions(scope, ids),
    listPurposes(scope, ids),
    listWishes(scope),
  ])
  const settled = new Set(wishes.map(({ additionId }) => additionId))
  return duplicatesOf({
    agreements: agreements.map(({ body }) => body),
    additions: additions.filter(({ id }) => !settled.has(id)),
    purposes,
    ...(currency === null ? {} : { currency }),
  })
}

/** What is known of why additions are there. */
async function listPurposes(scope: Scope, agreements: readonly number[]): Promise<Purpose[]> {
  const [lines, posted, mappings, dated] = await Promise.all([
    listLineAdditions(scope, { agreements }),
    listPostedAs(scope),
    listMappings(scope),
    listDatedLines(scope, agreements),
  ])
  const keys = new Map(posted.map((one) => [one.additionId, postedKey(one.sourceId, one.account, one.line)]))
  const known = [...mappings.flatMap(({ leaveAlone }) => leaveAlone), ...dated.map(({ additionId }) => additionId)]
  return [
    ...known.map((additionId) => ({ additionId, as: 'known' as const })),
    ...mappings.flatMap(({ additionId }) => (additionId === null ? [] : [{ additionId, as: 'mapping' as const }])),
    ...lines.map(({ additionId, identity, kind, closedAt }): Purpose => {
      const line = keys.get(additionId)
      const isOpen = kind === 'persistent' && closedAt === null
      return { additionId, as: 'line', identity, isOpen, ...(line === undefined ? {} : { line }) }
    }),
  ]
}

/** Additions to be ended as duplicates, each before it bills anything more. */
export interface Endings {
  keep: number
  end: readonly { agreementId: number; additionId: number }[]
}

/**
 * Wants duplicates ended, by one plan that waits for an approval (V6, G3). Throws a Problem where one has to stay or is on
 * an invoice already.
 */
export async function endDuplicates(deps: Deps, scope: Scope, tenant: Tenant, asked: Endings & { member: string }) {
  const today = dayIn(tenant.zone, deps.now())
  const group = await groupOf(scope, tenant, asked)
  const agreements = [...new Set(group.additions.map(({ agreementId }) => agreementId))]
  const states = await loadStates(deps, scope, tenant, agreements)
  await groupOf(scope, tenant, asked)
  const purposes = new Map((await listPurposes(scope, agreements)).map((purpose) => [purpose.additionId, purpose]))
  const wishes = asked.end.map(({ agreementId, additionId }): Wish => {
    const from = states.get(agreementId)
    const addition = from?.additions.find(({ id }) => id === additionId)
    if (!from || !addition) throw new Problem('conflict', `Addition ${additionId} is not there any more: refresh.`)
    const stood = stoodOf(addition)
    const lastOn = lastBilledOn(stood.effectiveOn, from.agreement.nextInvoiceOn, today)
    const reason = `a duplicate of addition ${asked.keep}`
    const ended: Wish = { additionId, agreementId, wish: 'end', lastOn, reason, stood }
    const why = whyKept(purposes.get(additionId)) ?? whyNotEnded(ended, from, { today })
    if (why !== undefined) throw new Problem('conflict', `Addition ${additionId} cannot be ended: ${why}.`)
    return ended
  })
  return wish(deps, scope, wishes, asked.member)
}

/** Duplicates of which these are some, as our copy has them: one that nothing doubles any more is not ended. */
async function groupOf(scope: Scope, tenant: Tenant, { keep, end }: Endings): Promise<Duplicate> {
  const ids = [keep, ...end.map(({ additionId }) => additionId)]
  const found = (await listDuplicates(scope, tenant)).find(({ additions }) =>
    ids.every((id) => additions.some((one) => one.id === id)),
  )
  if (!found)
    throw new Problem('conflict', 'They do not bill the same any more, or somebody ends or moves one: refresh.')
  return found
}

/** The day before the first one that no invoice holds; before its first day, where none does. */
const lastBilledOn = (effectiveOn: Day | undefined, next: Day | undefined, today: Day): Day => {
  const open = next ?? today
  return addDays(effectiveOn !== undefined && effectiveOn > open ? effectiveOn : open, -1)
}
