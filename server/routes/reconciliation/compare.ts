import * as z from 'zod'
import { dayIn, firstOf, monthOf, monthPattern } from '#billing/period.ts'
import { listMonthsOf } from '#db/line-compare.ts'
import { type AgreementRow, listAgreements, listProducts } from '#db/mirror.ts'
import { listAccountNames } from '#db/plan-lines.ts'
import { readForm, readQuery } from '#routes/form.ts'
import { recordHref } from '#routes/links.ts'
import { pageNumber } from '#routes/paging.ts'
import { presentIds } from '#routes/readable.ts'
import { readRecordId } from '#routes/record-id.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { listReadable, maySeeMoney, requireReadable } from '#session/rights.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { type Reconciled, readDescriptions, reconcile } from '#sync/lines/reconcile.ts'
import { withdrawWish } from '#sync/lines/wish.ts'
import { loadWishes } from '#sync/lines/wishes.ts'
import { rereadAgreement } from '#sync/reread.ts'
import { keyText } from '#sync/sources/newest-words.ts'
import { type CompareProps, CompareScreen } from '#views/reconciliation/compare.tsx'
import { pairView } from './pair-view.ts'

/** A pair is long: fewer go on a page than rows of a list. */
const pairsOfPage = 20

const month = z.union([z.literal(''), z.string().regex(monthPattern, 'must be a month, YYYY-MM')]).default('')
const query = z.object({ month, page: pageNumber })

/** `GET /reconciliations/:id`: an agreement's lines beside its additions, from what is stored (Q1, Q2). */
export const getComparison = (deps: Deps) => async (c: Ask) =>
  fragment(
    c,
    CompareScreen,
    await compareProps(deps, c.get('viewer'), await readableAgreement(deps, c), readQuery(c, query)),
  )

/** `POST /reconciliations/:id/reading`: the same after ConnectWise was read again, invoice descriptions too. */
export const postComparisonReading = (deps: Deps) => async (c: Ask) => {
  const [viewer, id] = [c.get('viewer'), await readableAgreement(deps, c)]
  const asked = await readForm(c, z.strictObject({ month, page: pageNumber }))
  await rereadAgreement(deps, viewer.scope, id)
  const descriptions = await readDescriptions(deps, viewer.scope, id)
  const props = await compareProps(deps, viewer, id, asked, descriptions)
  return fragment(c, CompareScreen, { ...props, done: 'Read again from ConnectWise.' })
}

/** `POST /reconciliations/:id/withdrawals/:addition`: nobody wants it moved or ended any more. */
export const postWithdrawal = (deps: Deps) => async (c: Ask) => {
  const [viewer, id] = [c.get('viewer'), await readableAgreement(deps, c)]
  const additionId = readRecordId(c, 'addition', 'addition')
  const wanted = (await loadWishes(viewer.scope)).find((one) => one.additionId === additionId)
  if (wanted?.agreementId !== id) throw new Problem('not_found', 'Nothing is wanted of this addition any more.')
  await withdrawWish(deps, viewer.scope, additionId, viewer.member)
  const props = await compareProps(deps, viewer, id, { month: '', page: 1 })
  return fragment(c, CompareScreen, { ...props, done: 'Withdrawn.' })
}

/** The agreement an address names, which the viewer may read in ConnectWise. */
export async function readableAgreement(deps: Deps, c: Ask): Promise<number> {
  const id = readRecordId(c, 'agreement')
  await requireReadable(deps, c.get('viewer'), 'agreement', id)
  return id
}

/** The agreement in our copy. Throws a Problem when it was never read. */
export async function knownAgreement({ scope }: Viewer, id: number): Promise<AgreementRow> {
  const [row] = await listAgreements(scope, [id])
  if (!row) throw new Problem('not_found', 'TrueUp does not know this agreement yet: open it and press Refresh.')
  return row
}

async function compareProps(
  deps: Deps,
  viewer: Viewer,
  id: number,
  asked: z.output<typeof query>,
  descriptions?: ReadonlyMap<number, string>,
): Promise<CompareProps> {
  const { scope, tenant } = viewer
  const row = await knownAgreement(viewer, id)
  const [months, money, wishes] = [
    await listMonthsOf(scope, id),
    await maySeeMoney(deps, viewer, id),
    await loadWishes(scope),
  ]
  const shown = asked.month || (months[0] ?? '')
  const all = shown === '' ? [] : await reconcile(scope, id, shown, descriptions)
  const pages = Math.max(1, Math.ceil(all.length / pairsOfPage))
  const page = Math.min(asked.page, pages)
  const pairs = all.slice((page - 1) * pairsOfPage, page * pairsOfPage)
  const today = dayIn(tenant.zone, deps.now())
  const from = shown === '' ? firstOf(monthOf(today)) : firstOf(shown)
  return {
    standing: standingOf(viewer),
    agreement: { id, name: row.body.name, company: row.body.companyName, href: recordHref(tenant, 'agreement', id) },
    ...{ months, month: shown, page, pages, zone: tenant.zone, isWhole: descriptions !== undefined },
    pairs: await pairViews(deps, viewer, row, { pairs, money }),
    counts: { lines: all.length, differing: all.filter((one) => one.differences.length > 0 || one.absent).length },
    ...(row.additionsReadAt === null ? {} : { readAt: row.additionsReadAt }),
    acts: includesRole(viewer.role, 'finance'),
    report: { from, to: today > from ? today : from },
    wishes: wishes.filter(({ agreementId, toAgreementId }) => [agreementId, toAgreementId].includes(id)).map(wishView),
  }
}

const wishView = ({ additionId, wish, lastOn, toAgreementId }: Awaited<ReturnType<typeof loadWishes>>[number]) => ({
  additionId,
  text:
    wish === 'end'
      ? `Addition ${additionId} is to end on ${lastOn}, once its plan is approved.`
      : `Addition ${additionId} is to move to agreement ${toAgreementId} after ${lastOn}, once its plan is approved.`,
})

/** Pairs in words; another agreement has its name only where the viewer may read it. */
async function pairViews(
  deps: Deps,
  viewer: Viewer,
  { id, body }: AgreementRow,
  { pairs, money }: { pairs: readonly Reconciled[]; money: boolean },
) {
  const { scope } = viewer
  const others = presentIds(
    pairs.flatMap(({ row, compared }) => [row.placedAgreementId, compared.addition?.agreementId ?? null]),
  )
  const productIds = pairs.flatMap(({ row, compared }) => [row.productId, compared.addition?.productId ?? null])
  const [readable, agreements, products, accounts] = await Promise.all([
    listReadable(deps, viewer, 'agreement', others),
    listAgreements(scope, others),
    listProducts(scope, presentIds(productIds)),
    listAccountNames(scope, [...new Set(pairs.map(({ row }) => row.account))]),
  ])
  const names = new Map(agreements.filter((one) => readable.has(one.id)).map((one) => [one.id, one.body.name]))
  const called = new Map(accounts.map((account) => [keyText(account), account.name]))
  const context = {
    ...{ agreement: { id, name: body.name }, money },
    agreementName: (other: number) => names.get(other) || `Agreement ${other}`,
    accountName: ({ row }: Reconciled) => called.get(keyText(row)) ?? row.account,
    products: new Map(products.map((product) => [product.id, product])),
  }
  return pairs.map((pair) => pairView(pair, context))
}
