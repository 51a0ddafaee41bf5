import { isOfLines } from '#billing/mapping.ts'
import { companyRefusal, type Offering } from '#billing/offered.ts'
import { dayIn } from '#billing/period.ts'
import { closedReason } from '#billing/target.ts'
import type { Scope } from '#db/db.ts'
import type { MappingRow } from '#db/mappings.ts'
import { saveCompanies } from '#db/mirror.ts'
import { findSource } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { listStandIns } from '#sync/records/to-be-made.ts'
import { tenantOf } from '#sync/run.ts'
import { type Asked, changeAccount, type Saved } from './account-state.ts'
import { listAllCompanies } from './catalogue.ts'
import { readTargets } from './read-targets.ts'
import { type Placed, skuMappings } from './sku-mappings.ts'
import { agreementProblems, companyProblems } from './targets.ts'

/** Which companies pickers offer, by their ConnectWise status. */
export const offeringOf = ({ companyStatuses, hiddenStatuses }: Tenant): Offering => ({
  statuses: companyStatuses ?? [],
  hidden: hiddenStatuses ?? [],
})

/** What ConnectWise says now of companies that are chosen, in one question for many; those to be made are as wanted. */
export async function readCompanies(deps: Deps, scope: Scope, ids: readonly number[]) {
  if ((await tenantOf(scope)).companiesListedAt === null) await listAllCompanies(deps, scope)
  const at = deps.now()
  const read = await (await deps.connectWise(scope)).listCompanies(ids)
  const companies = [...read, ...(await listStandIns(scope, ids)).companies]
  const offering = offeringOf(await tenantOf(scope))
  return { read, companies: new Map(companies.map((company) => [company.id, company])), at, offering }
}

/**
 * Saves the company of an account; another one than before ends its mappings, because they are of the old company's
 * agreements (M1, M4). Throws a Problem when ConnectWise no longer offers it.
 */
export async function chooseCompany(
  deps: Deps,
  scope: Scope,
  asked: Asked,
  companyId: number,
  asking = readCompanies(deps, scope, [companyId]),
): Promise<Saved> {
  const { companies, read, at, offering } = await asking
  return changeAccount(deps, scope, asked, 'company', async ({ state }) => {
    const company = companies.get(companyId)
    const refusal = company && companyRefusal(company, offering)
    refuse(companyProblems(companyId, { companies }))
    refuse(refusal === undefined ? [] : [`company ${companyId} cannot be chosen: ${refusal}`])
    const kept = state.mappings.filter((mapping) => mapping.companyId === companyId)
    const agreementId = companyId === state.companyId ? state.agreementId : null
    return {
      after: { ...state, include: isIncluded(state), companyId, agreementId, mappings: kept },
      mirrored: saveCompanies(
        scope,
        read.filter(({ id }) => id === companyId),
        at,
      ),
    }
  })
}

/**
 * Saves the agreement of an account (M2). A mapping by product goes with it; one to an addition of the old agreement ends,
 * because the addition is chosen anew. Throws a Problem when it is not an active agreement of the company (M27).
 */
export async function chooseAgreement(deps: Deps, scope: Scope, asked: Asked, agreementId: number): Promise<Saved> {
  const tenant = await tenantOf(scope)
  return changeAccount(deps, scope, asked, 'agreement', async ({ state }) => {
    const companyId = state.mappings[0]?.companyId ?? state.companyId
    if (companyId === null) throw new Problem('invalid', 'Choose the company first.')
    const named = { company: companyId, agreement: agreementId }
    const { existing, mirrored } = await readTargets(deps, scope, [named])
    refuse([...companyProblems(companyId, existing), ...agreementProblems(agreementId, companyId, existing)])
    const agreement = existing.agreements.get(agreementId)
    const closed = agreement && closedReason(agreement, dayIn(tenant.zone, deps.now()))
    refuse(closed === undefined ? [] : [closed])
    const at = deps.now()
    const kept = follows(state.mappings) ? state.mappings.flatMap(moved(agreementId, at, asked)) : state.mappings
    const include = isIncluded(state)
    const placed = { ...asked.key, companyId, agreementId, include }
    const mappings = [...kept, ...(await madeBySkus(deps, scope, asked.member, placed, kept))]
    return { after: { companyId, agreementId, include, mappings }, mirrored }
  })
}

/** No agreement is chosen for an account any more; its mappings keep theirs. */
export const forgetAgreement = (deps: Deps, scope: Scope, asked: Asked): Promise<Saved> =>
  changeAccount(deps, scope, asked, 'agreement', async ({ state }) => ({ after: { ...state, agreementId: null } }))

/** One target, or all that SKUs made, go with the account; several chosen by hand stay, and the next one goes there. */
const follows = (mappings: readonly MappingRow[]): boolean =>
  mappings.length === 1 || mappings.every(({ reads }) => reads.every((read) => 'sku' in read))

/** The SKUs an account uses are mapped as soon as it has an agreement (FEATURES 2). */
async function madeBySkus(
  deps: Deps,
  scope: Scope,
  member: string,
  placed: Placed,
  known: readonly MappingRow[],
): Promise<MappingRow[]> {
  const source = await findSource(scope, placed.sourceId)
  return source ? skuMappings(deps, scope, { source, member, known }, [placed]) : []
}

/** Re-mapping keeps include (FEATURES 4.6), whichever of the two said so. */
const isIncluded = ({ include, mappings }: { include: boolean; mappings: readonly MappingRow[] }): boolean =>
  mappings.length > 0 ? mappings.some((mapping) => mapping.include) : include

const moved =
  (agreementId: number, at: number, { member }: Asked) =>
  (mapping: MappingRow): MappingRow[] => {
    if (mapping.agreementId === agreementId || isOfLines(mapping)) return [mapping]
    if (mapping.targetKey.startsWith('addition:')) return []
    const found = { additionId: null, parkedReason: null, parkedAt: null }
    return [{ ...mapping, ...found, agreementId, updatedAt: at, updatedBy: member }]
  }

/** Throws a Problem that says everything that is wrong, when something is. */
export function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Problem('invalid', `${capital(problems.join('; '))}.`)
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
