import type { Addition, Agreement, Company, Product } from '#billing/existing.ts'
import { additionRefusal } from '#billing/offered.ts'
import type { Day } from '#billing/period.ts'
import type { DatedLine } from '#billing/proration.ts'
import type { Place } from '#server/problem.ts'
import { type FileRow, placeOf } from './file.ts'

/** What ConnectWise holds of everything the rows name, by id. */
export interface Existing {
  agreements: ReadonlyMap<number, Agreement>
  additions: ReadonlyMap<number, Addition>
  /** Lines for parts of periods, on the agreements whose additions are named. */
  datedLines: readonly DatedLine[]
  companies: ReadonlyMap<number, Company>
  products: ReadonlyMap<number, Product>
}

/** Every way in which a row's company, agreement, addition or product is not what ConnectWise holds (M21, M22, M27, M31). */
export function targetProblems(
  { number, row }: { number: number; row: Target & Pick<FileRow, 'company'> },
  existing: Existing,
  today: Day,
): Place[] {
  const place = (path: string) => (message: string) => placeOf(number, path, message)
  return [
    ...companyProblems(row.company, existing).map(place('company')),
    ...agreementProblems(row.agreement, row.company, existing).map(place('agreement')),
    ...additionProblems(row, existing, today).map(place('addition')),
    ...productProblems(row, existing).map(place('product')),
  ]
}

/** As `targetProblems`, before there is an agreement. */
export function companyProblems(id: number, { companies }: Pick<Existing, 'companies'>): string[] {
  const company = companies.get(id)
  if (!company) return [`company ${id} does not exist in ConnectWise`]
  return company.deleted ? [`company ${id} (${company.name}) was deleted in ConnectWise`] : []
}

/** As `targetProblems`, before there is an addition or a product. */
export function agreementProblems(id: number, company: number, { agreements }: Pick<Existing, 'agreements'>): string[] {
  const agreement = agreements.get(id)
  if (!agreement) return [`agreement ${id} does not exist in ConnectWise`]
  if (agreement.companyId === company) return []
  return [`agreement ${id} belongs to company ${agreement.companyId} (${agreement.companyName}), not ${company}`]
}

type Target = Pick<FileRow, 'agreement' | 'addition' | 'product'>

function additionProblems({ agreement, addition: id, product }: Target, existing: Existing, today: Day): string[] {
  if (id === undefined || !existing.agreements.has(agreement)) return []
  const addition = existing.additions.get(id)
  if (addition?.agreementId !== agreement) return [`addition ${id} does not exist on agreement ${agreement}`]
  const refusal = additionRefusal(addition, today, existing.datedLines)
  const isOther = product !== undefined && addition.productId !== product
  return [
    ...(refusal ? [refusal.replace(/^it /, `addition ${id} `)] : []),
    ...(isOther ? [`addition ${id} is of product ${addition.productId}, not ${product}`] : []),
  ]
}

function productProblems({ addition, product: id }: Target, { products }: Existing): string[] {
  if (addition !== undefined || id === undefined) return []
  const product = products.get(id)
  if (!product) return [`product ${id} does not exist in the catalogue`]
  if (product.inactive) return [`product ${id} (${product.identifier}) is inactive`]
  if (product.productClass === 'Bundle')
    return [`product ${id} (${product.identifier}) is a bundle, which no addition can hold`]
  return []
}
