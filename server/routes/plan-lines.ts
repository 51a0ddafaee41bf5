import type { Addition, Product } from '#billing/existing.ts'
import { timeIn } from '#billing/period.ts'
import { holdWords, words } from '#billing/words.ts'
import { type AgreementRow, listAdditions, listAgreements, listProducts } from '#db/mirror.ts'
import { listAccountNames, listPlanLines, listRowsOf, listTaken, type PlanLine } from '#db/plan-lines.ts'
import type { Plan, PlanRowRecord } from '#db/plans.ts'
import { listSources } from '#db/sources.ts'
import type { Deps } from '#server/deps.ts'
import { listReadable, maySeeMoney } from '#session/rights.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { isConflict } from '#sync/choose.ts'
import type { Conflict } from '#views/conflict.tsx'
import type { ChangeLine, CompanyLines } from '#views/plan-rows.tsx'
import { conflictKey, conflictsOf } from './conflicts.ts'
import { recordHref } from './links.ts'
import { moneyWords } from './money-words.ts'

export const linesPerPage = 50

/** The lines of a plan that the member may read in ConnectWise, and how many they may not. */
export interface ReadableLines {
  lines: readonly PlanLine[]
  hidden: readonly PlanLine[]
  seesMoney: boolean
}

/** What the member may see of some lines. */
export async function readableOf(deps: Deps, viewer: Viewer, all: readonly PlanLine[]): Promise<ReadableLines> {
  const [companies, agreements] = await Promise.all([
    listReadable(deps, viewer, 'company', unique(all.map((line) => line.companyId))),
    listReadable(deps, viewer, 'agreement', unique(all.map((line) => line.agreementId))),
  ])
  const isReadable = ({ companyId, agreementId }: PlanLine) =>
    (companyId === null || companies.has(companyId)) && (agreementId === null || agreements.has(agreementId))
  const lines = all.filter(isReadable)
  const [first] = unique(lines.map((line) => line.agreementId))
  const seesMoney =
    includesRole(viewer.role, 'finance') && (first === undefined || (await maySeeMoney(deps, viewer, first)))
  return { lines, hidden: all.filter((line) => !isReadable(line)), seesMoney }
}

export const readableLines = async (deps: Deps, viewer: Viewer, planId: string): Promise<ReadableLines> =>
  readableOf(deps, viewer, await listPlanLines(viewer.scope, planId))

/** One page of a plan's lines with their values, by company. */
export async function readGroups(
  deps: Deps,
  viewer: Viewer,
  plan: Plan,
  { lines, seesMoney }: ReadableLines,
  page: number,
): Promise<{ groups: CompanyLines[]; pages: number }> {
  const shown = lines.slice((page - 1) * linesPerPage, page * linesPerPage)
  const seqs = shown.map(({ seq }) => seq)
  const rows = await listRowsOf(viewer.scope, plan.id, seqs)
  const groups = await groupsOf(deps, viewer, shown, rows, { money: seesMoney, choosing: plan.state === 'waiting' })
  return { groups, pages: Math.max(1, Math.ceil(lines.length / linesPerPage)) }
}

/** Lines with their values, those of one company together. `choosing`: conflicts are shown with their choices. */
export async function groupsOf(
  deps: Deps,
  viewer: Viewer,
  lines: readonly PlanLine[],
  rows: readonly PlanRowRecord[],
  how: { money: boolean; choosing: boolean },
): Promise<CompanyLines[]> {
  const context = await contextOf(deps, viewer, rows, how)
  const bySeq = new Map(rows.map((row) => [row.seq, row]))
  const groups: { company: CompanyLines['company']; lines: ChangeLine[] }[] = []
  for (const line of lines) {
    const row = bySeq.get(line.seq)
    if (!row) continue
    const company = companyOf(viewer, line)
    const last = groups.at(-1)
    if (last && last.company?.id === company?.id) last.lines.push(lineOf(line, row, context))
    else groups.push({ company, lines: [lineOf(line, row, context)] })
  }
  return groups.map(({ company, ...group }) => ({ ...group, ...(company ? { company } : {}) }))
}

const companyOf = ({ tenant }: Viewer, { companyId, company }: PlanLine): CompanyLines['company'] =>
  companyId === null
    ? undefined
    : { id: companyId, name: company ?? `Company ${companyId}`, href: recordHref(tenant, 'company', companyId) }

interface Context {
  viewer: Viewer
  money: boolean
  agreements: ReadonlyMap<number, AgreementRow>
  additions: ReadonlyMap<number, Addition>
  products: ReadonlyMap<number, Product>
  accounts: ReadonlyMap<string, string>
  sources: ReadonlyMap<string, string>
  taken: ReadonlyMap<string, number>
  conflicts: ReadonlyMap<string, Conflict>
}

async function contextOf(
  deps: Deps,
  viewer: Viewer,
  rows: readonly PlanRowRecord[],
  { money, choosing }: { money: boolean; choosing: boolean },
): Promise<Context> {
  const { scope } = viewer
  const agreementIds = unique(rows.map((row) => row.agreementId))
  const [agreements, additions, products, accounts, sources, taken] = await Promise.all([
    listAgreements(scope, agreementIds),
    listAdditions(scope, agreementIds),
    listProducts(scope, unique(rows.map((row) => row.productId))),
    listAccountNames(
      scope,
      rows.flatMap((row) => row.accounts),
    ),
    listSources(scope),
    listTaken(
      scope,
      rows.flatMap((row) => row.snapshotId ?? []),
    ),
  ])
  const conflicts = choosing ? await conflictsOf(deps, viewer, rows, additions, money) : new Map()
  return {
    ...{ viewer, money, conflicts },
    agreements: new Map(agreements.map((row) => [row.id, row])),
    additions: new Map(additions.map((addition) => [addition.id, addition])),
    products: new Map(products.map((product) => [product.id, product])),
    accounts: new Map(accounts.map((row) => [`${row.sourceId}/${row.account}`, row.name])),
    sources: new Map(sources.map(({ id, name }) => [id, name])),
    taken: new Map(taken.map(({ id, takenAt }) => [id, takenAt])),
  }
}

function lineOf(line: PlanLine, row: PlanRowRecord, context: Context): ChangeLine {
  const { viewer, money, agreements, accounts } = context
  const agreement = agreements.get(row.agreementId ?? 0)
  const conflict = context.conflicts.get(conflictKey(row))
  const mayRetry = includesRole(viewer.role, 'finance') && row.outcome === 'failed' && row.mappings.length > 0
  const [text] = money && row.amount !== null ? moneyWords([{ ...line, amount: row.amount }]) : []
  return {
    seq: row.seq,
    who: row.accounts.map((account) => accounts.get(`${row.sourceId}/${account}`) ?? account).join(' + '),
    what: whatOf(row, context),
    ...(agreement ? { agreement: agreementOf(viewer, agreement) } : {}),
    state: stateOf(line, row),
    fields: fieldsOf(row, money),
    holds: row.outcome === 'held' ? holdsShown(row, conflict).map((hold) => holdWords(hold, money)) : [],
    reason: reasonOf(row, money),
    source: sourceOf(row, context),
    ...(line.nextInvoiceOn === null ? {} : { nextInvoiceOn: line.nextInvoiceOn }),
    ...(text === undefined ? {} : { money: text }),
    ...(mayRetry ? { retry: row.mappings } : {}),
    ...(conflict ? { conflict } : {}),
  }
}

const agreementOf = ({ tenant }: Viewer, { id, body }: AgreementRow) => ({
  id,
  name: body.name,
  href: recordHref(tenant, 'agreement', id),
})

/** The choices say what the hold of a conflict would. */
const holdsShown = ({ holds }: PlanRowRecord, conflict: Conflict | undefined) =>
  holds.filter(({ guard }) => !conflict || guard !== 'G9')

/** What was said of a hold is said again in the same words. */
function reasonOf({ outcomeReason, reason, holds }: PlanRowRecord, money: boolean): string {
  const hold = holds.find(({ text }) => text === reason)
  return outcomeReason === null && hold ? holdWords(hold, money) : words(outcomeReason ?? reason, money)
}

function stateOf(line: PlanLine, row: PlanRowRecord): string {
  if (row.outcome !== 'held') return row.outcome
  return line.blocked ? 'blocked' : isConflict(row) ? 'conflict' : 'held'
}

function whatOf(row: PlanRowRecord, { additions, products }: Context): string {
  const product = products.get(row.productId ?? 0)
  const name = product?.description || product?.identifier || `product ${row.productId ?? '?'}`
  const addition = additions.get(row.additionId ?? 0)
  if (addition) return `${addition.description || name} (addition ${addition.id})`
  if (row.additionId !== null) return `Addition ${row.additionId}`
  return row.effectiveOn === null ? name : `New addition of ${name}, effective ${row.effectiveOn}`
}

const fieldsOf = ({ before, after }: PlanRowRecord, money: boolean): ChangeLine['fields'] =>
  (['quantity', 'cost', 'price'] as const)
    .filter((name) => after[name] !== undefined && (money || name === 'quantity'))
    .map((name) => ({ name, from: before[name] ?? 'none', to: after[name] ?? 'none' }))

function sourceOf({ sourceId, snapshotId }: PlanRowRecord, { sources, taken, viewer }: Context): string {
  const at = taken.get(snapshotId ?? '')
  const name = sources.get(sourceId) ?? sourceId
  return at === undefined ? name : `${name}, ${timeIn(viewer.tenant.zone, at)}`
}

const unique = (ids: readonly (number | null)[]): number[] => [...new Set(ids.flatMap((id) => id ?? []))]
