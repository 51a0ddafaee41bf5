import { draftProblems, type NamedChoice } from '#billing/creation.ts'
import type { CompanyStatus } from '#billing/existing.ts'
import { companyRefusal } from '#billing/offered.ts'
import { isToBeMade, type NewCompany } from '#billing/record.ts'
import { isSame, type Known, type Twin, twinsOf } from '#billing/twins.ts'
import { listOfferedCompanies } from '#db/catalogue.ts'
import { save } from '#db/db.ts'
import { listCompanies, saveCompanies } from '#db/mirror.ts'
import type { Typed } from '#routes/form.ts'
import type { Deps } from '#server/deps.ts'
import { listReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { listAllCompanies } from '#sync/mapping/catalogue.ts'
import { offeringOf } from '#sync/mapping/place-account.ts'
import { listStandIns, listWanted } from '#sync/records/to-be-made.ts'
import { tenantOf } from '#sync/run.ts'
import type { Twin as TwinLine } from '#views/creations/creation.tsx'
import { chosenId, filled, lineOf, namesOf } from './place.ts'

/** What a company's form lets choose, as ConnectWise lists it now. */
export interface CompanyChoices {
  statuses: readonly CompanyStatus[]
  types: readonly NamedChoice[]
}

export async function companyChoices(deps: Deps, { scope }: Viewer): Promise<CompanyChoices> {
  const connectWise = await deps.connectWise(scope)
  const [statuses, types] = await Promise.all([connectWise.listCompanyStatuses(), connectWise.listCompanyTypes()])
  return { statuses, types }
}

/** The company a form asks for; what is not chosen is 0. */
export function companyDraft(typed: Typed, choices?: CompanyChoices): NewCompany {
  const [statusId, typeId] = [chosenId(typed.statusId), chosenId(typed.typeId)]
  const { addressLine1, city, state, zip } = typed
  return {
    record: 'company',
    ...{ identifier: lineOf(typed.identifier), name: lineOf(typed.name), statusId, typeId },
    siteName: lineOf(typed.siteName),
    ...filled({ addressLine1: lineOf(addressLine1), city: lineOf(city), state: lineOf(state), zip: lineOf(zip) }),
    ...(choices
      ? {
          names: namesOf({
            statusId: { id: statusId, choices: choices.statuses },
            typeId: { id: typeId, choices: choices.types },
          }),
        }
      : {}),
  }
}

/** Every company ConnectWise has by our copy, and those that are to be made. */
export async function knownCompanies(deps: Deps, { scope }: Viewer): Promise<Known[]> {
  if ((await tenantOf(scope)).companiesListedAt === null) await listAllCompanies(deps, scope)
  return [...(await listWanted(scope)).companies, ...(await listOfferedCompanies(scope, []))]
}

/** Looks in ConnectWise for what has the identifier by now: our copy may be a day old. */
export async function readNamesakes(deps: Deps, { scope }: Viewer, { identifier }: NewCompany): Promise<void> {
  if (identifier === '') return
  const at = deps.now()
  const found = await (await deps.connectWise(scope)).listCompaniesCalled(identifier)
  await save(scope.db, saveCompanies(scope, found, at))
}

/** What may be meant instead, as far as the viewer may read it in ConnectWise. */
export async function companyTwins(
  deps: Deps,
  viewer: Viewer,
  draft: { name: string; identifier: string },
  known: readonly Known[],
): Promise<{ twins: TwinLine[]; all: Twin[] }> {
  const all = twinsOf(draft, known)
  const ids = all.map(({ id }) => id)
  const [readable, companies, toBe] = await Promise.all([
    listReadable(deps, viewer, 'company', ids),
    listCompanies(viewer.scope, ids),
    listStandIns(viewer.scope, ids),
  ])
  const offering = offeringOf(viewer.tenant)
  const twins = all.flatMap(({ id, name, identifier, why }): TwinLine[] => {
    const company = [...companies, ...toBe.companies].find((one) => one.id === id)
    if (!readable.has(id) || !company) return []
    const refused = companyRefusal(company, offering)
    const detail = [identifier, isToBeMade(id) ? 'to be made already' : `id ${id}`].join(' · ')
    return [{ id, name, detail, why, ...(refused === undefined ? {} : { refused }) }]
  })
  return { twins, all }
}

/** What is wrong with it, by field. Nothing is told of a namesake but that there is one. */
export function companyErrors(
  draft: NewCompany,
  twins: readonly Twin[],
  choices?: CompanyChoices,
): Record<string, string> {
  const known = choices ? { companyStatuses: choices.statuses, companyTypes: choices.types } : {}
  const isTaken = twins.some(({ identifier }) => isSame(identifier, draft.identifier))
  const problems = draftProblems(draft, known).map(({ field, text }) => [field, text] as const)
  return Object.fromEntries([
    ...(isTaken ? [['identifier', 'Another company has this id: use that one, or give another id.'] as const] : []),
    ...problems,
  ])
}
