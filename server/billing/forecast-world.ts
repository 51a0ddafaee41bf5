import type { Addition } from './existing.ts'
import { type Mapping, targetText } from './mapping.ts'
import type { Day } from './period.ts'
import type { AgreementState, Fields, PlanInput, PlanRow, Proposal } from './plan.ts'

/** What a plan would leave behind, once all that can be written is written; what only a person adds is left out. */
export function written(input: PlanInput, { rows, prorations, resolve }: Proposal): PlanInput {
  const found = new Map(resolve.map(({ mapping, additionId }) => [mapping, additionId]))
  const changes = rows.filter(({ change, holds }) => change !== undefined && !holds.some(({ block }) => block))
  const usual = changes.filter(({ draft }) => draft?.record !== 'addition' || draft.kind === 'dated')
  return usual.reduce(writeRow, {
    ...input,
    mappings: input.mappings.map((mapping) => ({ ...mapping, ...idOf(found.get(mapping.id)) })),
    prorations: new Map([
      ...(input.prorations ?? []),
      ...prorations.map((row) => [row.additionId, row.state] as const),
    ]),
  })
}

const idOf = (additionId: number | undefined) => (additionId === undefined ? {} : { additionId })

function writeRow(input: PlanInput, row: PlanRow): PlanInput {
  const state = input.agreements.get(row.agreementId ?? 0)
  if (!state) return input
  const addition = row.change === 'create' ? newAddition(input, row) : changedAddition(state, row)
  if (!addition) return input
  const isNew = row.change === 'create'
  const additions = state.additions.map((other) => (other.id === addition.id ? addition : other))
  const { quantity } = addition
  const value = { additionId: addition.id, agreementId: addition.agreementId, quantity }
  return {
    ...withState(input, { ...state, additions: isNew ? [...additions, addition] : additions }),
    lastValues: new Map(input.lastValues).set(addition.id, value),
    mappings: input.mappings.map((mapping) =>
      row.mappings.includes(mapping.id) ? confirmed(mapping, addition) : mapping,
    ),
    ...(row.draft?.record === 'addition'
      ? {
          datedLines: [
            ...(input.datedLines ?? []),
            { ...row.draft, additionId: addition.id, agreementId: addition.agreementId },
          ],
        }
      : {}),
  }
}

/** The first write is done; a line that was made is what the mapping names from now on. */
const confirmed = (mapping: Mapping, addition: Addition): Mapping => ({
  ...mapping,
  additionId: mapping.additionId ?? addition.id,
  confirmedTarget: targetText(mapping),
})

const changedAddition = ({ additions }: AgreementState, { additionId, after }: PlanRow): Addition | undefined =>
  additions.filter(({ id }) => id === additionId).map((addition) => ({ ...addition, ...fieldsOf(after) }))[0]

/** A line that does not exist yet has an id below 0. */
function newAddition(
  { lastValues }: PlanInput,
  { agreementId = 0, productId = 0, after, effectiveOn }: PlanRow,
): Addition {
  return {
    ...{ id: Math.min(0, ...lastValues.keys()) - 1, agreementId, productId, description: '', quantity: '0' },
    ...{ lessIncluded: '0', unitCost: undefined, unitPrice: undefined, billCustomer: 'Billable', effectiveOn },
    ...{ cancelledOn: undefined, serialNumber: '', updatedBy: undefined, updatedAt: undefined },
    ...fieldsOf(after),
  }
}

const fieldsOf = ({ quantity, cost, price, cancelledOn }: Fields): Partial<Addition> => ({
  ...(quantity === undefined ? {} : { quantity }),
  ...(cost === undefined ? {} : { unitCost: cost }),
  ...(price === undefined ? {} : { unitPrice: price }),
  ...(cancelledOn === undefined ? {} : { cancelledOn: cancelledOn ?? undefined }),
})

/** The period that begins at the next invoice date was invoiced, and nothing contradicts that. */
export function invoiced(input: PlanInput, { agreement, additions }: AgreementState, nextInvoiceOn: Day): PlanInput {
  return withState(input, { agreement: { ...agreement, nextInvoiceOn }, additions })
}

const withState = (input: PlanInput, state: AgreementState): PlanInput => ({
  ...input,
  agreements: new Map(input.agreements).set(state.agreement.id, state),
})
