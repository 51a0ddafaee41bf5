import type { Addition, Agreement, Company, Product } from '#billing/existing.ts'
import { isToBeMade } from '#billing/record.ts'
import type { MappingRow } from '#db/mappings.ts'
import { listAdditions, listAgreements, listCompanies, listProducts } from '#db/mirror.ts'
import type { Deps } from '#server/deps.ts'
import { listReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { listStandIns } from '#sync/records/to-be-made.ts'
import type { Place, TargetLine } from '#views/mapping/line.ts'
import { recordHref } from './links.ts'
import { presentIds } from './readable.ts'

/** What the records that rows name are called, as far as the viewer may read them in ConnectWise. */
export interface Names {
  mayRead(company: number): boolean
  mayReadAgreement(id: number): boolean
  company(id: number): Place
  agreement(id: number): Place
  target(mapping: MappingRow): Pick<TargetLine, 'name' | 'detail' | 'toBeMade'>
}

interface Named {
  companies: readonly (number | null)[]
  agreements: readonly (number | null)[]
  products: readonly (number | null)[]
}

/** Reads the names of these records. What is in an agreement that the viewer may not read has none; of a company ask `mayRead` first. */
export async function loadNames(deps: Deps, viewer: Viewer, named: Named): Promise<Names> {
  const { scope } = viewer
  const companyIds = presentIds(named.companies)
  const agreementIds = presentIds(named.agreements)
  const [readable, readableAgreements, companies, agreements, additions, toBe] = await Promise.all([
    listReadable(deps, viewer, 'company', companyIds),
    listReadable(deps, viewer, 'agreement', agreementIds),
    listCompanies(scope, companyIds),
    listAgreements(scope, agreementIds),
    listAdditions(scope, agreementIds),
    listStandIns(scope, [...companyIds, ...agreementIds, ...named.products]),
  ])
  const products = await listProducts(
    scope,
    presentIds([...named.products, ...additions.map(({ productId }) => productId)]),
  )
  const known = {
    companies: byId([...companies, ...toBe.companies]),
    agreements: byId([...agreements.map(({ body }) => body), ...toBe.agreements]),
    additions: byId(additions),
    products: byId([...products, ...toBe.products]),
  }
  return {
    mayRead: (id) => readable.has(id),
    mayReadAgreement: (id) => readableAgreements.has(id),
    company: (id) => companyPlace(viewer, id, known.companies.get(id)),
    agreement: (id) => agreementPlace(viewer, id, readableAgreements.has(id) ? known.agreements.get(id) : 'hidden'),
    target: (mapping) => (readableAgreements.has(mapping.agreementId) ? targetName(mapping, known) : hiddenTarget),
  }
}

const hiddenTarget = { name: 'mapping', detail: 'you may not read its agreement in ConnectWise' }

/** A company by its name, with its way into ConnectWise; ask first whether the viewer may read it. */
export function companyPlace({ tenant }: Viewer, id: number, company: Company | undefined): Place {
  if (isToBeMade(id)) return { id, name: company?.name ?? noLonger, toBeMade: true }
  const detail = [company?.identifier, company?.deleted && 'deleted in ConnectWise'].filter(Boolean).join(' · ')
  return {
    id,
    name: company?.name || `Company ${id}`,
    ...(detail === '' ? {} : { detail }),
    href: recordHref(tenant, 'company', id),
  }
}

/** As `companyPlace`; a hidden one has no name. */
export function agreementPlace({ tenant }: Viewer, id: number, agreement: Agreement | 'hidden' | undefined): Place {
  if (agreement === 'hidden') return { id, name: isToBeMade(id) ? 'A new agreement' : `Agreement ${id}` }
  if (isToBeMade(id)) return { id, name: agreement?.name ?? noLonger, toBeMade: true }
  const parent = agreement?.parentId === undefined ? {} : { detail: `child of ${agreement.parentId}` }
  return { id, name: agreement?.name || `Agreement ${id}`, ...parent, href: recordHref(tenant, 'agreement', id) }
}

/** Of a record that was to be made and is not wanted any more. */
const noLonger = 'no longer wanted'

interface Known {
  additions: ReadonlyMap<number, Addition>
  products: ReadonlyMap<number, Product>
}

function targetName({ additionId, productId }: MappingRow, { additions, products }: Known) {
  const addition = additionId === null ? undefined : additions.get(additionId)
  const product = products.get(addition?.productId ?? productId ?? 0)
  const name = product?.identifier || addition?.description || `Addition ${additionId}`
  if (additionId === null && productId !== null && isToBeMade(productId))
    return { name: product?.identifier ?? noLonger, detail: 'product and line', toBeMade: true as const }
  if (additionId === null)
    return { name: product?.identifier ?? `Product ${productId}`, detail: 'adopted or made at the next sync' }
  return { name, detail: addition ? `addition ${additionId}, now ${addition.quantity}` : `addition ${additionId}` }
}

const byId = <T extends { id: number }>(rows: readonly T[]) => new Map(rows.map((row) => [row.id, row]))
