import * as z from 'zod'
import { dayIn, monthOf, monthPattern } from '#billing/period.ts'
import { listLineLoads } from '#db/line-loads.ts'
import { type LineFilter, type LineOrder, lineColumns, listLinePlaces } from '#db/lines-page.ts'
import { accountKey } from '#routes/mapping/account-key.ts'
import { pageNumber } from '#routes/paging.ts'
import { presentIds, readableOf } from '#routes/readable.ts'
import type { Deps } from '#server/deps.ts'
import { listMoneyReadable } from '#session/rights.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'

const text = z.string().max(400).default('')

/** How the grid of invoice lines is asked for: month, source, filters, search, order, page. */
export const lineQuery = z.object({
  month: z.union([z.literal(''), z.string().regex(monthPattern, 'must be a month, YYYY-MM')]).default(''),
  source: text,
  account: text,
  status: z.enum(['', 'not-synced', 'held', 'error', 'synced', 'changed', 'left-out']).catch('').default(''),
  mapping: z.enum(['', 'mapped', 'unmapped', 'excluded', 'response-error', 'parked']).catch('').default(''),
  charge: text,
  product: z
    .union([z.literal(''), z.string().regex(/^-?[1-9]\d{0,14}$/)])
    .catch('')
    .default(''),
  currency: text,
  search: z.string().max(100).default(''),
  /** A column, after `-` from its other end. */
  sort: z.string().max(40).default(''),
  quiet: z.literal('yes').optional().catch(undefined),
  page: pageNumber,
})

export type LineQuery = z.output<typeof lineQuery>

/** What a query finds for this viewer, and what they may see of it. */
export interface Found {
  query: LineQuery & { month: string }
  filter: LineFilter
  order: LineOrder
  /** Whether the viewer may read every company and agreement that the month's lines are of. */
  isWhole: boolean
  seesMoney: boolean
  /** Months with stored lines, the newest first. */
  months: readonly string[]
}

/** The month asked for, else the newest that was loaded; within what the viewer may read in ConnectWise. */
export async function findLines(deps: Deps, viewer: Viewer, asked: LineQuery): Promise<Found> {
  const months = await monthsOf(viewer, asked.source)
  const month = asked.month || (months[0] ?? monthOf(dayIn(viewer.tenant.zone, deps.now())))
  const query = { ...asked, month }
  const { readable, isWhole, seesMoney } = await sightOf(deps, viewer, month)
  return {
    query,
    filter: filterOf(query, readable, includesRole(viewer.role, 'finance')),
    order: orderOf(query.sort, seesMoney),
    isWhole,
    seesMoney,
    months,
  }
}

/** Months with stored lines, of one source or of all, the newest first. */
async function monthsOf({ scope }: Viewer, source: string): Promise<string[]> {
  const loads = (await listLineLoads(scope)).filter(({ sourceId }) => source === '' || sourceId === source)
  return [...new Set(loads.map(({ period }) => period))].sort().reverse()
}

/** What of a month the viewer may read, and whether they see what it costs and sells for. */
async function sightOf(deps: Deps, viewer: Viewer, month: string) {
  const places = await listLinePlaces(viewer.scope, month)
  const companies = presentIds(places.map(({ companyId }) => companyId))
  const agreements = presentIds(places.map(({ agreementId }) => agreementId))
  const { readable, isWhole } = await readableOf(deps, viewer, { companies, agreements })
  const money = await listMoneyReadable(deps, viewer, readable.agreements)
  const seesMoney = includesRole(viewer.role, 'finance') && (agreements.length === 0 || money.size > 0)
  return { readable: isWhole ? ('all' as const) : readable, isWhole, seesMoney }
}

function filterOf(query: Found['query'], readable: LineFilter['readable'], acts: boolean): LineFilter {
  const account = accountKey.safeParse(query.account)
  const { source, status, mapping, charge, product, currency, search } = query
  return {
    period: query.month,
    readable,
    // Lines without a company are for those who map.
    ...(acts ? {} : { placed: true }),
    ...(source === '' ? {} : { source }),
    ...(account.success ? { account: account.data } : {}),
    ...(status === '' ? {} : { status }),
    ...(mapping === '' ? {} : { mapping }),
    ...(charge === '' ? {} : { charge }),
    ...(product === '' ? {} : { product: Number(product) }),
    ...(currency === '' ? {} : { currency }),
    ...(search.trim() === '' ? {} : { text: search.trim() }),
  }
}

/** In the order of amounts only for who may see them. */
function orderOf(sort: string, seesMoney: boolean): LineOrder {
  const by = lineColumns.find((name) => sort === name || sort === `-${name}`)
  const isHidden = !seesMoney && (by === 'cost' || by === 'revenue')
  return { by: by === undefined || isHidden ? 'organization' : by, descending: sort.startsWith('-') }
}
