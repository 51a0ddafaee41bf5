import { catalogueCosts } from './catalogue-cost.ts'
import { type Draft, draft } from './draft.ts'
import { lineRows } from './lines/line-rows.ts'
import type { Mapping } from './mapping.ts'
import { withNeededRecords } from './needed-records.ts'
import { ownLines, withoutDatedLines } from './own-lines.ts'
import type { PlanInput, Proposal } from './plan.ts'
import { type Prorated, prorate } from './prorate.ts'
import { rowOf, unmappedAccounts, withoutTarget } from './row.ts'
import { type NoTarget, namedAdditions, resolveTargets, type Target } from './target.ts'
import { besideStanding } from './together.ts'
import { besideWishes, wishRows } from './wishes.ts'

/** desired − existing, for every mapping in scope: the rows of a plan before the guard has looked at them. */
export function makePlan(input: PlanInput): Proposal {
  const named = namedAdditions(input.mappings)
  const lines = ownLines(input)
  const { targets, refused } = resolveTargets(withoutDatedLines(input), named)
  const invoiced = lineRows(input, named)
  const lacking = new Set(refused.flatMap(additionLacking))
  const proposal: Proposal = {
    rows: [...invoiced.rows],
    unchanged: invoiced.posted.length,
    mapped: countMapped(input.mappings) + invoiced.mapped,
    adopt: [...invoiced.adopt],
    choices: [...invoiced.choices],
    resolve: [],
    park: [],
    prorations: [],
    posted: invoiced.posted,
    granted: [],
  }
  const inScope = (mapping: Mapping) => input.inScope?.(mapping) ?? true

  for (const target of targets) {
    if (!target.mappings.some(inScope)) continue
    const isLacking = target.addition !== undefined && lacking.has(target.addition.id)
    const prorated = isLacking ? undefined : prorate(target, input, named, lines)
    const { row, adopt, choice } = isLacking ? partMissing(target, input) : draft(target, input, named, prorated)
    proposal.rows.push(...besideStanding(prorated?.rows ?? [], row))
    if (!row) proposal.unchanged++
    addProration(proposal, target, prorated)
    if (adopt) proposal.adopt.push(adopt)
    if (choice) proposal.choices.push(choice)
    addResolved(proposal, target)
  }
  for (const refusal of refused) {
    if (!inScope(refusal.mapping)) continue
    proposal.rows.push(withoutTarget(refusal))
    if (refusal.verdict === 'parked') proposal.park.push({ mapping: refusal.mapping.id, reason: refusal.reason })
  }
  const wished = wishRows(input)
  const rows = [...withNeededRecords(proposal.rows, input), ...catalogueCosts(targets, input)]
  return {
    ...proposal,
    granted: wished.granted,
    rows: [...besideWishes(rows, input), ...wished.rows, ...unmappedAccounts(input)],
  }
}

function addProration({ prorations }: Proposal, { addition }: Target, prorated: Prorated | undefined): void {
  if (!addition || prorated?.state === undefined) return
  prorations.push({ additionId: addition.id, agreementId: addition.agreementId, state: prorated.state })
}

function partMissing(target: Target, input: PlanInput): Draft {
  const reason = 'unknown: another mapping that is added together here is parked'
  return { row: rowOf(target, input, { outcome: 'skipped', reason, attention: true }) }
}

/** The addition that an included mapping belongs to and adds nothing to: its sum is not known (4.10). */
const additionLacking = ({ mapping }: NoTarget): number[] =>
  mapping.include && mapping.additionId !== undefined ? [mapping.additionId] : []

/** Counted over the whole tenant, also when a run is about a part of it: that part alone would look like a landslide. */
function countMapped(mappings: readonly Mapping[]): number {
  const working = mappings.filter((mapping) => mapping.include && mapping.parkedReason === undefined)
  return new Set(working.map((m) => m.additionId ?? `${m.agreementId}/${m.targetKey}`)).size
}

/** Mappings that gave a product and found its addition name that one from now on. */
function addResolved({ resolve }: Proposal, { addition, mappings }: Target): void {
  if (addition === undefined) return
  for (const { id, additionId } of mappings)
    if (additionId === undefined) resolve.push({ mapping: id, additionId: addition.id })
}
