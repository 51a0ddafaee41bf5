import type { CompanyStatus } from '#billing/existing.ts'
import { isToBeMade } from '#billing/record.ts'
import { findAgreementsListedAt, listAgreementsOf, markUnlisted, saveAgreementsListed } from '#db/catalogue.ts'
import { type Scope, save } from '#db/db.ts'
import { listAgreements, saveAdditions, saveAgreements, saveCompanies, saveProducts } from '#db/mirror.ts'
import { saveListed } from '#db/tenants.ts'
import type { ConnectWise, Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'

/** While somebody types in a picker, what was just read is not read again. */
const freshMs = 60_000

/** Lists every company and status from ConnectWise into the mirror (M26). Throws a Problem when it cannot. */
export async function listAllCompanies(deps: Deps, scope: Scope): Promise<void> {
  const connectWise = await deps.connectWise(scope)
  const at = deps.now()
  const [companies, statuses] = await Promise.all([connectWise.listAllCompanies(), statusesOf(connectWise)])
  await save(scope.db, [
    ...saveCompanies(scope, companies, at),
    markUnlisted(scope, 'companies', at),
    saveListed(scope, { companiesListedAt: at, ...(statuses ? { companyStatuses: statuses } : {}) }),
  ])
}

/** Lists the whole catalogue into the mirror. Throws a Problem when it cannot. */
export async function listAllProducts(deps: Deps, scope: Scope): Promise<void> {
  const at = deps.now()
  const products = await (await deps.connectWise(scope)).listAllProducts()
  await save(scope.db, [
    ...saveProducts(scope, products, at),
    markUnlisted(scope, 'products', at),
    saveListed(scope, { productsListedAt: at }),
  ])
}

/** Makes sure the mirror has all agreements of a company, not older than a minute. Throws a Problem when it cannot. */
export async function readAgreementsOf(deps: Deps, scope: Scope, companyId: number): Promise<void> {
  if (isToBeMade(companyId)) return
  const at = deps.now()
  const listedAt = await findAgreementsListedAt(scope, companyId)
  if (listedAt !== undefined && at - listedAt < freshMs) return
  const connectWise = await deps.connectWise(scope)
  const found = await connectWise.listAgreementsOf(companyId)
  const known = await listAgreementsOf(scope, companyId)
  // One that is not listed any more may be gone, or another company's by now.
  const missing = known.map(({ id }) => id).filter((id) => !found.some((agreement) => agreement.id === id))
  const moved = await connectWise.listAgreements(missing)
  await save(scope.db, [
    ...saveAgreements(scope, missing, [...found, ...moved], at),
    saveAgreementsListed(scope, companyId, at),
  ])
}

/** Makes sure the mirror has all additions of an agreement, not older than a minute. Throws a Problem when it cannot. */
export async function readAdditionsOf(deps: Deps, scope: Scope, agreementId: number): Promise<void> {
  if (isToBeMade(agreementId)) return
  const at = deps.now()
  const [known] = await listAgreements(scope, [agreementId])
  if (known?.additionsReadAt && at - known.additionsReadAt < freshMs) return
  const found = await (await deps.connectWise(scope)).listAdditions(agreementId)
  await save(scope.db, saveAdditions(scope, [agreementId], found, { at }))
}

/** Which statuses are inactive; undefined where the API member may not read their table. */
async function statusesOf(connectWise: ConnectWise): Promise<CompanyStatus[] | undefined> {
  try {
    return await connectWise.listCompanyStatuses()
  } catch (problem) {
    if (problem instanceof Problem && problem.kind === 'forbidden') return undefined
    throw problem
  }
}
