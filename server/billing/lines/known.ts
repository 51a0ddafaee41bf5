import type { PlanInput } from '#billing/plan.ts'
import type { LineAddition } from './posting.ts'
import { identityOf } from './posting-of.ts'

/** What is known of additions before any line is looked at. */
export interface Known {
  /** Additions that some mapping or line stands for: they are nobody's twins. */
  additions: ReadonlySet<number>
  byIdentity: ReadonlyMap<string, LineAddition>
  byAddition: ReadonlyMap<number, LineAddition>
  /** Additions that mappings name for several charges. */
  namedTwice: ReadonlySet<number>
}

/** `named`: additions that mappings of readings write to. */
export function knownOf(input: PlanInput, named: ReadonlySet<number>): Known {
  const { lines = [], additions = [] } = input.lines ?? {}
  const charges = new Map<number, Set<string>>()
  for (const line of lines) {
    const id = line.place.additionId
    if (id !== undefined && line.place.mapping === 'mapped')
      charges.set(id, (charges.get(id) ?? new Set()).add(identityOf(line)))
  }
  const dated = (input.datedLines ?? []).map(({ additionId }) => additionId)
  return {
    additions: new Set([...named, ...additions.map(({ additionId }) => additionId), ...charges.keys(), ...dated]),
    byIdentity: new Map(additions.map((addition) => [addition.identity, addition])),
    byAddition: new Map(additions.map((addition) => [addition.additionId, addition])),
    namedTwice: new Set([...charges].filter(([, identities]) => identities.size > 1).map(([id]) => id)),
  }
}
