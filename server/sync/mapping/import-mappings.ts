import { isOfLines, targetText } from '#billing/mapping.ts'
import { dayIn } from '#billing/period.ts'
import { ruleText } from '#billing/rule.ts'
import { addUnlisted, placeUnplaced } from '#db/accounts.ts'
import type { Scope, Statement } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { listMappings, type MappingRow, saveMappings } from '#db/mappings.ts'
import { listSources, type Source } from '#db/sources.ts'
import type { Deps } from '#server/deps.ts'
import { type Place, Problem } from '#server/problem.ts'
import { placeAnew } from '#sync/lines/place.ts'
import { tenantOf } from '#sync/run.ts'
import { countedTwice, differingRules, repeated } from './checks.ts'
import { fileRowOf, type NumberedRow, parseMappings, placeOf } from './file.ts'
import { fileIdentityOf, identityOf, type SourcedRow, saidBy } from './identity.ts'
import { placedTwice } from './line-rows.ts'
import { ruleInForce } from './mappings.ts'
import { readTargets } from './read-targets.ts'
import { targetProblems } from './targets.ts'

/** How many mappings an import added, changed and found as they were. */
export interface Imported {
  added: number
  changed: number
  unchanged: number
}

/**
 * Stores the mappings of a file, all or none (INTERFACE). Everything a row names must exist in ConnectWise now. Throws a
 * Problem with every bad place of every row; rows that are not in the file stay as they are.
 */
export async function importMappings(deps: Deps, scope: Scope, text: string): Promise<Imported> {
  const tenant = await tenantOf(scope)
  const { rows, places } = parseMappings(text)
  const sources = await listSources(scope)
  const { sourced, unsourced } = withSources(sources, rows)
  const stored = await listMappings(scope)
  const { existing, mirrored } = await readTargets(
    deps,
    scope,
    rows.map(({ row }) => row),
  )
  const today = dayIn(tenant.zone, deps.now())
  const all: Place[] = [
    ...places,
    ...unsourced,
    ...repeated(sourced),
    ...countedTwice(sourced, stored),
    ...placedTwice(sourced, stored),
    ...differingRules(sourced, stored, sources),
    ...rows.flatMap((row) => targetProblems(row, existing, today)),
  ]
  if (all.length > 0) throw refusal(all)
  return saveImport(deps, scope, { rows: sourced, stored, sources, mirrored })
}

const rowNumber = ({ path }: Place): number => Number(/\d+/.exec(path)?.[0] ?? 0)

function refusal(places: readonly Place[]): Problem {
  const inOrder = [...places].sort((a, b) => rowNumber(a) - rowNumber(b))
  const rows = new Set(inOrder.map(rowNumber)).size
  const said = rows === 1 ? '1 row is not valid' : `${rows} rows are not valid`
  return new Problem('invalid', `${said}; nothing was imported.`, { places: inOrder })
}

function withSources(
  sources: readonly Source[],
  rows: readonly NumberedRow[],
): { sourced: SourcedRow[]; unsourced: Place[] } {
  const ids = new Map([
    ...sources.map(({ id, name }) => [name, id] as const),
    ...sources.map(({ id }) => [id, id] as const),
  ])
  const sourced: SourcedRow[] = []
  const unsourced: Place[] = []
  for (const { number, row } of rows) {
    const sourceId = ids.get(row.source)
    if (sourceId === undefined) unsourced.push(placeOf(number, 'source', noSource(row.source, sources)))
    else sourced.push({ number, row, sourceId })
  }
  return { sourced, unsourced }
}

function noSource(named: string, sources: readonly { name: string }[]): string {
  const names = sources.map(({ name }) => name).join(', ')
  return `there is no source ${named}; ${names === '' ? 'add one first: trueup sources add' : `there is ${names}`}`
}

interface ToImport {
  rows: readonly SourcedRow[]
  stored: readonly MappingRow[]
  sources: readonly Source[]
  mirrored: readonly Statement[]
}

async function saveImport(deps: Deps, scope: Scope, { rows, stored, sources, mirrored }: ToImport): Promise<Imported> {
  const known = new Map(stored.map((row) => [identityOf(row), row]))
  const at = deps.now()
  // Ids that rise keep the file's order in an export.
  const ids = rows.map(() => deps.id()).sort()
  const made = rows.map((row, nth) => {
    const before = known.get(fileIdentityOf(row))
    return {
      before,
      after: before ? changedRow(before, row, at) : newRow(scope, row, { id: ids[nth] ?? deps.id(), at, sources }),
    }
  })
  const added = made.filter(({ before }) => !before)
  const changed = made.filter(({ before, after }) => before && !isSame(before, after))
  const touched = [...added, ...changed].map(({ after }) => after)
  const counts = { added: added.length, changed: changed.length, unchanged: rows.length - touched.length }
  if (touched.length > 0) {
    const ofLines = touched.filter(isOfLines)
    const stamp = { change: deps.id(), updatedAt: at, updatedBy: 'import' }
    const accounts = [...addUnlisted(scope, touched, at), ...placeUnplaced(scope, ofLines, stamp)]
    await saveWithEntry(scope, [...mirrored, ...saveMappings(scope, touched), ...accounts], {
      at,
      event: 'imported',
      body: { ...counts, rows: touched.map((row) => ({ id: row.id, ...fileRowOf(row) })) },
    })
    await placeAnew(scope)
  }
  deps.log.info('mappings.imported', { tenant: scope.tenant, counts })
  return counts
}

/** An import is a person's word, so the first write of a new row needs no hold (G6). */
function newRow(
  { tenant }: Scope,
  sourced: SourcedRow,
  { id, at, sources }: { id: string; at: number; sources: readonly Source[] },
): MappingRow {
  const said = saidBy(sourced)
  return {
    ...said,
    id,
    tenantId: tenant,
    additionId: sourced.row.addition ?? null,
    parkedReason: null,
    parkedAt: null,
    confirmedTarget: targetText(said),
    confirmedRule: ruleText(ruleInForce(said, sources)),
    createdAt: at,
    updatedAt: at,
    updatedBy: 'import',
  }
}

/** Keeps what was confirmed, so that another rule or company is held once (G6, G8), and ends the parking. */
const changedRow = (before: MappingRow, sourced: SourcedRow, at: number): MappingRow => ({
  ...before,
  ...(before.parkedReason !== null && sourced.row.addition === undefined ? soughtAnew : {}),
  ...saidBy(sourced),
  parkedReason: null,
  parkedAt: null,
  updatedAt: at,
})

/** The addition its product was found as is gone: another one is looked for, and waits for a person first. */
const soughtAnew = { additionId: null, confirmedTarget: null }

const isSame = (before: MappingRow, after: MappingRow): boolean =>
  before.parkedReason === null && JSON.stringify(fileRowOf(before)) === JSON.stringify(fileRowOf(after))
