import type { Book } from '#billing/book.ts'
import { type ContactCompany, type ContactUser, contactRows, emailOf } from '#billing/contact-rows.ts'
import type { Mapping } from '#billing/mapping.ts'
import { peopleBehind } from '#billing/people.ts'
import { dayIn } from '#billing/period.ts'
import type { PlanRow } from '#billing/plan.ts'
import { usersOf } from '#billing/user-list.ts'
import { type KnownContact, listKnownContacts, saveKnownContacts } from '#db/contacts.ts'
import { listCreations } from '#db/creations.ts'
import { type Scope, save } from '#db/db.ts'
import { addLogs } from '#db/logs.ts'
import { listCompanies } from '#db/mirror.ts'
import { listSources, type Source } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { type About, inScopeOf } from '#sync/asked.ts'
import type { Lease } from '#sync/lease.ts'
import { loadMappings } from '#sync/mapping/mappings.ts'
import { each, type Slice, widthOf } from '#sync/slice.ts'
import { loadBooks } from '#sync/sources/collect.ts'

interface Exporting {
  deps: Deps
  scope: Scope
  lease: Lease
  slice: Slice
  tenant: Tenant
  run: About & { id: string }
}

interface Place {
  companyId: number
  users: ContactUser[]
  isWhole: boolean
  deactivates: boolean
}

/**
 * The rows of users that become contacts of their company (FEATURES 4.12, S19), of sources whose switch is on. A company's
 * contacts are read only when a user of it is not known as one yet; what cannot be read is told and left to the next run.
 */
export async function exportContacts(exporting: Exporting): Promise<PlanRow[]> {
  const { deps, scope, tenant, run } = exporting
  const sources = (await listSources(scope)).filter(({ data }) => data.contacts)
  if (sources.length === 0) return []
  const switched = new Set(sources.map(({ id }) => id))
  const stored = await loadMappings(scope)
  const all = stored.filter((one) => isExporting(one) && switched.has(one.source))
  const unheard = new Set(stored.filter((one) => !all.includes(one)).map(({ companyId }) => companyId))
  const asked = new Set(all.filter(inScopeOf(run)).map(({ companyId }) => companyId))
  const mappings = all.filter(({ companyId }) => asked.has(companyId))
  const accounts = [...new Set(mappings.map(({ account }) => account))]
  const now = deps.now()
  const today = dayIn(tenant.zone, now)
  const { books } = await loadBooks(scope, { tenant, sources, mappings, today, now, accounts, people: true })
  const places = placesOf(mappings, sources, books)
  const companies = await listCompanies(
    scope,
    places.map(({ companyId }) => companyId),
  )
  const read = await readContacts(exporting, places)
  const wanted = await wantedContacts(scope)
  const known = companies.flatMap(({ id, name, deleted }): ContactCompany[] => {
    const place = places.find(({ companyId }) => companyId === id)
    const contacts = read.get(id)
    if (!place || !contacts || deleted) return []
    const isWhole = place.isWhole && !unheard.has(id)
    return [{ ...place, isWhole, id, name, contacts: new Map([...(wanted.get(id) ?? []), ...contacts]) }]
  })
  return contactRows(known, tenant.limits)
}

const isExporting = ({ include, parkedReason, companyId }: Mapping): boolean =>
  include && parkedReason === undefined && companyId > 0

/** The users of each company that mappings name, over all its accounts. */
function placesOf(mappings: readonly Mapping[], sources: readonly Source[], books: ReadonlyMap<string, Book>): Place[] {
  const places = new Map<number, Place>()
  for (const mapping of mappings) {
    const { companyId, source, account, id } = mapping
    const book = books.get(source)
    const statement = book?.unusable ? undefined : book?.statements.get(account)
    const isWhole = statement?.snapshot.complete === true && book?.shrunk === undefined
    const behind = statement ? peopleBehind(statement, mapping.reads, mapping.rule.exclude) : []
    const users = usersOf(behind).map(({ person }) => ({
      ...{ person, source, account, mappings: [id], snapshot: statement?.snapshot.id ?? '' },
    }))
    const isNamed = users.length > 0 || mapping.reads.every((read) => 'sku' in read)
    const place = places.get(companyId) ?? { companyId, users: [], isWhole: true, deactivates: true }
    const { inactiveContacts } = sources.find((one) => one.id === source)?.data ?? {}
    places.set(companyId, {
      companyId,
      users: [...place.users, ...users],
      isWhole: place.isWhole && isWhole && isNamed,
      deactivates: place.deactivates && inactiveContacts === true,
    })
  }
  return [...places.values()]
}

/** Contacts that somebody wants made for agreements, by company and address: no user becomes them once more. */
async function wantedContacts(scope: Scope): Promise<Map<number, ContactCompany['contacts']>> {
  const wanted = new Map<number, Map<string, { contactId: number; isOurs: boolean; inactive: boolean }>>()
  for (const { id, draft } of await listCreations(scope)) {
    const email = draft.record === 'contact' ? emailOf(draft) : undefined
    if (draft.record !== 'contact' || email === undefined) continue
    const contacts = wanted.get(draft.companyId) ?? new Map()
    wanted.set(draft.companyId, contacts.set(email, { contactId: id, isOurs: false, inactive: false }))
  }
  return wanted
}

type Contacts = Map<string, KnownContact>

/** What each company has of contacts, by address; a company that could not be read is left out. */
async function readContacts(exporting: Exporting, places: readonly Place[]): Promise<Map<number, Contacts>> {
  const { deps, scope, lease, slice } = exporting
  const known = await listKnownContacts(
    scope,
    places.map(({ companyId }) => companyId),
  )
  const read = new Map(places.map(({ companyId }) => [companyId, new Map() as Contacts]))
  for (const contact of known) read.get(contact.companyId)?.set(contact.email, contact)
  const unread = places.filter(({ companyId, users }) => users.some((user) => isUnknown(user, read.get(companyId))))
  const failures: Problem[] = []
  const connectWise = unread.length > 0 ? await deps.connectWise(scope) : undefined
  for (const { companyId } of unread) read.delete(companyId)
  await each(unread, widthOf(deps), slice, async ({ companyId, users }) => {
    if (!connectWise || failures.some(({ kind }) => kind === 'forbidden')) return
    await lease.keep()
    try {
      const wanted = new Set(users.flatMap(({ person }) => emailOf(person) ?? []))
      const found = (await connectWise.listContactsOf(companyId)).flatMap(({ id, emails, inactive }) =>
        emails
          .map((email) => email.trim().toLowerCase())
          .filter((email) => wanted.has(email))
          .map((email) => ({ companyId, email, contactId: id, isOurs: false, inactive, readAt: deps.now() })),
      )
      const mine = known.filter((contact) => contact.companyId === companyId)
      const fresh = found.filter(({ email }) => !mine.some((contact) => contact.email === email))
      await save(scope.db, saveKnownContacts(scope, fresh))
      read.set(companyId, new Map([...mine, ...fresh].map((contact) => [contact.email, contact])))
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.kind === 'conflict') throw problem
      failures.push(problem)
    }
  })
  await tell(exporting, failures)
  return read
}

const isUnknown = ({ person }: ContactUser, contacts: Contacts | undefined): boolean => {
  const email = emailOf(person)
  return email !== undefined && !contacts?.has(email)
}

/** Users are no billing: what could not be read of them is a WARNING and fails no run. */
async function tell({ deps, scope, run }: Exporting, failures: readonly Problem[]): Promise<void> {
  const [first] = failures
  if (!first) return
  const companies = failures.length === 1 ? '1 company' : `${failures.length} companies`
  const text = `The contacts of ${companies} could not be read, so no user becomes one: ${first.message}`
  const entry = { id: `${run.id}-contacts-unread`, at: deps.now(), level: 'warning' as const, event: 'contacts.unread' }
  await save(scope.db, addLogs(scope, [{ ...entry, text, runId: run.id }]))
}
