import { agreementTypeHealth } from '#billing/health.ts'
import type { NewAgreement, NewContact } from '#billing/record.ts'
import { readQuery, type Typed } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { chooseAgreement } from '#sync/mapping/place-account.ts'
import { AgreementCreation, TypeFacts } from '#views/creations/agreement.tsx'
import { Checked } from '#views/creations/creation.tsx'
import {
  type AgreementChoices,
  agreementChoices,
  agreementDraft,
  agreementErrors,
  agreementFields,
  agreementTwins,
  newContact,
} from './agreement-form.ts'
import {
  choicesOf,
  chosenId,
  creationProps,
  doubted,
  type Place,
  placedAnswer,
  placeForm,
  readCreation,
  readPlace,
  requireMayMake,
  wantAndChoose,
  wishWords,
} from './place.ts'

/** `GET /creations/agreement`: the form, filled in as far as the settings and the company say (M5, P17, 4.3). */
export const getAgreementCreation = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  requireMayMake(viewer, 'agreement')
  const place = await readPlace(deps, viewer, readQuery(c, placeForm))
  const choices = await agreementChoices(deps, viewer, place)
  const fields = agreementFields(deps, viewer, place, choices)
  const twins = await agreementTwins(deps, viewer, fields, choices)
  const form = formOf(viewer, place, choices, fields)
  return fragment(c, AgreementCreation, { ...form, errors: {}, twins, askAgain: false })
}

/** `POST /creations/agreement/checks`: what is wrong with the field that was left, and how the chosen type bills. */
export const postAgreementChecks = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { asked, typed } = await readCreation(c, placeForm)
  const choices = await agreementChoices(deps, viewer, await readPlace(deps, viewer, asked))
  const twins = await agreementTwins(deps, viewer, typed, choices)
  const error = agreementErrors(typed, choices)[typed.field ?? '']
  return fragment(c, Checked, {
    ...{ record: 'agreement', error, twins },
    facts: TypeFacts({ findings: factsOf(choices, typed) }),
  })
}

/** `POST /creations/agreement`: wants it and, where it is new, its contact made; or chooses one that is there instead. */
export const postAgreementCreation = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { asked, typed } = await readCreation(c, placeForm)
  const place = await readPlace(deps, viewer, asked)
  const { use } = asked
  if (use !== undefined) return useAgreement(deps, c, place, use)
  requireMayMake(viewer, 'agreement')
  const choices = await agreementChoices(deps, viewer, place)
  const twins = await agreementTwins(deps, viewer, typed, choices)
  const errors = doubted(typed, twins, agreementErrors(typed, choices))
  if (Object.keys(errors).length > 0) {
    const form = formOf(viewer, place, choices, typed)
    return fragment(c, AgreementCreation, { ...form, errors, twins, askAgain: twins.length > 0 }, 422)
  }
  const { agreement, contact } = agreementDraft(typed, choices)
  const choose = (id: number) => chooseAgreement(deps, viewer.scope, place.asked, id)
  const { id, saved } = await wantBoth(deps, viewer, agreement, contact, choose)
  return placedAnswer(deps, c, place, wishWords(agreement.name, id), saved)
}

/** The contact first, because the agreement names it. */
async function wantBoth<S>(
  deps: Deps,
  viewer: Viewer,
  agreement: NewAgreement,
  contact: NewContact | undefined,
  choose: (id: number) => Promise<S>,
): Promise<{ id: number; saved: S }> {
  if (!contact) return wantAndChoose(deps, viewer, agreement, choose)
  const names = { ...agreement.names, contactId: [contact.firstName, contact.lastName].filter(Boolean).join(' ') }
  const { saved } = await wantAndChoose(deps, viewer, contact, (contactId) =>
    wantAndChoose(deps, viewer, { ...agreement, contactId, names }, choose),
  )
  return saved
}

async function useAgreement(deps: Deps, c: Ask, place: Place, id: number) {
  const viewer = c.get('viewer')
  await requireReadable(deps, viewer, 'agreement', id)
  return placedAnswer(deps, c, place, 'Agreement saved.', await chooseAgreement(deps, viewer.scope, place.asked, id))
}

const formOf = (viewer: Viewer, place: Place, choices: AgreementChoices, fields: Typed) => ({
  ...creationProps(viewer, 'agreement', place),
  types: choicesOf(choices.types),
  contacts: [...choicesOf(choices.contacts), { value: newContact, text: 'A new contact' }],
  facts: factsOf(choices, fields),
  fields,
})

function factsOf({ types }: AgreementChoices, typed: Typed) {
  const type = types.find(({ id }) => id === chosenId(typed.typeId))
  return type ? agreementTypeHealth(type) : []
}
