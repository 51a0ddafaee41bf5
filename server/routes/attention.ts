import { type AttentionRow, listFailedRows, listParked, listWaitingRows } from '#db/attention.ts'
import { listAgreements } from '#db/mirror.ts'
import { listAccounts } from '#db/snapshots.ts'
import type { Deps } from '#server/deps.ts'
import { listReadable } from '#session/rights.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import type { AttentionLine, SourceLine } from '#views/dashboard.tsx'

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
): Promise<{ attention: AttentionLine[]; more: number; hidden: number }> {
  const { scope } = viewer
  const [failed, waiting, parked] = await Promise.all([
    lastPlan === null ? [] : listFailedRows(scope, lastPlan, mostLines),
    listWaitingRows(scope, mostLines),
    listParked(scope, mostLines),
  ])
  const rows = [...failed, ...waiting, ...parked]
  const companies = [...new Set(rows.flatMap(({ companyId }) => companyId ?? []))]
  const readable = await listReadable(deps, viewer, 'company', companies)
  const isReadable = ({ companyId }: { companyId: number | null }) => companyId === null || readable.has(companyId)
  const context = await contextOf(
    viewer,
    rows.flatMap(({ agreementId }) => agreementId ?? []),
  )
  const lines = [
    ...failed.filter(isReadable).map((row) => failedLine(row, context)),
    ...waiting.filter(isReadable).map((row) => heldLine(row, context)),
    ...parked.filter(isReadable).map((row) => parkedLine(row, context)),
    ...sources.filter(({ stale, newest }) => stale || !newest).map(silentLine),
    ...(counts.unmapped > 0 && includesRole(viewer.role, 'finance') ? [unmappedLine(counts.unmapped)] : []),
  ]
  const hidden = rows.filter((row) => !isReadable(row)).length
  const unread = counts.failed + counts.held + counts.parked - rows.length
  return { attention: lines.slice(0, mostLines), more: Math.max(0, lines.length - mostLines) + unread, hidden }
}

interface Naming {
  names: ReadonlyMap<string, string>
  currencies: ReadonlyMap<number, string | undefined>
  seesMoney: boolean
}

async function contextOf({ scope, role }: Viewer, agreements: readonly number[]): Promise<Naming> {
  const [accounts, mirrored] = await Promise.all([listAccounts(scope), listAgreements(scope, [...new Set(agreements)])])
  return {
    names: new Map(accounts.map((row) => [`${row.sourceId}/${row.account}`, row.name])),
    currencies: new Map(mirrored.map(({ id, body }) => [id, body.currency])),
    seesMoney: includesRole(role, 'finance'),
  }
}

const aboutOf = ({ sourceId, accounts, additionId }: AttentionRow, { names }: Naming): string => {
  const who = accounts.map((account) => names.get(`${sourceId}/${account}`) ?? account).join(' and ')
  return additionId === null ? who : `${who}, addition ${additionId}`
}

const amountOf = ({ amount, agreementId }: AttentionRow, { currencies, seesMoney }: Naming) =>
  amount === null || !seesMoney ? {} : { amount: { value: amount, currency: currencies.get(agreementId ?? 0) } }

const failedLine = (row: AttentionRow, naming: Naming): AttentionLine => ({
  kind: 'failed',
  about: aboutOf(row, naming),
  why: row.outcomeReason ?? row.reason,
  ...amountOf(row, naming),
  step: { path: `/plans/${row.planId}`, text: 'Look at it' },
})

const heldLine = (row: AttentionRow, naming: Naming): AttentionLine => ({
  kind: 'held',
  about: aboutOf(row, naming),
  why: row.holds.map(({ text }) => text).join('; ') || row.reason,
  ...amountOf(row, naming),
  step: { path: `/plans/${row.planId}`, text: 'Review' },
})

const parkedLine = (row: Awaited<ReturnType<typeof listParked>>[number], { names }: Naming): AttentionLine => ({
  kind: 'parked',
  about: names.get(`${row.sourceId}/${row.account}`) ?? row.account,
  why: row.parkedReason ?? '',
  step: { path: `/mappings/${row.id}`, text: 'Map again' },
})

const silentLine = ({ name, newest }: SourceLine): AttentionLine => ({
  kind: 'stale',
  about: name,
  why: newest
    ? 'Nothing was heard for more than 36 hours; what it said before is not written.'
    : 'It has not sent anything yet.',
  step: { path: '/help', text: 'What to do' },
})

const unmappedLine = (n: number): AttentionLine => ({
  kind: 'unmapped',
  about: `${n} ${n === 1 ? 'account' : 'accounts'}`,
  why: 'Not mapped to an addition, so nothing of them is billed by TrueUp.',
  step: { path: '/mappings?status=unmapped', text: 'Map' },
})
