import { csvOf } from '#billing/csv.ts'
import { words } from '#billing/words.ts'
import {
  countPodLines,
  type LineBehind,
  listLinesBehind,
  listPodLines,
  type PodLine,
  type PodLinesOf,
} from '#db/lines-pods.ts'
import { listAgreements } from '#db/mirror.ts'
import { listPodAgreements } from '#db/pods.ts'
import { callerOf } from '#routes/caller.ts'
import { readQuery } from '#routes/form.ts'
import { pageQuery, pageSize, pagesOf } from '#routes/paging.ts'
import { presentIds } from '#routes/readable.ts'
import { readRecordId } from '#routes/record-id.ts'
import type { Ask } from '#routes/route.ts'
import { tooMany } from '#routes/too-many.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { createRateLimit } from '#server/rate-limit.ts'
import { listMoneyReadable, listReadable, maySeeMoney, requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { InvoiceLines, type InvoiceLinesProps, type PodLineView } from '#views/pods/invoice-lines.tsx'

const downloadsPerMinute = 6

/** `GET /agreements/:id/lines`: what invoice lines became on an agreement, a page of it. */
export const getAgreementLines = (deps: Deps) => async (c: Ask) => {
  const [id, viewer] = [readRecordId(c, 'agreement'), c.get('viewer')]
  await requireReadable(deps, viewer, 'agreement', id)
  return fragment(c, InvoiceLines, await podLines(deps, viewer, `/agreements/${id}`, { agreement: id }, pageIn(c)))
}

/** `GET /companies/:id/lines`: the same for a company, as far as its agreements may be read. */
export const getCompanyLines = (deps: Deps) => async (c: Ask) => {
  const [id, viewer] = [readRecordId(c, 'company'), c.get('viewer')]
  await requireReadable(deps, viewer, 'company', id)
  const known = (await listPodAgreements(viewer.scope, id)).filter(({ gone }) => !gone)
  const readable = await listReadable(deps, viewer, 'agreement', presentIds(known.map((row) => row.id)))
  const of = { company: id, agreements: [...readable] }
  return fragment(c, InvoiceLines, await podLines(deps, viewer, `/companies/${id}`, of, pageIn(c)))
}

const pageIn = (c: Ask): number => readQuery(c, pageQuery).page

/** What invoice lines became in a pod at `path`: counts, and one page. */
export async function podLines(
  deps: Deps,
  viewer: Viewer,
  path: string,
  of: PodLinesOf,
  asked = 1,
): Promise<InvoiceLinesProps> {
  const { scope } = viewer
  const counts = await countPodLines(scope, of)
  const pages = pagesOf(counts.all)
  const page = Math.min(asked, pages)
  const rows = counts.all === 0 ? [] : await listPodLines(scope, of, { size: pageSize, number: page })
  const agreements = presentIds(rows.map(({ agreementId }) => agreementId)).filter((id) => id > 0)
  const [named, money] = await Promise.all([
    'agreement' in of ? [] : listAgreements(scope, agreements),
    listMoneyReadable(deps, viewer, agreements),
  ])
  const names = new Map(named.map(({ id, body }) => [id, body.name]))
  return { path: `${path}/lines`, counts, lines: rows.map((row) => viewOf(row, names, money)), page, pages }
}

function viewOf(row: PodLine, names: ReadonlyMap<number, string>, money: ReadonlySet<number>): PodLineView {
  const { said, agreementId, additionId } = row
  const seesMoney = agreementId !== null && money.has(agreementId)
  const agreement = agreementId === null ? undefined : names.get(agreementId)
  return {
    id: row.id,
    name: said.subscriptionName || row.product || said.offer,
    about: [row.name, said.subscriptionName ? said.offer : undefined, row.chargeName].filter(Boolean).join(', '),
    state: row.status === 'not-synced' && row.mapping !== 'mapped' ? row.mapping : row.status,
    quantity: said.quantity,
    month: row.period,
    from: row.effectiveOn,
    ...(row.cancelledOn === null ? {} : { to: row.cancelledOn }),
    reasons: reasonsOf(row, seesMoney),
    ...(agreement === undefined ? {} : { agreement }),
    ...(seesMoney && said.unitPrice !== undefined ? { price: said.unitPrice } : {}),
    ...(seesMoney && said.unitCost !== undefined ? { cost: said.unitCost } : {}),
    ...(said.currency === undefined ? {} : { currency: said.currency }),
    ...(additionId === null ? {} : { addition: additionId }),
    ...(additionId !== null && agreementId !== null
      ? { detail: `/agreements/${agreementId}/additions/${additionId}` }
      : {}),
    lines: row.lines,
    open: `/lines?month=${row.period}&search=${encodeURIComponent(said.id)}`,
  }
}

function reasonsOf({ lacks, reason, changed, settled, said, status, mapping }: PodLine, money: boolean): string[] {
  const waits = changed !== null && settled === null
  const now = waits && changed.quantity !== said.quantity ? ` (quantity ${changed.quantity})` : ''
  return [
    ...(status === 'not-synced' && mapping !== 'mapped' && lacks ? [lacks] : []),
    ...(reason ? [words(reason, money)] : []),
    ...(waits ? [`Its source says something else since it was posted${now}: add a correction or leave it.`] : []),
  ]
}

/** `GET /agreements/:id/additions/:addition/lines.csv`: the lines behind an addition, for a spreadsheet (V3). */
export function getLinesBehindCsv(deps: Deps) {
  const secondsToWait = createRateLimit(downloadsPerMinute, deps.now)
  return async (c: Ask) => {
    const viewer = c.get('viewer')
    const wait = secondsToWait([viewer.tenant.id, viewer.member, callerOf(deps, c)].join('|'))
    if (wait !== undefined) return tooMany(c, wait, `${downloadsPerMinute} a minute`)
    const [agreement, addition] = [readRecordId(c, 'agreement'), readRecordId(c, 'addition', 'addition')]
    await requireReadable(deps, viewer, 'agreement', agreement)
    const money = await maySeeMoney(deps, viewer, agreement)
    const rows = await listLinesBehind(viewer.scope, { agreement, addition })
    return c.body(csvOf(tableOf(rows, money)), 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="lines.csv"',
    })
  }
}

function tableOf(rows: readonly LineBehind[], money: boolean): string[][] {
  const head = ['month', 'account', 'line', 'offer', 'subscription', 'charge type', 'start', 'end', 'quantity']
  return [
    [...head, ...(money ? ['unit cost', 'unit price', 'currency'] : []), 'invoice'],
    ...rows.map(({ period, account, said, chargeName, effectiveOn, cancelledOn }) => [
      ...[period, account, said.id, said.offer, said.subscription ?? '', chargeName],
      ...[effectiveOn, cancelledOn ?? '', said.quantity],
      ...(money ? [said.unitCost ?? '', said.unitPrice ?? '', said.currency ?? ''] : []),
      said.invoice ?? '',
    ]),
  ]
}
