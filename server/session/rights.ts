import { isToBeMade } from '#billing/record.ts'
import { save } from '#db/db.ts'
import { listMemberRights, type MemberRight, saveMemberRights } from '#db/member-rights.ts'
import { findWithAdditions } from '#db/mirror.ts'
import type { Deps, MemberView, RecordKind, Told } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { viewOfSession } from './member.ts'
import { SessionOver } from './session-over.ts'
import type { Viewer } from './viewer.ts'

const rememberedMs = 5 * 60_000
/** While ConnectWise cannot be asked, what it said this lately still counts. */
const lastResortMs = 15 * 60_000
const batch = 200

const missingRight: Record<RecordKind, string> = {
  company:
    'You cannot see this company in ConnectWise (Companies › Company Maintenance › Inquire), so it is not shown here. Ask who administers ConnectWise for that right.',
  agreement:
    'You cannot see this agreement in ConnectWise (Finance › Agreements › Inquire), so it is not shown here. Ask who administers ConnectWise for that right.',
}

/**
 * Those of these records that the viewer may read in ConnectWise, asked as them, remembered for five minutes. A record to
 * be made has no rights there yet: finance and admin, who may want one, see it.
 */
export async function listReadable(
  deps: Deps,
  viewer: Viewer,
  kind: RecordKind,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const subjects = new Map(ids.filter((id) => !isToBeMade(id)).map((id) => [`${kind}:${id}`, id]))
  const allowed = await ask(deps, viewer, [...subjects.keys()], async (view, asked) => {
    const wanted = asked.flatMap((subject) => subjects.get(subject) ?? [])
    const told = await view.readable(kind, wanted)
    return told.outcome === 'told' ? { ...told, value: new Set([...told.value].map((id) => `${kind}:${id}`)) } : told
  })
  const wanted = viewer.role === 'technician' ? [] : ids.filter(isToBeMade)
  return new Set([...wanted, ...[...allowed].flatMap((subject) => subjects.get(subject) ?? [])])
}

/** Throws a Problem naming the missing right when the viewer may not read this record in ConnectWise. */
export async function requireReadable(deps: Deps, viewer: Viewer, kind: RecordKind, id: number): Promise<void> {
  const readable = await listReadable(deps, viewer, kind, [id])
  if (!readable.has(id)) throw new Problem('forbidden', missingRight[kind])
}

/**
 * Whether cost and price of this agreement's additions may be shown: to finance, who sees them in ConnectWise too. An empty
 * list tells so only when our copy is empty as well; else its additions are kept from the member.
 */
export async function maySeeMoney(deps: Deps, viewer: Viewer, agreementId: number): Promise<boolean> {
  if (viewer.role === 'technician') return false
  // It holds no price that ConnectWise could keep from anybody.
  if (isToBeMade(agreementId)) return true
  const subject = `money:${agreementId}`
  const allowed = await ask(deps, viewer, [subject], async (view) => {
    const told = await view.pricesOf(agreementId)
    if (told.outcome !== 'told') return told
    const isShown =
      told.value === 'no-additions' ? !(await findWithAdditions(viewer.scope, [agreementId])) : told.value === 'shown'
    return { outcome: 'told', value: new Set(isShown ? [subject] : []) }
  })
  return allowed.has(subject)
}

/**
 * Of these agreements, those whose costs and prices may be shown in a list. Whether a member sees prices is one right of
 * their security role, so it is asked of one agreement they may read, with additions to tell by, not of each.
 */
export async function listMoneyReadable(
  deps: Deps,
  viewer: Viewer,
  agreements: readonly number[],
): Promise<ReadonlySet<number>> {
  if (viewer.role === 'technician') return new Set()
  const readable = await listReadable(deps, viewer, 'agreement', agreements)
  const [first] = [...readable].filter((id) => !isToBeMade(id)).sort((a, b) => a - b)
  const one = (await findWithAdditions(viewer.scope, [...readable])) ?? first
  if (one === undefined) return readable
  return (await maySeeMoney(deps, viewer, one)) ? readable : new Set()
}

type Question = (view: MemberView, subjects: readonly string[]) => Promise<Told<ReadonlySet<string>>>

/** The allowed ones of these subjects: from memory, and as the member for the rest. */
async function ask(
  deps: Deps,
  viewer: Viewer,
  subjects: readonly string[],
  question: Question,
): Promise<ReadonlySet<string>> {
  const now = deps.now()
  const known = await listMemberRights(viewer.scope, viewer.member, subjects, now - lastResortMs)
  const fresh = known.filter(({ askedAt }) => askedAt > now - rememberedMs)
  const missing = without(subjects, fresh)
  if (missing.length === 0) return allowedOf(fresh)
  const told = await askInBatches(deps, viewer, missing, question)
  if (told) {
    await save(deps.db, saveMemberRights(viewer.scope, viewer.member, told))
    return allowedOf([...fresh, ...told])
  }
  if (without(subjects, known).length === 0) return allowedOf(known)
  throw new Problem(
    'unreachable',
    'Your rights in ConnectWise cannot be checked right now, because it does not answer. Try again in a minute.',
    { retry: true },
  )
}

/** undefined when ConnectWise cannot be asked. */
async function askInBatches(
  deps: Deps,
  viewer: Viewer,
  subjects: readonly string[],
  question: Question,
): Promise<MemberRight[] | undefined> {
  const member = await viewOfSession(deps, viewer.scope, viewer.session)
  if (!member) throw new SessionOver()
  const rights: MemberRight[] = []
  for (let from = 0; from < subjects.length; from += batch) {
    const asked = subjects.slice(from, from + batch)
    const told = await question(member.view, asked)
    if (told.outcome === 'refused') throw new SessionOver()
    if (told.outcome === 'unreachable') return undefined
    const askedAt = deps.now()
    rights.push(...asked.map((subject) => ({ subject, allowed: told.value.has(subject), askedAt })))
  }
  return rights
}

const without = (subjects: readonly string[], known: readonly MemberRight[]): string[] => {
  const told = new Set(known.map(({ subject }) => subject))
  return [...new Set(subjects)].filter((subject) => !told.has(subject))
}

const allowedOf = (rights: readonly MemberRight[]): ReadonlySet<string> =>
  new Set(rights.filter(({ allowed }) => allowed).map(({ subject }) => subject))
