import { readWords } from '#billing/mapping.ts'
import { monthName } from '#billing/period.ts'
import type { Read, Reading } from '#billing/reading.ts'
import { listPlaces } from '#db/accounts.ts'
import { listShared } from '#db/line-places.ts'
import type { ListedAccount } from '#db/listed-accounts.ts'
import { type AccountKey, listMappingsOf, type MappingRow } from '#db/mappings.ts'
import { sha256 } from '#db/sha256.ts'
import { listSources } from '#db/sources.ts'
import { loadNames, type Names } from '#routes/names.ts'
import type { Deps } from '#server/deps.ts'
import type { Viewer } from '#session/viewer.ts'
import { type LastResult, lastResults, worstResult } from '#sync/last-results.ts'
import { versionOf } from '#sync/mapping/account-state.ts'
import { keyText, newestWords, type Word } from '#sync/sources/newest-words.ts'
import type { AccountLine, TargetLine } from '#views/mapping/line.ts'
import { resultLine } from './last-result.ts'

const mostNumbers = 3

/** Rows of the mapping grid, of those accounts whose company the viewer may read in ConnectWise; `hidden` are the others. */
export async function linesOf(
  deps: Deps,
  viewer: Viewer,
  rows: readonly ListedAccount[],
): Promise<{ lines: AccountLine[]; hidden: number }> {
  const { scope } = viewer
  const keys = rows.map(({ sourceId, account }) => ({ sourceId, account }))
  const [sources, mappings, places, sharing] = await Promise.all([
    listSources(scope),
    listMappingsOf(scope, { accounts: keys }),
    listPlaces(scope),
    listShared(scope),
  ])
  const names = await loadNames(deps, viewer, {
    companies: [...rows.map(({ companyId }) => companyId), ...mappings.map(({ companyId }) => companyId)],
    agreements: [...rows.map(({ agreementId }) => agreementId), ...mappings.map(({ agreementId }) => agreementId)],
    products: mappings.map(({ productId }) => productId),
  })
  const words = await newestWords(scope, sources, keys)
  const results = await lastResults(
    scope,
    mappings.filter(({ include }) => include),
  )
  const shared = sharedCompanies(places)
  const isShared = ({ ofLines, include, companyId }: ListedAccount) =>
    companyId !== null && (ofLines ? include && sharing.includes(companyId) : shared.has(companyId))
  const sourceNames = new Map(sources.map(({ id, name }) => [id, name]))
  const creates = mayMake(viewer)
  const seen = rows.filter(({ companyId }) => companyId === null || names.mayRead(companyId))
  const lines = seen.map((row) =>
    lineOf(row, {
      mappings: mappings.filter(({ sourceId, account }) => sourceId === row.sourceId && account === row.account),
      word: words.get(keyText(row)),
      sourceName: sourceNames.get(row.sourceId) ?? row.sourceId,
      names,
      isShared: isShared(row),
      creates,
      results,
      viewer,
    }),
  )
  return { lines, hidden: rows.length - seen.length }
}

interface Known {
  mappings: readonly MappingRow[]
  word: Word | undefined
  sourceName: string
  names: Names
  isShared: boolean
  creates: AccountLine['creates']
  results: ReadonlyMap<string, LastResult>
  viewer: Viewer
}

function lineOf(row: ListedAccount, known: Known): AccountLine {
  const { mappings, word, names } = known
  const { companyId, agreementId } = row
  return {
    id: rowId(row),
    source: row.sourceId,
    sourceName: known.sourceName,
    account: row.account,
    name: row.name,
    version: versionOf(row, mappings),
    ...(row.ofLines ? { numbers: [countOf(row.lines)] } : word ? numbersOf(word) : { numbers: [] }),
    ...(row.ofLines ? { ofLines: { isShared: known.isShared } } : {}),
    ...(row.listed ? {} : { goneSince: row.lastSeenAt }),
    ...statusOf(row, known),
    include: row.targets > 0 && !row.ofLines ? row.included > 0 : row.include,
    ...resultOf(row, known),
    ...(companyId === null ? {} : { company: names.company(companyId) }),
    ...(agreementId === null ? {} : { agreement: names.agreement(agreementId) }),
    targets: mappings.map((mapping) => targetOf(mapping, names)),
    reads: readsOf(word?.readings ?? []).map((read) => ({ value: JSON.stringify(read), text: readWords(read) })),
    creates: known.creates,
  }
}

/** The last result of its included targets; a parked one says more by its status, and one in an agreement that is not shown nothing. */
function resultOf(row: ListedAccount, { mappings, results, viewer, names }: Known): Pick<AccountLine, 'result'> {
  if (row.parked > 0 || row.ofLines) return {}
  const about = { source: row.sourceId, account: row.account }
  if (mappings.some(({ agreementId }) => !names.mayReadAgreement(agreementId))) return {}
  const result = worstResult(mappings.flatMap(({ id }) => results.get(id) ?? []))
  if (result) return { result: resultLine(result, viewer, about) }
  return row.included > 0 ? { result: { state: 'none' } } : {}
}

/** What the tenant's settings let whoever maps have made (M5). */
function mayMake({ tenant: { creation } }: Viewer): AccountLine['creates'] {
  const policies = { company: creation.companies, agreement: creation.agreements, product: creation.products }
  return (['company', 'agreement', 'product'] as const).filter((record) => policies[record] !== 'off')
}

/** An account's key may hold any character; an id in the page may not. */
export const rowId = (key: AccountKey): string => `a${sha256(keyText(key)).slice(0, 12)}`

function statusOf(row: ListedAccount, { mappings, isShared, word }: Known): Pick<AccountLine, 'status' | 'reason'> {
  const parked = mappings.find(({ parkedReason }) => parkedReason !== null)?.parkedReason
  if (parked) return { status: 'parked', reason: `${parked}. Map it again or unmap it.` }
  if (row.ofLines) return statusOfLines(row, isShared)
  if (mappings.length > 0 && row.included === 0)
    return { status: 'excluded', reason: 'Nothing is written until it is included.' }
  if (mappings.length > 0) return { status: 'mapped', ...partly(row) }
  return { status: 'unmapped', ...missing(row, isShared, word?.readings.some(({ kind }) => kind === 'sku') ?? false) }
}

/** Invoice lines need the company and include; each may name its own agreement (4.6). */
function statusOfLines({ companyId, agreementId, include }: ListedAccount, isShared: boolean) {
  if (companyId === null) return { status: 'unmapped' as const }
  if (!include) return { status: 'excluded' as const, reason: 'No line is posted until it is included.' }
  const shared = { reason: 'Two accounts share this company: each line names its agreement (Invoice lines).' }
  if (isShared) return { status: 'mapped' as const, ...shared }
  const made = { reason: 'Lines without an agreement go to one new agreement of the default type.' }
  return { status: 'mapped' as const, ...(agreementId === null ? made : {}) }
}

const countOf = (lines: number): string => (lines === 1 ? '1 line' : `${lines} lines`)

const partly = ({ included, targets }: ListedAccount) =>
  included < targets ? { reason: `${included} of ${targets} targets included.` } : {}

function missing({ companyId, agreementId }: ListedAccount, isShared: boolean, usesSkus: boolean): { reason?: string } {
  if (companyId === null) return {}
  if (agreementId !== null && usesSkus) return { reason: 'Choose products for its SKUs under Products.' }
  if (agreementId !== null) return { reason: 'Choose the addition or product.' }
  return { reason: isShared ? 'Two accounts share this company: choose the agreement.' : 'Choose the agreement.' }
}

const targetOf = (mapping: MappingRow, names: Names): TargetLine => ({
  mapping: mapping.id,
  agreement: names.agreement(mapping.agreementId),
  ...names.target(mapping),
  reads: mapping.reads.map(readWords).join(' + '),
  included: mapping.include,
  ...(mapping.parkedReason === null ? {} : { parked: mapping.parkedReason }),
})

/** The newest numbers, the period they are of and when they were taken (M14). */
function numbersOf({ readings, snapshot }: Word): Pick<AccountLine, 'numbers' | 'numbersOf' | 'numbersAt'> {
  const texts = readings.map(({ name, quantity }) => `${quantity} ${name}`)
  const more = texts.length > mostNumbers ? [`and ${texts.length - mostNumbers} more`] : []
  return {
    numbers: [...texts.slice(0, mostNumbers), ...more],
    numbersOf: monthName(snapshot.period),
    numbersAt: snapshot.takenAt,
  }
}

/** What may be read of an account, each metric or SKU and term once. */
export function readsOf(readings: readonly Reading[]): Read[] {
  const reads = readings.map(
    ({ kind, name, term }): Read =>
      kind === 'metric' ? { metric: name } : { sku: name, ...(term === undefined ? {} : { term }) },
  )
  return [...new Map(reads.map((read) => [JSON.stringify(read), read])).values()]
}

/** Companies that more than one account is meant for (FEATURES 4.6). */
function sharedCompanies(places: Awaited<ReturnType<typeof listPlaces>>): ReadonlySet<number> {
  const accounts = new Map<number, Set<string>>()
  for (const place of places)
    accounts.set(place.companyId, (accounts.get(place.companyId) ?? new Set()).add(keyText(place)))
  return new Set([...accounts].filter(([, keys]) => keys.size > 1).map(([company]) => company))
}
