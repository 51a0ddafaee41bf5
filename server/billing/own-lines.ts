import { type Addition, isOngoing } from './existing.ts'
import type { Day } from './period.ts'
import type { AgreementState, PlanInput } from './plan.ts'
import type { DatedLine, HeldLine } from './proration.ts'

/** A dated line with its addition, while ConnectWise has it. */
export interface OwnLine extends DatedLine {
  addition: Addition | undefined
}

/** TrueUp's lines for parts of periods, by the standing line they belong to. */
export function ownLines({ datedLines = [], agreements }: PlanInput): ReadonlyMap<number, readonly OwnLine[]> {
  const lines = new Map<number, OwnLine[]>()
  for (const line of datedLines) {
    const addition = agreements.get(line.agreementId)?.additions.find(({ id }) => id === line.additionId)
    lines.set(line.standingId, [...(lines.get(line.standingId) ?? []), { ...line, addition }])
  }
  return lines
}

/** What a standing line could be: dated lines are nobody's to adopt, and no twins while they belong to one (FEATURES 4.15). */
export function withoutDatedLines(all: PlanInput): PlanInput {
  const input = withoutOfLines(all)
  const { datedLines = [] } = input
  if (datedLines.length === 0) return input
  const own = new Map(datedLines.map((line) => [line.additionId, line]))
  const agreements = new Map(input.agreements)
  for (const id of new Set(datedLines.map(({ agreementId }) => agreementId))) {
    const state = agreements.get(id)
    if (state) agreements.set(id, withoutOwn(state, own, input.today))
  }
  return { ...input, agreements }
}

/** What an invoice line was posted as is that line's, unless a mapping names it. */
function withoutOfLines(input: PlanInput): PlanInput {
  const { ofLines, mappings } = input
  if (!ofLines?.size) return input
  const named = new Set(mappings.map(({ additionId }) => additionId))
  const isFree = ({ id }: Addition): boolean => !ofLines.has(id) || named.has(id)
  const agreements = [...input.agreements].map(
    ([id, state]) => [id, { ...state, additions: state.additions.filter(isFree) }] as const,
  )
  return { ...input, agreements: new Map(agreements) }
}

function withoutOwn(state: AgreementState, own: ReadonlyMap<number, DatedLine>, today: Day): AgreementState {
  const additions = state.additions.filter(({ id }) => !own.has(id))
  const standing = new Set(additions.filter((addition) => isOngoing(addition, today)).map(({ id }) => id))
  const left = state.additions.filter(({ id, cancelledOn }) => {
    const line = own.get(id)
    return line?.kind === 'dated' && cancelledOn === undefined && !standing.has(line.standingId)
  })
  return { ...state, additions, ...(left.length ? { left } : {}) }
}

export const heldLine = ({ kind, period, day, addition }: OwnLine): HeldLine => ({
  kind,
  period,
  day,
  quantity: addition?.quantity ?? '0',
  cancelledOn: addition?.cancelledOn,
})
