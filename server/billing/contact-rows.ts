import type { Limits } from './limits.ts'
import { wantedIdOf } from './needed-records.ts'
import type { PlanRow } from './plan.ts'
import type { Person } from './reading.ts'
import type { NewContact } from './record.ts'

/** A user of an account, with where its row comes from. */
export interface ContactUser {
  person: Person
  source: string
  snapshot: string
  account: string
  mappings: readonly string[]
}

/** The users and contacts of one company, as far as they are known (FEATURES 4.12). */
export interface ContactCompany {
  id: number
  name: string
  users: readonly ContactUser[]
  /** Whether these are certainly all of its users, of every account mapped to it: only then has anybody left. */
  isWhole: boolean
  /** By e-mail address in lower case. */
  contacts: ReadonlyMap<string, { contactId: number; isOurs: boolean; inactive: boolean }>
  /** Whether contacts that TrueUp made are set inactive once their user has left. */
  deactivates: boolean
}

/** Whether a row or write is of the export of users, which is counted apart from billing. */
export const isExported = ({ record, key }: { record?: string | undefined; key: string }): boolean =>
  record === 'contact' && wantedIdOf(key) === undefined

/**
 * A row per user with an e-mail address that is no contact of the company yet, and per contact of ours whose user has
 * left. Contacts of others are never touched. The first export to a company waits for a person, with its number.
 */
export const contactRows = (companies: readonly ContactCompany[], { fall }: Pick<Limits, 'fall'>): PlanRow[] =>
  companies.flatMap((company) => [...joined(company), ...left(company, fall)])

function joined({ id, name, users, contacts }: ContactCompany): PlanRow[] {
  const fresh = new Map<string, ContactUser>()
  for (const user of users) {
    const email = emailOf(user.person)
    if (email !== undefined && !contacts.has(email) && !fresh.has(email)) fresh.set(email, user)
  }
  const isFirst = ![...contacts.values()].some(({ isOurs }) => isOurs)
  const what = fresh.size === 1 ? '1 user becomes a contact' : `${fresh.size} users become contacts`
  const holds = isFirst ? [{ guard: 'G12', text: `${what} of ${name} for the first time` }] : []
  return [...fresh].map(([email, { person, source, snapshot, account, mappings }]) => ({
    ...{ key: `contact:${id}/${email}`, record: 'contact', change: 'create', draft: draftOf(id, email, person) },
    ...{ source, snapshot, accounts: [account], mappings, companyId: id, before: {}, after: {}, holds },
    ...{ reason: `a user of ${account} and no contact of ${name} yet`, outcome: 'pending', attention: false },
  }))
}

function left({ id, name, users, isWhole, contacts, deactivates }: ContactCompany, fall: Limits['fall']): PlanRow[] {
  const [first] = users
  if (!deactivates || !isWhole || !first) return []
  const present = new Set(users.flatMap(({ person }) => emailOf(person) ?? []))
  const ours = [...contacts].filter(([, { isOurs, inactive }]) => isOurs && !inactive)
  const gone = ours.filter(([email]) => !present.has(email))
  const isMany = gone.length > Math.max(fall.units, (ours.length * fall.percent) / 100)
  const text = `${gone.length} of ${ours.length} contacts of ${name} would be set inactive`
  const { source, snapshot, account, mappings } = first
  return gone.map(([email, { contactId }]) => ({
    ...{ key: `contact:${id}/${email}/inactive`, record: 'contact', change: 'cancel' },
    draft: { record: 'contact', companyId: id, firstName: email, email, inactiveId: contactId },
    ...{ source, snapshot, accounts: [account], mappings, companyId: id, before: {}, after: {} },
    ...{ holds: isMany ? [{ guard: 'G2', text }] : [], outcome: 'pending', attention: false },
    reason: `${email} is no user any more; the contact that TrueUp made is set inactive`,
  }))
}

const longestEmail = 250
const longestName = 30

/** In lower case; undefined when there is none that could be written to. */
export function emailOf({ email = '' }: Partial<Person>): string | undefined {
  const plain = email.trim().toLowerCase()
  return plain.length <= longestEmail && /^[^\s@<>"(),;:]+@[^\s@<>"(),;:]+\.[^\s@<>"(),;:]+$/.test(plain)
    ? plain
    : undefined
}

function draftOf(companyId: number, email: string, { name = '' }: Person): NewContact {
  const { firstName, lastName } = namesOf(name, email)
  const last = lastName.slice(0, longestName)
  return {
    record: 'contact',
    companyId,
    firstName: firstName.slice(0, longestName),
    ...(last ? { lastName: last } : {}),
    email,
  }
}

/** `Ann Marie Lee` and `Lee, Ann Marie` are the same; without a name the address stands in for it. */
function namesOf(name: string, email: string): { firstName: string; lastName: string } {
  const plain = name.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  if (plain === '') return { firstName: email.split('@')[0] ?? email, lastName: '' }
  const [before = '', after] = plain.split(/\s*,\s*/, 2)
  if (after) return { firstName: after, lastName: before }
  const words = before.split(' ')
  return { firstName: words.slice(0, -1).join(' ') || before, lastName: words.length > 1 ? (words.at(-1) ?? '') : '' }
}
