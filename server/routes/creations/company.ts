import type { NamedChoice } from '#billing/creation.ts'
import { proposedIdentifier } from '#billing/twins.ts'
import { readQuery } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { chooseCompany } from '#sync/mapping/place-account.ts'
import { CompanyCreation } from '#views/creations/company.tsx'
import { Checked } from '#views/creations/creation.tsx'
import {
  type CompanyChoices,
  companyChoices,
  companyDraft,
  companyErrors,
  companyTwins,
  knownCompanies,
  readNamesakes,
} from './company-form.ts'
import {
  choicesOf,
  creationProps,
  doubted,
  lineOf,
  type Place,
  placedAnswer,
  placeForm,
  readCreation,
  readPlace,
  requireMayMake,
  wantAndChoose,
  wishWords,
} from './place.ts'

/** `GET /creations/company`: the form, filled in as far as the account and the settings say (M5, P18). */
export const getCompanyCreation = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  requireMayMake(viewer, 'company')
  const place = await readPlace(deps, viewer, readQuery(c, placeForm))
  const [choices, known] = await Promise.all([companyChoices(deps, viewer), knownCompanies(deps, viewer)])
  const { companyStatusId, companyTypeId } = viewer.tenant.creation
  const name = lineOf(place.account.row.name).slice(0, 50)
  const fields = {
    ...{ name, identifier: proposedIdentifier(name, known), siteName: 'Main' },
    statusId: proposed(companyStatusId, choices.statuses, /^active$/i),
    typeId: proposed(companyTypeId, choices.types, /^(customer|client)$/i),
  }
  const { twins } = await companyTwins(deps, viewer, fields, known)
  return fragment(c, CompanyCreation, { ...formOf(viewer, place, choices), fields, errors: {}, twins, askAgain: false })
}

/** The tenant's own choice, else the one of the usual name: whoever saves sees which. */
function proposed(own: number | undefined, choices: readonly NamedChoice[], usual: RegExp): string {
  const found = choices.find(({ id }) => id === own) ?? choices.find(({ name }) => usual.test(name))
  return found ? String(found.id) : ''
}

/** `POST /creations/company/checks`: what is wrong with the field that was left, and the twins of what is typed. */
export const postCompanyChecks = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { typed } = await readCreation(c, placeForm)
  const draft = companyDraft(typed)
  const { twins, all } = await companyTwins(deps, viewer, draft, await knownCompanies(deps, viewer))
  return fragment(c, Checked, { record: 'company', error: companyErrors(draft, all)[typed.field ?? ''], twins })
}

/** `POST /creations/company`: wants it made and chooses it for the account; or chooses one that is there instead. */
export const postCompanyCreation = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { asked, typed } = await readCreation(c, placeForm)
  const place = await readPlace(deps, viewer, asked)
  const { use } = asked
  if (use !== undefined) return useCompany(deps, c, place, use)
  requireMayMake(viewer, 'company')
  const choices = await companyChoices(deps, viewer)
  const draft = companyDraft(typed, choices)
  await readNamesakes(deps, viewer, draft)
  const { twins, all } = await companyTwins(deps, viewer, draft, await knownCompanies(deps, viewer))
  const errors = doubted(typed, twins, companyErrors(draft, all, choices))
  if (Object.keys(errors).length > 0) {
    const form = { ...formOf(viewer, place, choices), fields: typed, errors, twins, askAgain: twins.length > 0 }
    return fragment(c, CompanyCreation, form, 422)
  }
  const choose = (id: number) => chooseCompany(deps, viewer.scope, place.asked, id)
  const { id, saved } = await wantAndChoose(deps, viewer, draft, choose)
  return placedAnswer(deps, c, place, wishWords(draft.name, id), saved)
}

async function useCompany(deps: Deps, c: Ask, place: Place, id: number) {
  const viewer = c.get('viewer')
  await requireReadable(deps, viewer, 'company', id)
  return placedAnswer(deps, c, place, 'Company saved.', await chooseCompany(deps, viewer.scope, place.asked, id))
}

const formOf = (viewer: Viewer, place: Place, { statuses, types }: CompanyChoices) => ({
  ...creationProps(viewer, 'company', place),
  statuses: choicesOf(statuses.filter(({ inactive, disallowsSaving }) => !inactive && !disallowsSaving)),
  types: choicesOf(types),
})
