import { recordWords, referenceWords } from '#billing/creation.ts'
import type { Addition, Product } from '#billing/existing.ts'
import type { LinePosting } from '#billing/lines/posting.ts'
import { monthName, timeIn } from '#billing/period.ts'
import type { Hold } from '#billing/plan.ts'
import { isNewRecord, isToBeMade } from '#billing/record.ts'
import { remedyOf } from '#billing/remedy.ts'
import { type StandIns, standInsOf } from '#billing/to-be-made.ts'
import { holdWords, words } from '#billing/words.ts'
import { type AgreementRow, listAdditions, listAgreements, listProducts } from '#db/mirror.ts'
import { listTaken, type PlanLine } from '#db/plan-lines.ts'
import type { PlanRowRecord } from '#db/plans.ts'
import { listSources } from '#db/sources.ts'
import { recordHref } from '#routes/links.ts'
import { moneyWords } from '#routes/money-words.ts'
import { presentIds } from '#routes/readable.ts'
import type { Deps } from '#server/deps.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { type AccountNames, loadAccountNames, namesOf } from '#sync/account-names.ts'
import { isConflict } from '#sync/approve/choose.ts'
import { listStandIns } from '#sync/records/to-be-made.ts'
import type { Place } from '#views/mapping/line.ts'
import type { Conflict } from '#views/plans/conflict.tsx'
import type { ChangeLine } from '#views/plans/rows.tsx'
import { conflictKey, conflictsOf } from './conflicts.ts'
import { fieldsOf, isOfProduct } from './row-fields.ts'

/** What is read once for all lines of a page. */
interface Context {
  viewer: Viewer
  /** The agreements whose costs and prices may be seen. */
  money: ReadonlySet<number>
  agreements: ReadonlyMap<number, AgreementRow>
  additions: ReadonlyMap<number, Addition>
  products: ReadonlyMap<number, Product>
  /** Records that these rows name and that are still to be made. */
  toBe: StandIns
  accounts: AccountNames
  sources: ReadonlyMap<string, string>
  taken: ReadonlyMap<string, number>
  conflicts: ReadonlyMap<string, Conflict>
  /** Whether lines can be ticked to be synced again. */
  ticking: boolean
}

/** What these rows name, as it is stored. `choosing`: conflicts come with their choices. */
export async function contextOf(
  deps: Deps,
  viewer: Viewer,
  rows: readonly PlanRowRecord[],
  { money, choosing, ticking = false }: { money: ReadonlySet<number>; choosing: boolean; ticking?: boolean },
): Promise<Context> {
  const { scope } = viewer
  const agreementIds = presentIds(rows.map((row) => row.agreementId))
  const productIds = presentIds(rows.map((row) => row.productId))
  const companyIds = presentIds(rows.map((row) => row.companyId))
  const [agreements, additions, products, accounts, sources, taken, toBe] = await Promise.all([
    listAgreements(scope, agreementIds),
    listAdditions(scope, agreementIds),
    listProducts(scope, productIds),
    loadAccountNames(scope, rows),
    listSources(scope),
    listTaken(
      scope,
      rows.flatMap((row) => row.snapshotId ?? []),
    ),
    listStandIns(scope, [...agreementIds, ...productIds, ...companyIds]),
  ])
  const conflicts = choosing ? await conflictsOf(deps, viewer, rows, additions, money) : new Map()
  return {
    ...{ viewer, money, accounts, conflicts, toBe, ticking: ticking && includesRole(viewer.role, 'finance') },
    agreements: new Map(agreements.map((row) => [row.id, row])),
    additions: new Map(additions.map((addition) => [addition.id, addition])),
    products: new Map([...products, ...toBe.products, ...productsMadeBy(rows)].map((product) => [product.id, product])),
    sources: new Map(sources.map(({ id, name }) => [id, name])),
    taken: new Map(taken.map(({ id, takenAt }) => [id, takenAt])),
  }
}

/** A dry run makes products that nobody has stored as wanted; those of a plan may be withdrawn by now. */
const productsMadeBy = (rows: readonly PlanRowRecord[]): StandIns['products'] =>
  standInsOf(rows.flatMap(({ productId, draft }) => (productId !== null && draft ? [{ id: productId, draft }] : [])))
    .products

/** How one row of a plan is shown: with the money in it only when that may be seen. */
export function lineOf(line: PlanLine, row: PlanRowRecord, context: Context): ChangeLine {
  const { viewer, accounts } = context
  const money = context.money.has(row.agreementId ?? 0)
  // What makes an agreement is named after it already.
  const agreement = row.draft?.record === 'agreement' ? undefined : agreementOf(context, row.agreementId)
  const conflict = context.conflicts.get(conflictKey(row))
  const mayRetry = includesRole(viewer.role, 'finance') && row.outcome === 'failed' && againOf(row).ids.length > 0
  const [text] = money && row.amount !== null ? moneyWords([{ ...line, amount: row.amount }]) : []
  return {
    seq: row.seq,
    who: namesOf(row, accounts).join(' + '),
    what: whatOf(row, context),
    ...(agreement ? { agreement } : {}),
    state: stateOf(line, row),
    fields: fieldsOf(row, money || (isOfProduct(row) && includesRole(viewer.role, 'finance'))),
    holds: row.outcome === 'held' ? holdsShown(row, conflict).map((hold) => holdLine(hold, money)) : [],
    reason: reasonOf(row, money),
    source: sourceOf(row, context),
    ...(line.nextInvoiceOn === null ? {} : { nextInvoiceOn: line.nextInvoiceOn }),
    ...(text === undefined ? {} : { money: text }),
    ...(mayRetry ? { retry: againOf(row) } : {}),
    ...(context.ticking && row.mappings.length > 0 ? { tick: row.mappings } : {}),
    ...(conflict ? { conflict } : {}),
  }
}

/** What is synced again to try a row once more: its mappings, or its invoice lines (X21). */
const againOf = ({ mappings, posting }: PlanRowRecord): NonNullable<ChangeLine['retry']> =>
  posting ? { name: 'line', ids: posting.lines } : { name: 'mapping', ids: mappings }

function agreementOf({ viewer, agreements, toBe }: Context, id: number | null): Place | undefined {
  const known = agreements.get(id ?? 0)
  if (known) return { id: known.id, name: known.body.name, href: recordHref(viewer.tenant, 'agreement', known.id) }
  const wanted = toBe.agreements.find((one) => one.id === id)
  return wanted ? { id: wanted.id, name: wanted.name, toBeMade: true } : undefined
}

/** A hold, and for a block what to do about it. */
function holdLine(hold: Hold, money: boolean): string {
  const remedy = remedyOf(hold)
  const text = holdWords(hold, money)
  return remedy === undefined ? text : `${text.replace(/\.$/, '')}. ${remedy}`
}

/** The choices say what the hold of a conflict would. */
const holdsShown = ({ holds }: PlanRowRecord, conflict: Conflict | undefined) =>
  holds.filter(({ guard }) => !conflict || guard !== 'G9')

/** What was said of a hold is not said again. */
function reasonOf({ outcome, outcomeReason, reason, holds }: PlanRowRecord, money: boolean): string {
  if (outcomeReason === null && outcome === 'held' && holds.some(({ text }) => text === reason)) return ''
  return words(outcomeReason ?? reason, money)
}

function stateOf(line: PlanLine, row: PlanRowRecord): string {
  if (row.outcome !== 'held') return row.outcome
  return line.blocked ? 'blocked' : isConflict(row) ? 'conflict' : 'held'
}

function whatOf(row: PlanRowRecord, { additions, products }: Context): string {
  const product = products.get(row.productId ?? 0)
  const unnamed = isToBeMade(row.productId ?? 0) ? 'a new product' : `product ${row.productId ?? '?'}`
  const name = product?.description || product?.identifier || unnamed
  const addition = additions.get(row.additionId ?? 0)
  if (row.draft?.record === 'contact' && row.draft.inactiveId !== undefined)
    return `Contact ${row.draft.inactiveId} (${row.draft.email}), set inactive`
  if (row.draft?.record === 'reference')
    return referenceWords(row.record, row.agreementId ?? row.companyId, row.draft).replace(/^c/, 'C')
  if (isNewRecord(row.draft)) return `New ${recordWords(row.draft)}`
  if (addition) return `${addition.description || name} (addition ${addition.id})`
  if (row.additionId !== null) return `Addition ${row.additionId}`
  return row.effectiveOn === null ? name : `New addition of ${name}, effective ${row.effectiveOn}`
}

/** Whose invoice line it is, and of which month. */
const lineWords = ({ offer, period, lines }: LinePosting): string =>
  [offer, monthName(period), lines.length > 1 ? `${lines.length} lines` : undefined].filter(Boolean).join(', ')

function sourceOf({ sourceId, snapshotId, posting }: PlanRowRecord, { sources, taken, viewer }: Context): string {
  const at = taken.get(snapshotId ?? '')
  const name = [sources.get(sourceId) ?? sourceId, ...(posting ? [lineWords(posting)] : [])].join(': ')
  return at === undefined ? name : `${name}, ${timeIn(viewer.tenant.zone, at)}`
}
