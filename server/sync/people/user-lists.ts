import type { Book } from '#billing/book.ts'
import type { Mapping } from '#billing/mapping.ts'
import { type Behind, peopleBehind } from '#billing/people.ts'
import { dayIn } from '#billing/period.ts'
import { fileNameOf, titleOf, userListCsv, usersOf } from '#billing/user-list.ts'
import type { Scope } from '#db/db.ts'
import type { DocumentKey } from '#db/documents.ts'
import { listUnwritten } from '#db/plan-lines.ts'
import type { Run } from '#db/runs.ts'
import { sha256 } from '#db/sha256.ts'
import { listSources, type Source } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { type About, inScopeOf } from '#sync/asked.ts'
import { loadMappings } from '#sync/mapping/mappings.ts'
import { loadBooks } from '#sync/sources/collect.ts'

/** A list of users as it should hang on an agreement now (FEATURES 4.12). */
export interface UserList extends DocumentKey {
  title: string
  fileName: string
  content: string
  contentHash: string
  users: number
}

type AskedRun = About & Pick<Run, 'planId'>

/**
 * The lists of everything a run is about, of sources whose switch is on: one per agreement, source, account and period.
 * Only a complete, unsuspicious word of the source makes one, so that nobody goes missing from a list by mistake.
 */
export async function wantedLists(deps: Deps, scope: Scope, tenant: Tenant, run: AskedRun): Promise<UserList[]> {
  const sources = (await listSources(scope)).filter(({ data }) => data.userList)
  if (sources.length === 0) return []
  const ids = new Set(sources.map(({ id }) => id))
  const mappings = (await loadMappings(scope)).filter((one) => isListed(one) && ids.has(one.source))
  const settled = await withoutFirstWrites(scope, run, mappings.filter(inScopeOf(run)))
  const asked = new Map(settled.map((mapping) => [placeOf(mapping), [] as Mapping[]]))
  for (const mapping of mappings) asked.get(placeOf(mapping))?.push(mapping)
  const places = [...asked.values()]
  const accounts = [...new Set(places.flat().map(({ account }) => account))]
  const today = dayIn(tenant.zone, deps.now())
  const { books } = await loadBooks(scope, {
    ...{ tenant, sources, mappings, today, now: deps.now() },
    accounts,
    people: true,
  })
  return places.flatMap((all) => {
    const source = sources.find(({ id }) => id === all[0]?.source)
    return (source && listOf(source, books.get(source.id), all)) ?? []
  })
}

/** Nobody's names go where the first write still waits for a yes: it may be another customer's agreement (G6). */
async function withoutFirstWrites(scope: Scope, { planId }: AskedRun, mappings: readonly Mapping[]) {
  const ids = mappings.map(({ id }) => id)
  const unwritten = planId === null || ids.length === 0 ? [] : await listUnwritten(scope, [planId], ids)
  const first = unwritten.filter(({ holds }) => holds.some(({ guard }) => guard === 'G6'))
  const waiting = new Set(first.flatMap((row) => row.mappings))
  return mappings.filter(({ id }) => !waiting.has(id))
}

const isListed = ({ include, parkedReason, agreementId }: Mapping): boolean =>
  include && parkedReason === undefined && agreementId > 0

const placeOf = ({ agreementId, source, account }: Mapping): string => JSON.stringify([agreementId, source, account])

function listOf(source: Source, book: Book | undefined, mappings: readonly Mapping[]): UserList | undefined {
  const [first] = mappings
  if (!first || !book || book.unusable || book.shrunk !== undefined) return undefined
  const statement = book.statements.get(first.account)
  if (!statement?.snapshot.complete) return undefined
  const behind = mappings.flatMap(({ reads, rule }) => peopleBehind(statement, reads, rule.exclude))
  if (!behind.some(namesPeople)) return undefined
  const users = usersOf(behind)
  const { period } = statement.snapshot
  const title = titleOf(source.name, period)
  const fileName = fileNameOf(first.account, period, sha256)
  const content = userListCsv({ id: first.account, name: statement.name }, users)
  return {
    ...{ agreementId: first.agreementId, sourceId: source.id, account: first.account, period },
    ...{ title, fileName, content, contentHash: sha256(JSON.stringify([title, fileName, content])) },
    users: users.length,
  }
}

/** A source that names nobody today because there is nobody makes an empty list; one that never names anybody, none. */
const namesPeople = ({ people, parts, note }: Behind): boolean =>
  people.length > 0 || (parts.length === 0 && note === undefined)
