import type { Day } from './period.ts'
import type { Fields } from './plan.ts'

/** What a person chose for an addition where ConnectWise and the source disagreed (FEATURES 4.11). */
export interface Choice {
  additionId: number
  /** keep: nothing is written while the source wants what it wanted then. pin: nothing is written until a day. */
  choice: 'keep' | 'pin'
  /** What the source wanted then, for the fields that were chosen on. */
  desired: Fields
  /** The last day of a pin. */
  until?: Day
  member: string
  /** Epoch milliseconds. */
  at: number
}

/** Whether a person's choice stands against writing this field now. */
export function isChosenAgainst(choice: Choice | undefined, field: keyof Fields, wanted: Fields, today: Day): boolean {
  if (!choice) return false
  return choice.choice === 'pin' ? isPinned(choice, today) : choice.desired[field] === wanted[field]
}

/** Whether nothing is written to it today, its last day included. */
export const isPinned = ({ choice, until }: Pick<Choice, 'choice'> & { until?: Day | null }, today: Day): boolean =>
  choice === 'pin' && until !== undefined && until !== null && today <= until

/**
 * What is left of a choice when it is not what it was: a pin is over after its last day; a kept field once the source
 * wants something else. Nothing left: it is to be forgotten.
 */
export function changedChoice(choice: Choice, wanted: Fields, today: Day): Choice | undefined {
  if (choice.choice === 'pin') return isPinned(choice, today) ? undefined : { ...choice, desired: {} }
  const fields = Object.entries(choice.desired) as [keyof Fields, string | null][]
  const left = fields.filter(([field, value]) => wanted[field] === undefined || wanted[field] === value)
  return left.length === fields.length ? undefined : { ...choice, desired: Object.fromEntries(left) }
}

const called = { quantity: 'quantity', cost: 'cost', price: 'price', effectiveOn: 'start', cancelledOn: 'end' }

/** Why nothing is written: who chose so, and how far the two are apart. */
export function choiceWords({ choice, until, member }: Choice, existing: Fields, wanted: Fields): string {
  const apart = Object.keys(wanted) as (keyof Fields)[]
  const words = apart.map(
    (name) =>
      `ConnectWise keeps ${called[name]} ${existing[name] ?? 'none'}, the source says ${wanted[name] ?? 'none'}`,
  )
  return `${choice === 'pin' ? `pinned until ${until}` : 'kept'} by ${member}: ${words.join('; ')}`
}
