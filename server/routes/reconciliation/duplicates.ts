import * as z from 'zod'
import { add } from '#billing/decimal.ts'
import type { Addition } from '#billing/existing.ts'
import type { Duplicate } from '#billing/lines/duplicates.ts'
import { listAgreements, listCompanies, listProducts } from '#db/mirror.ts'
import { readForm, readQuery } from '#routes/form.ts'
import { pageOf, pageQuery } from '#routes/paging.ts'
import { progressOf } from '#routes/plans/run-progress.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { listMoneyReadable, listReadable, requireReadable } from '#session/rights.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { endDuplicates, listDuplicates } from '#sync/lines/duplicates.ts'
import { RunStarted } from '#views/plans/run-progress.tsx'
import { DuplicateCount, DuplicatesScreen, type DuplicateView } from '#views/reconciliation/duplicates.tsx'

/** `GET /duplicates`: what is billed twice, as far as the viewer may read it in ConnectWise (V6, Q4). */
export const getDuplicates = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { rows, page, pages } = pageOf(await readableDuplicates(deps, viewer), readQuery(c, pageQuery).page)
  return fragment(c, DuplicatesScreen, {
    standing: standingOf(viewer),
    duplicates: await viewsOf(deps, viewer, rows),
    acts: includesRole(viewer.role, 'finance'),
    ...{ page, pages },
  })
}

const additionId = z.coerce.number('must be an addition').int('must be an addition').positive('must be an addition')
const place = z.string().regex(/^\d{1,10}\/\d{1,10}$/, 'must be an agreement and its addition')
const several = <T extends z.ZodType>(one: T) =>
  z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(one).max(100))
const form = z
  .strictObject({ of: several(additionId), end: several(place) })
  .refine(({ end }) => end.length > 0, 'Tick what is to end first.')
  .refine(({ of, end }) => keptOf(of, end) !== undefined, 'One of them has to stay.')

const keptOf = (of: readonly number[], end: readonly string[]): number | undefined =>
  of.find((id) => !end.some((text) => text.endsWith(`/${id}`)))

/** `POST /duplicates`: one stays, the others are to be ended by a plan that waits for an approval (V6, G3). */
export const postEndings = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { of, end } = await readForm(c, form)
  const places = end.map((text) => {
    const [agreementId = 0, id = 0] = text.split('/').map(Number)
    return { agreementId, additionId: id }
  })
  for (const id of new Set(places.map(({ agreementId }) => agreementId)))
    await requireReadable(deps, viewer, 'agreement', id)
  const asked = { keep: keptOf(of, end) ?? 0, end: places, member: viewer.member }
  return fragment(
    c,
    RunStarted,
    await progressOf(viewer, await endDuplicates(deps, viewer.scope, viewer.tenant, asked)),
  )
}

/** `GET /duplicates/count`: how many and how much, for the dashboard; what is invoiced already is not counted. */
export const getDuplicateCount = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const open = (await readableDuplicates(deps, viewer)).filter(({ isInvoiced }) => !isInvoiced)
  const money = await listMoneyReadable(deps, viewer, [...new Set(open.flatMap(agreementsOf))])
  const seen = open.filter((one) => agreementsOf(one).every((id) => money.has(id)))
  const sums = new Map<string, string>()
  for (const { currency = '', atStake } of seen) sums.set(currency, add(sums.get(currency) ?? '0', atStake))
  return fragment(c, DuplicateCount, {
    count: open.length,
    sums: [...sums].map(([currency, value]) => ({ currency, value })),
  })
}

/** Duplicates of agreements that the viewer may all read. */
async function readableDuplicates(deps: Deps, viewer: Viewer): Promise<Duplicate[]> {
  const all = await listDuplicates(viewer.scope, viewer.tenant)
  const readable = await listReadable(deps, viewer, 'agreement', [...new Set(all.flatMap(agreementsOf))])
  return all.filter((one) => agreementsOf(one).every((id) => readable.has(id)))
}

const agreementsOf = ({ additions }: Duplicate): number[] => additions.map(({ agreementId }) => agreementId)

async function viewsOf(deps: Deps, viewer: Viewer, rows: readonly Duplicate[]): Promise<DuplicateView[]> {
  const { scope } = viewer
  const ids = [...new Set(rows.flatMap(agreementsOf))]
  const products = new Set(rows.flatMap(({ additions }) => additions.map(({ productId }) => productId)))
  const [agreements, companies, catalogue, money] = await Promise.all([
    listAgreements(scope, ids),
    listCompanies(scope, [...new Set(rows.map(({ companyId }) => companyId))]),
    listProducts(scope, [...products]),
    listMoneyReadable(deps, viewer, ids),
  ])
  const names = {
    agreements: new Map(agreements.map(({ id, body }) => [id, body.name])),
    companies: new Map(companies.map(({ id, name }) => [id, name])),
    products: new Map(catalogue.map(({ id, identifier }) => [id, identifier])),
  }
  return rows.map((row) =>
    viewOf(
      row,
      names,
      agreementsOf(row).every((id) => money.has(id)),
    ),
  )
}

type Names = Record<'agreements' | 'companies' | 'products', ReadonlyMap<number, string>>

const viewOf = (
  { additions, stays, companyId, atStake, currency = '', ...one }: Duplicate,
  names: Names,
  money: boolean,
): DuplicateView => ({
  ...one,
  company: names.companies.get(companyId) ?? `Company ${companyId}`,
  ...(money ? { atStake: { value: atStake, currency } } : {}),
  additions: additions.map((addition) => ({
    id: addition.id,
    agreement: {
      id: addition.agreementId,
      name: names.agreements.get(addition.agreementId) || `Agreement ${addition.agreementId}`,
    },
    product: names.products.get(addition.productId) ?? addition.description,
    quantity: addition.quantity,
    days: daysOf(addition),
    ...(stays.has(addition.id) ? { kept: stays.get(addition.id) ?? '' } : {}),
  })),
})

const daysOf = ({ effectiveOn, cancelledOn }: Addition): string =>
  `${effectiveOn ?? 'from the start'} to ${cancelledOn ?? 'no end'}`
