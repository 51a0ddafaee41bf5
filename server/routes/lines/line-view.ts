import { multiply } from '#billing/decimal.ts'
import type { Agreement, Company, Product } from '#billing/existing.ts'
import { isToBeMade } from '#billing/record.ts'
import type { LineRow } from '#db/lines.ts'
import { listAgreements, listCompanies, listProducts } from '#db/mirror.ts'
import { listAccountNames } from '#db/plan-lines.ts'
import { agreementPlace, companyPlace } from '#routes/names.ts'
import { presentIds } from '#routes/readable.ts'
import type { Viewer } from '#session/viewer.ts'
import { listStandIns } from '#sync/records/to-be-made.ts'
import { keyText } from '#sync/sources/newest-words.ts'
import type { LineView } from '#views/lines/line.ts'
import { changesOf } from './said.ts'

/** What the records that lines name are called. */
export interface LineNames {
  account(line: LineRow): string
  companies: ReadonlyMap<number, Company>
  agreements: ReadonlyMap<number, Agreement>
  products: ReadonlyMap<number, Product>
}

/** Reads what these lines name; whether the viewer may read it was asked before. */
export async function loadLineNames({ scope }: Viewer, rows: readonly LineRow[]): Promise<LineNames> {
  const companyIds = presentIds(rows.map(({ companyId }) => companyId))
  const agreementIds = presentIds(rows.map(({ placedAgreementId }) => placedAgreementId))
  const productIds = presentIds(rows.map(({ productId }) => productId))
  const [accounts, companies, agreements, products, toBe] = await Promise.all([
    listAccountNames(scope, [...new Set(rows.map(({ account }) => account))]),
    listCompanies(scope, companyIds),
    listAgreements(scope, agreementIds),
    listProducts(scope, productIds),
    listStandIns(scope, [...companyIds, ...agreementIds, ...productIds]),
  ])
  const names = new Map(accounts.map((account) => [keyText(account), account.name]))
  return {
    account: (line) => names.get(keyText(line)) ?? line.account,
    companies: byId([...companies, ...toBe.companies]),
    agreements: byId([...agreements.map(({ body }) => body), ...toBe.agreements]),
    products: byId([...products, ...toBe.products]),
  }
}

const byId = <T extends { id: number }>(rows: readonly T[]) => new Map(rows.map((row) => [row.id, row]))

/** A line as its row shows it; its money only to who may see it. */
export function viewOf(viewer: Viewer, row: LineRow, names: LineNames, seesMoney: boolean): LineView {
  const agreement = names.agreements.get(row.placedAgreementId ?? 0)
  const changes = row.settled === null && row.status === 'synced' ? changesOf(row, seesMoney) : undefined
  const subscription = row.said.subscriptionName ?? row.subscription
  return {
    ...{ id: row.id, seen: row.change ?? '', organization: names.account(row), account: row.account, offer: row.offer },
    ...(subscription === '' ? {} : { subscription }),
    start: { on: row.effectiveOn, badge: row.effectiveBadge },
    end: { ...(row.cancelledOn === null ? {} : { on: row.cancelledOn }), badge: row.cancelledBadge },
    charge: { name: row.chargeName, badge: row.nameBadge },
    quantity: row.quantity,
    ...(seesMoney ? moneyOf(row) : {}),
    ...(row.currency === null ? {} : { currency: row.currency }),
    ...placesOf(viewer, row, names),
    ...(agreement?.nextInvoiceOn === undefined ? {} : { nextInvoiceOn: agreement.nextInvoiceOn }),
    mapping: row.mapping,
    ...(row.lacks === null ? {} : { lacks: row.lacks }),
    status: row.leftOut && row.status !== 'synced' ? 'left-out' : row.status,
    ...reasonOf(row),
    ...(changes ? { changes } : {}),
    isGone: row.goneAt !== null,
    isLocked: row.status === 'synced',
  }
}

const moneyOf = ({ quantity, unitCost, unitPrice }: LineRow) => ({
  ...(unitCost === null ? {} : { cost: multiply(quantity, unitCost) }),
  ...(unitPrice === null ? {} : { revenue: multiply(quantity, unitPrice) }),
})

function placesOf(viewer: Viewer, { companyId, placedAgreementId: id, productId }: LineRow, names: LineNames) {
  const product = names.products.get(productId ?? 0)
  return {
    ...(companyId === null ? {} : { company: companyPlace(viewer, companyId, names.companies.get(companyId)) }),
    ...(id === null ? {} : { agreement: agreementPlace(viewer, id, names.agreements.get(id)) }),
    ...(productId === null ? {} : { product: productView(productId, product) }),
  }
}

const productView = (id: number, product: Product | undefined) => ({
  name: product?.identifier ?? `Product ${id}`,
  detail: product?.description ?? '',
  ...(isToBeMade(id) ? { toBeMade: true as const } : {}),
})

/** Why it stands as it does; else what is odd about its days. */
function reasonOf({ reason, warning, chargeKind }: LineRow): { reason?: string } {
  const unknown = chargeKind === null ? 'Unknown charge type: an admin says in Configuration how it is billed' : null
  const text = reason ?? unknown ?? warning
  return text === null ? {} : { reason: text }
}
