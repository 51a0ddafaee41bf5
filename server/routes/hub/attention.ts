import { abs, compare } from '#billing/decimal.ts'
import { sumOfProducts } from '#billing/lines/totals.ts'
import { holdWords, words } from '#billing/words.ts'
import { type AttentionRow, listAttentionRecords, listFailedRows, listParked, listWaitingRows } from '#db/attention.ts'
import { listUnmappedPlaces, listUnmappedRevenue } from '#db/lines-attention.ts'
import { listAgreements } from '#db/mirror.ts'
import { presentIds, readableOf } from '#routes/readable.ts'
import type { Deps } from '#server/deps.ts'
import { listMoneyReadable } from '#session/rights.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { type AccountNames, loadAccountNames, namesOf } from '#sync/account-names.ts'
import { silentHours } from '#sync/sources/heard.ts'
import type { AttentionLine, SourceLine } from '#views/hub/dashboard.tsx'

const mostLines = 20

interface Standing {
  /** The plan of the last finished run. */
  lastPlan: string | null
  counts: { held: number; failed: number; unmapped: number; parked: number }
  sources: readonly SourceLine[]
}

/** What needs somebody: failed first, then held by money, then what writes nothing (FEATURES V13). */
export async function readAttention(
  deps: Deps,
  viewer: Viewer,
  { lastPlan, counts, sources }: Standing,
): Promise<{ attention: AttentionLine[]; more: number; isWhole: boolean }> {
  const { scope } = viewer
  const [records, places] = await Promise.all([listAttentionRecords(scope, lastPlan), listUnmappedPlaces(scope)])
  const { readable, isWhole } = await readableOf(deps, viewer, {
    companies: [...new Set([...records.companies, ...places.companies])],
    agreements: [...new Set([...records.agreements, ...places.agreements])],
  })
  const [failed, waiting, parked, unmapped] = await Promise.all([
    lastPlan === null ? [] : listFailedRows(scope, lastPlan, readable, mostLines),
    listWaitingRows(scope, readable, mostLines),
    listParked(scope, readable, mostLines),
    listUnmappedRevenue(scope, readable),
  ])
  const naming = await namingOf(deps, viewer, [...failed, ...waiting], parked.map(asRow))
  const lines = [
    ...failed.map((row) => failedLine(row, naming)),
    ...waiting.map((row) => heldLine(row, naming)),
    ...unmappedRevenue(unmapped, await seesRevenue(deps, viewer, readable.agreements)),
    ...parked.map((row) => parkedLine(row, naming)),
    ...sources.filter(({ problem }) => problem !== undefined).map((source) => unreadLine(source, viewer)),
    ...sources.filter(({ stale, newest, problem }) => (stale || !newest) && problem === undefined).map(silentLine),
    ...(counts.unmapped > 0 && includesRole(viewer.role, 'finance') ? [unmappedLine(counts.unmapped)] : []),
  ]
  return { attention: lines.slice(0, mostLines), more: Math.max(0, lines.length - mostLines), isWhole }
}

type Parked = Awaited<ReturnType<typeof listParked>>[number]

const asRow = ({ sourceId, account }: Parked) => ({ sourceId, accounts: [account] })

interface Naming {
  names: AccountNames
  currencies: ReadonlyMap<number, string | undefined>
  /** Agreements whose costs and prices may be shown. */
  money: ReadonlySet<number>
}

async function namingOf(
  deps: Deps,
  viewer: Viewer,
  rows: readonly AttentionRow[],
  others: readonly ReturnType<typeof asRow>[],
): Promise<Naming> {
  const agreements = presentIds(rows.map(({ agreementId }) => agreementId))
  const [names, mirrored, money] = await Promise.all([
    loadAccountNames(viewer.scope, [...rows, ...others]),
    listAgreements(viewer.scope, agreements),
    listMoneyReadable(deps, viewer, agreements),
  ])
  return {
    names,
    currencies: new Map(mirrored.map(({ id, body }) => [id, body.currency])),
    money,
  }
}

const seesMoney = ({ agreementId }: AttentionRow, { money }: Naming): boolean => money.has(agreementId ?? 0)

const aboutOf = (row: AttentionRow, { names }: Naming): string => {
  const who = [namesOf(row, names).join(' and '), row.posting?.description].filter(Boolean).join(', ')
  return row.additionId === null ? who : `${who}, addition ${row.additionId}`
}

const amountOf = (row: AttentionRow, naming: Naming) =>
  row.amount === null || !seesMoney(row, naming)
    ? {}
    : {
        amount: { value: row.amount, currency: naming.currencies.get(row.agreementId ?? 0) },
        ...(row.posting?.kind === 'one-time' ? { once: true as const } : {}),
      }

const failedLine = (row: AttentionRow, naming: Naming): AttentionLine => ({
  kind: 'failed',
  about: aboutOf(row, naming),
  why: words(row.outcomeReason ?? row.reason, seesMoney(row, naming)),
  ...amountOf(row, naming),
  step: { path: `/plans/${row.planId}`, text: 'Look at it' },
})

const heldLine = (row: AttentionRow, naming: Naming): AttentionLine => ({
  kind: 'held',
  about: aboutOf(row, naming),
  why:
    row.holds.map((hold) => holdWords(hold, seesMoney(row, naming))).join('; ') ||
    words(row.reason, seesMoney(row, naming)),
  ...amountOf(row, naming),
  step: { path: `/plans/${row.planId}`, text: 'Review' },
})

const parkedLine = (row: Parked, { names }: Naming): AttentionLine => ({
  kind: 'parked',
  about: namesOf(asRow(row), names).join(),
  why: row.parkedReason ?? '',
  step: { path: `/mappings/${row.id}`, text: 'Map again' },
})

const unreadLine = ({ name, problem = '' }: SourceLine, { role }: Viewer): AttentionLine => ({
  kind: 'failed',
  about: name,
  why: `Could not be read, so nothing of it is written: ${problem}`,
  step: includesRole(role, 'admin')
    ? { path: '/settings/sources', text: 'Look at it' }
    : { path: '/help', text: 'What to do' },
})

const silentLine = ({ name, newest }: SourceLine): AttentionLine => ({
  kind: 'stale',
  about: name,
  why: newest
    ? `Nothing was heard for more than ${silentHours} hours; its last numbers stand until it is heard again or the billing period is over.`
    : 'It has not sent anything yet.',
  step: { path: '/help', text: 'What to do' },
})

type Unmapped = Awaited<ReturnType<typeof listUnmappedRevenue>>[number]

/** Prices are kept from a member by one right: what any agreement they may read shows of it holds for what lines bill. */
async function seesRevenue(deps: Deps, viewer: Viewer, agreements: readonly number[]): Promise<boolean> {
  if (!includesRole(viewer.role, 'finance')) return false
  return agreements.length === 0 || (await listMoneyReadable(deps, viewer, agreements)).size > 0
}

/** What is not billed for want of a mapping, the most money first (V13); who may see no prices is told no sum. */
function unmappedRevenue(rows: readonly Unmapped[], money: boolean): AttentionLine[] {
  const summed = rows.map((row) => ({ ...row, revenue: sumOfProducts(row.revenues ?? '') }))
  return summed
    .toSorted((a, b) => compare(abs(b.revenue), abs(a.revenue)))
    .map(({ name, account, lines, lacks, revenue, currency }) => ({
      kind: 'unmapped',
      about: `${name}, ${lines === 1 ? '1 invoice line' : `${lines} invoice lines`}`,
      why: `Not billed: ${lacks ?? 'not mapped'}.`.replace('..', '.'),
      ...(money && revenue !== '0' ? { amount: { value: revenue, currency: currency ?? undefined }, once: true } : {}),
      step: { path: `/lines?search=${encodeURIComponent(account)}`, text: 'Map' },
    }))
}

const unmappedLine = (n: number): AttentionLine => ({
  kind: 'unmapped',
  about: `${n} ${n === 1 ? 'account' : 'accounts'}`,
  why: 'Not mapped to an addition, so nothing of them is billed by TrueUp.',
  step: { path: '/mappings?status=unmapped', text: 'Map' },
})
