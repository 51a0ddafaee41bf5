import type { Agreement } from '#billing/existing.ts'
import type { Mapping } from '#billing/mapping.ts'
import { isToBeMade } from '#billing/record.ts'
import type { Scope } from '#db/db.ts'
import { save } from '#db/db.ts'
import {
  type AgreementRow,
  listAdditions,
  listAgreements,
  listCompanies,
  listProducts,
  saveAdditions,
  saveAdditionsProblem,
  saveAgreements,
  saveCompanies,
  saveProducts,
} from '#db/mirror.ts'
import type { Run } from '#db/runs.ts'
import { saveBillingCycles, saveCatalogueRead, type Tenant } from '#db/tenants.ts'
import type { ConnectWise, Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { asksWishes } from './asked.ts'
import { readInvoicing } from './invoicing.ts'
import type { Lease } from './lease.ts'
import { agreementsOf, loadWishes } from './lines/wishes.ts'
import { each, type Slice, widthOf } from './slice.ts'

const catalogueAgeMs = 20 * 3_600_000
const agreementsPerSave = 50

/** Where something is written, as far as it is known: what a run has to know of ConnectWise. */
export type Place = Partial<Pick<Mapping, 'companyId' | 'agreementId' | 'additionId' | 'productId'>>

/** One run's reading of ConnectWise into our copy of it. */
export interface Reader {
  deps: Deps
  scope: Scope
  tenant: Tenant
  run: Pick<Run, 'id' | 'startedAt' | 'accounts' | 'sourceId' | 'mappings' | 'lines'>
  lease: Lease
  slice: Slice
}

/**
 * Reads every agreement these mappings and other places name, and all their additions, into the mirror. An agreement that cannot be
 * read completely is marked with the reason; the others go on. Returns false when the slice stopped before the end.
 * Throws a Problem when ConnectWise refuses the keys or cannot be reached at all.
 */
export async function readMirror(
  reader: Reader,
  mappings: readonly Mapping[],
  others: readonly Place[] = [],
): Promise<boolean> {
  const { deps, scope, run } = reader
  const connectWise = await deps.connectWise(scope)
  const wished = asksWishes(run) ? agreementsOf(await loadWishes(scope)) : []
  const places: readonly Place[] = [...mappings, ...others]
  const ids = named([...places, ...wished.map((agreementId) => ({ agreementId }))], ({ agreementId }) => agreementId)
  ids.sort((a, b) => a - b)
  await readAgreements(reader, connectWise, ids)
  deps.at('agreements.read')
  const left = (await listAgreements(scope, ids)).filter((row) => !row.gone && row.additionsRun !== run.id)
  if (left.length > 0 && !(await readFromReport(reader, connectWise, left)))
    await readOneByOne(reader, connectWise, left)
  deps.at('additions.read')
  if (reader.slice.stopping()) return false
  await readCatalogue(reader, connectWise, places)
  await readInvoicing(scope, connectWise, mappings)
  return true
}

/** The ids of records that are there, each once. */
const named = (places: readonly Place[], idOf: (place: Place) => number | undefined): number[] => [
  ...new Set(places.flatMap((place) => idOf(place) ?? []).filter((id) => !isToBeMade(id))),
]

async function readAgreements(
  { deps, scope, run }: Reader,
  connectWise: ConnectWise,
  ids: readonly number[],
): Promise<void> {
  const known = await listAgreements(scope, ids)
  const fresh = new Set(known.filter((row) => row.readAt > run.startedAt).map((row) => row.id))
  const asked = ids.filter((id) => !fresh.has(id))
  if (asked.length === 0) return
  const found: Agreement[] = await connectWise.listAgreements(asked)
  await save(scope.db, saveAgreements(scope, asked, found, deps.now()))
}

/** The whole instance in a few requests, where the report exists; worth it only when everything is asked for. */
async function readFromReport(
  { deps, scope, tenant, run }: Reader,
  connectWise: ConnectWise,
  left: readonly AgreementRow[],
): Promise<boolean> {
  const partOnly = run.accounts !== null || run.sourceId !== null
  if (!tenant.hasAdditionsReport || partOnly) return false
  const at = deps.now()
  const all = await connectWise.reportAdditions()
  if (!all) return false
  const ids = new Set(left.map((row) => row.id))
  const found = all.filter((addition) => ids.has(addition.agreementId))
  await save(scope.db, saveAdditions(scope, [...ids], found, { run: run.id, at }))
  return true
}

async function readOneByOne(
  { deps, scope, run, lease, slice }: Reader,
  connectWise: ConnectWise,
  left: readonly AgreementRow[],
): Promise<void> {
  let read: { id: number; additions: Awaited<ReturnType<ConnectWise['listAdditions']>>; at: number }[] = []
  const saveRead = async () => {
    const batch = read
    read = []
    const oldest = Math.min(...batch.map(({ at }) => at))
    const found = batch.flatMap(({ additions }) => additions)
    if (batch.length > 0)
      await save(
        scope.db,
        saveAdditions(
          scope,
          batch.map(({ id }) => id),
          found,
          { run: run.id, at: oldest },
        ),
      )
  }
  await each(left, widthOf(deps), slice, async ({ id }) => {
    await lease.keep()
    const at = deps.now()
    try {
      // `read` is another array after a save, so it is looked up when the answer is here, not before.
      const additions = await connectWise.listAdditions(id)
      read.push({ id, additions, at })
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.kind === 'forbidden') throw problem
      await save(scope.db, [saveAdditionsProblem(scope, id, run.id, problem.message)])
      deps.log.warn('additions.unread', { tenant: scope.tenant, run: run.id, agreement: id, reason: problem.message })
    }
    if (read.length >= agreementsPerSave) await saveRead()
  })
  await saveRead()
}

/** Reads one agreement's additions again, right before a write that relies on an older reading (I5). */
export async function rereadAdditions(
  deps: Deps,
  scope: Scope,
  connectWise: ConnectWise,
  run: string,
  agreementId: number,
): Promise<void> {
  const at = deps.now()
  const found = await connectWise.listAdditions(agreementId)
  await save(scope.db, saveAdditions(scope, [agreementId], found, { run, at }))
}

/** Which companies are deleted, which products inactive, how long billing cycles are: read when a mapping is new or our copy is 20 hours old. */
async function readCatalogue(
  { deps, scope, tenant }: Reader,
  connectWise: ConnectWise,
  places: readonly Place[],
): Promise<void> {
  const companyIds = named(places, ({ companyId }) => companyId)
  const productIds = await namedProducts(scope, places)
  const old = deps.now() - (tenant.catalogueReadAt ?? 0) >= catalogueAgeMs
  const knownCompanies = new Set((await listCompanies(scope, companyIds)).map((company) => company.id))
  const knownProducts = new Set((await listProducts(scope, productIds)).map((product) => product.id))
  const isNew =
    tenant.billingCycles === null ||
    companyIds.some((id) => !knownCompanies.has(id)) ||
    productIds.some((id) => !knownProducts.has(id))
  if (old || isNew) await saveCatalogue(deps, scope, connectWise, companyIds, productIds)
}

/** The products of the mapped additions, and those that mappings give instead of an addition. */
async function namedProducts(scope: Scope, places: readonly Place[]): Promise<number[]> {
  const mapped = new Set(named(places, ({ additionId }) => additionId))
  const existing = await listAdditions(
    scope,
    named(places, ({ agreementId }) => agreementId),
  )
  const ofAdditions = existing.filter((addition) => mapped.has(addition.id)).map(({ productId }) => ({ productId }))
  return named([...ofAdditions, ...places], ({ productId }) => productId)
}

/** Reads these companies and products, and the billing cycles, into the mirror; one that does not come back is deleted, or inactive for us. */
export async function saveCatalogue(
  deps: Deps,
  scope: Scope,
  connectWise: ConnectWise,
  companyIds: readonly number[],
  productIds: readonly number[],
): Promise<void> {
  const [companies, products, cycles] = await Promise.all([
    connectWise.listCompanies(companyIds),
    connectWise.listProducts(productIds),
    connectWise.listBillingCycles(),
  ])
  const missing = companyIds.filter((id) => !companies.some((company) => company.id === id))
  const deleted = missing.map((id) => ({ id, identifier: '', name: '', statusName: '', deleted: true }))
  const absent = productIds.filter((id) => !products.some((product) => product.id === id))
  const gone = absent.map((id) => ({ id, identifier: `${id}`, description: '', productClass: '', inactive: true }))
  const at = deps.now()
  await save(scope.db, [
    ...saveCompanies(scope, [...companies, ...deleted], at),
    ...saveProducts(scope, [...products, ...gone], at),
    saveBillingCycles(scope, cycles),
    saveCatalogueRead(scope, at),
  ])
}
