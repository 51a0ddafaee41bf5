import * as z from 'zod'
import type { Company } from '#billing/existing.ts'
import { companyRefusal, refusedStatuses } from '#billing/offered.ts'
import { productRefusal } from '#billing/target.ts'
import { listProductsOfSkus, searchCompanies, searchProducts } from '#db/catalogue.ts'
import type { Tenant } from '#db/tenants.ts'
import { readQuery } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { listReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { listAllCompanies, listAllProducts } from '#sync/mapping/catalogue.ts'
import { offeringOf } from '#sync/mapping/place-account.ts'
import { listWanted } from '#sync/records/to-be-made.ts'
import { tenantOf } from '#sync/run.ts'
import { type Option, Options } from '#views/combobox.tsx'
import { companyOption, productOption } from './options.ts'

const most = 20
/** So many of what is found are asked about in one call; what the member may not read is not told apart from nothing. */
const mostCompared = 200
const mostRefused = 5

export const searched = z
  .string()
  .max(100)
  .default('')
  .transform((text) => text.trim())

const byText = z.object({ search: searched })

/** `GET /pickers/companies`: companies that may be chosen, and of those that may not, why (M1, M11, V20). */
export const getCompanyOptions = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { search: text } = readQuery(c, byText)
  const offering = offeringOf(await withCompanies(deps, viewer))
  const hidden = refusedStatuses(offering)
  const [offered, refused] = await Promise.all([
    searchCompanies(viewer.scope, { text, offered: true, limit: mostCompared }, hidden),
    text === '' ? [] : searchCompanies(viewer.scope, { text, offered: false, limit: mostRefused }, hidden),
  ])
  const readable = await listReadable(
    deps,
    viewer,
    'company',
    [...offered, ...refused].map(({ body }) => body.id),
  )
  const mayRead = ({ body }: { body: Company }) => readable.has(body.id)
  const found = offered.filter(mayRead)
  const seen = [...found.slice(0, most), ...refused.filter(mayRead)].map(({ body }) => body)
  const wanted = (await listWanted(viewer.scope)).companies.map((company) => companyOption(company, []))
  const options = [
    ...wanted.filter(containing(text)),
    ...seen.map((company) => companyOption(company, seen, companyRefusal(company, offering))),
  ]
  const total = options.length + Math.max(0, found.length - most)
  const more = (offered[0]?.total ?? 0) > mostCompared ? `More than ${mostCompared} match: type more.` : undefined
  return fragment(c, Options, { options, total, absent: more ?? (options.length === 0 ? absent : undefined) })
}

const absent =
  'A new company? Refresh companies above the list, or create it below. Only companies that you may read in ConnectWise are listed (Companies › Company Maintenance › Inquire).'

/** The first search lists every company from ConnectWise; later ones use our copy until somebody refreshes it (M26). */
async function withCompanies(deps: Deps, { scope, tenant }: Viewer): Promise<Tenant> {
  if (tenant.companiesListedAt !== null) return tenant
  await listAllCompanies(deps, scope)
  return tenantOf(scope)
}

const ofOffer = byText.extend({ offer: z.string().max(100).default('') })

/** `GET /pickers/products`: the catalogue, what stands for the offer first; what no addition can hold says why (M13, M24, M30). */
export const getProductOptions = (deps: Deps) => async (c: Ask) => {
  const { scope, tenant } = c.get('viewer')
  const { search: text, offer } = readQuery(c, ofOffer)
  if (tenant.productsListedAt === null) await listAllProducts(deps, scope)
  const found = await searchProducts(scope, { text, limit: most })
  const alike = text === '' && offer !== '' ? await listProductsOfSkus(scope, [offer]) : []
  const isAlike = new Set(alike.map(({ id }) => id))
  const others = found.map(({ body }) => body).filter(({ id }) => !isAlike.has(id))
  const options = [...alike, ...others].map((body) =>
    productOption(body, String(body.id), productRefusal(body, body.id)),
  )
  const absent =
    options.length === 0 ? 'A product must exist in the ConnectWise catalogue before it can be picked.' : undefined
  return fragment(c, Options, { options, total: Math.max(options.length, found[0]?.total ?? 0), absent })
}

/** What could not be read now, said inside the list; anything unforeseen is thrown on. */
export async function saying(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work
    return undefined
  } catch (problem) {
    if (problem instanceof Problem) return `${problem.message} What is listed may be out of date.`
    throw problem
  }
}

/** Whether an option says every word that was typed. */
export const containing = (search: string) => (option: Option) => {
  const words = search.toLowerCase().split(/\s+/)
  const text = `${option.text} ${option.detail ?? ''}`.toLowerCase()
  return words.every((word) => text.includes(word))
}
