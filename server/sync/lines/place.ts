import {
  type AccountPlace,
  type AgreementPlace,
  accountKey,
  type LineMappingRow,
  type Places,
  placeOf,
  productKey,
  type Unplaced,
} from '#billing/lines/place.ts'
import { timeIn } from '#billing/period.ts'
import { type Scope, save } from '#db/db.ts'
import {
  listAccountPlaces,
  listBilledSubscriptions,
  listLineMappings,
  listMadeAgreements,
  listShared,
  listUnposted,
  type StoredPlace,
  savePlaces,
  type WhichLines,
} from '#db/line-places.ts'
import { type AgreementRow, listAgreements, listCompanies } from '#db/mirror.ts'
import { listSkuProducts } from '#db/sku-products.ts'
import { findTenant, type Tenant } from '#db/tenants.ts'
import { listStandIns } from '#sync/records/to-be-made.ts'

type Row = Awaited<ReturnType<typeof listUnposted>>[number]
type Settings = Pick<Tenant, 'defaultAgreementTypeId' | 'creation' | 'zone'>

/**
 * Works out anew where each line goes that is not posted, from what people chose and our copy of ConnectWise holds, and
 * stores what changed (FEATURES 4.6, 4.13). In a run it is called before ConnectWise is read, and after. Says how many lines
 * changed.
 */
export async function placeLines(scope: Scope, tenant: Settings, which?: WhichLines): Promise<number> {
  const rows = await listUnposted(scope, which)
  if (rows.length === 0) return 0
  const places = await loadPlaces(scope, tenant, rows)
  const moved = rows.flatMap((row) => {
    const place = storedOf(placeOf(unplacedOf(row), places))
    return isSame(row, place) ? [] : [{ ...place, id: row.id }]
  })
  await save(scope.db, savePlaces(scope, moved))
  return moved.length
}

/** As `placeLines`, with the tenant's settings as they are now: after a change of a mapping or of settings. */
export async function placeAnew(scope: Scope, which?: WhichLines): Promise<number> {
  const tenant = await findTenant(scope.db, scope.tenant)
  return tenant ? placeLines(scope, tenant, which) : 0
}

const unplacedOf = ({ sourceId, account, agreementId, chargeKind, ...said }: Row): Unplaced => ({
  source: sourceId,
  account,
  said,
  isRecurring: chargeKind === 'recurring',
  ...(agreementId === null ? {} : { agreementId }),
})

const storedOf = (place: ReturnType<typeof placeOf>): StoredPlace => ({
  mapping: place.mapping,
  lacks: place.lacks ?? null,
  companyId: place.companyId ?? null,
  placedAgreementId: place.agreementId ?? null,
  productId: place.productId ?? null,
  placedAdditionId: place.additionId ?? null,
  leaveAlone: [...(place.leaveAlone ?? [])],
})

const isSame = (row: StoredPlace, place: StoredPlace): boolean =>
  row.mapping === place.mapping &&
  row.lacks === place.lacks &&
  row.companyId === place.companyId &&
  row.placedAgreementId === place.placedAgreementId &&
  row.productId === place.productId &&
  row.placedAdditionId === place.placedAdditionId &&
  row.leaveAlone.join() === place.leaveAlone.join()

async function loadPlaces(scope: Scope, tenant: Settings, rows: readonly Row[]): Promise<Places> {
  const { defaultAgreementTypeId: typeId, creation, zone } = tenant
  const [accounts, shared, products, mappings, billed, made] = await Promise.all([
    listAccountPlaces(scope),
    listShared(scope),
    listSkuProducts(scope),
    listLineMappings(scope),
    listBilledSubscriptions(scope),
    typeId === null ? [] : listMadeAgreements(scope, typeId),
  ])
  const agreementIds = named([...rows, ...accounts, ...mappings, ...billed, ...made], (one) => one.agreementId)
  const companyIds = named([...accounts, ...mappings], (one) => one.companyId)
  const [agreements, companies, wanted] = await Promise.all([
    listAgreements(scope, agreementIds),
    listCompanies(scope, companyIds),
    listStandIns(scope, agreementIds),
  ])
  return {
    accounts: new Map(accounts.map((one) => [accountKey(one.sourceId, one.account), accountOf(one)])),
    mappings: byAccount(mappings),
    shared: new Set(shared),
    products: new Map(products.map((one) => [productKey(one.sourceId, one.sku, one.term), one.productId])),
    agreements: new Map([
      ...agreements.map((row) => [row.id, agreementOf(row, zone)] as const),
      ...wanted.agreements.map(({ id, companyId }) => [id, { companyId }] as const),
    ]),
    deletedCompanies: new Set(companies.filter(({ deleted }) => deleted).map(({ id }) => id)),
    billed: new Map(billed.map(({ identity, agreementId }) => [identity, agreementId])),
    made: new Map(made.map(({ companyId, agreementId }) => [companyId, agreementId])),
    ...whyNotMade(typeId, creation),
  }
}

/** FEATURES S10, 4.3: what an agreement cannot be made without. */
function whyNotMade(typeId: number | null, { agreements }: Settings['creation']): Pick<Places, 'whyNotMade'> {
  if (agreements === 'off') return { whyNotMade: 'choose the agreement: Settings do not let TrueUp make one' }
  return typeId === null ? { whyNotMade: 'choose the default agreement type (Settings › Configuration)' } : {}
}

function accountOf({ companyId, agreementId, include }: Awaited<ReturnType<typeof listAccountPlaces>>[number]) {
  const place: AccountPlace = { include }
  if (companyId !== null) place.companyId = companyId
  if (agreementId !== null) place.agreementId = agreementId
  return place
}

type StoredMapping = Awaited<ReturnType<typeof listLineMappings>>[number]

function byAccount(rows: readonly StoredMapping[]): Places['mappings'] {
  const found = new Map<string, LineMappingRow[]>()
  for (const row of rows) {
    const key = accountKey(row.sourceId, row.account)
    found.set(key, [...(found.get(key) ?? []), ...mappingsOf(row)])
  }
  return found
}

const mappingsOf = (row: StoredMapping): LineMappingRow[] =>
  row.reads.flatMap((read) => {
    if (!('offer' in read)) return []
    const { companyId, agreementId, additionId, productId, leaveAlone, include, parkedReason } = row
    return [
      {
        ...{ ...read, companyId, agreementId, leaveAlone, include },
        ...(additionId === null ? {} : { additionId }),
        ...(productId === null ? {} : { productId }),
        ...(parkedReason === null ? {} : { parkedReason }),
      },
    ]
  })

/** M18: an agreement whose additions could not be read; the next time it is read may be better. */
const agreementOf = (
  { id, companyId, gone, additionsProblem, readAt }: AgreementRow,
  zone: string,
): AgreementPlace => ({
  companyId,
  gone,
  ...(additionsProblem === null ? {} : { problem: `agreement ${id}, ${timeIn(zone, readAt)}: ${additionsProblem}` }),
})

const named = <T>(rows: readonly T[], idOf: (row: T) => number | null): number[] => [
  ...new Set(rows.flatMap((row) => idOf(row) ?? [])),
]
