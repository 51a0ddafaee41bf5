import type { Addition } from '#billing/existing.ts'
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
  /** Additions that stood for a subscription's charge before, by its identity. */
  former: ReadonlyMap<string, readonly LineAddition[]>
  /** Additions nobody stands for, by `chargeKey`: one of them may be a line that was made by hand, or whose creation had no answer. */
  strangers: ReadonlyMap<string, readonly Addition[]>
}

/** What a line of its own and an addition have in common when one may be the other. */
export const chargeKey = (one: Pick<Addition, 'agreementId' | 'productId' | 'effectiveOn' | 'quantity'>): string =>
  [one.agreementId, one.productId, one.effectiveOn, one.quantity].join()

/** `named`: additions that mappings of readings write to. */
export function knownOf(input: PlanInput, named: ReadonlySet<number>): Known {
  const { lines = [], additions = [], closed = [] } = input.lines ?? {}
  const charges = new Map<number, Set<string>>()
  for (const line of lines) {
    const id = line.place.additionId
    if (id !== undefined && line.place.mapping === 'mapped')
      charges.set(id, (charges.get(id) ?? new Set()).add(identityOf(line)))
  }
  const dated = (input.datedLines ?? []).map(({ additionId }) => additionId)
  const known = new Set([
    ...named,
    ...[...additions, ...closed].map(({ additionId }) => additionId),
    ...charges.keys(),
    ...dated,
  ])
  return {
    additions: known,
    former: formerOf(closed),
    strangers: strangersAmong(input, known),
    byIdentity: new Map(additions.map((addition) => [addition.identity, addition])),
    byAddition: new Map(additions.map((addition) => [addition.additionId, addition])),
    namedTwice: new Set([...charges].filter(([, identities]) => identities.size > 1).map(([id]) => id)),
  }
}

function formerOf(closed: readonly LineAddition[]): Known['former'] {
  const found = new Map<string, LineAddition[]>()
  for (const addition of closed) found.set(addition.identity, [...(found.get(addition.identity) ?? []), addition])
  return found
}

function strangersAmong({ agreements, ofLines }: PlanInput, known: ReadonlySet<number>): Known['strangers'] {
  const found = new Map<string, Addition[]>()
  for (const { additions } of agreements.values())
    for (const addition of additions) {
      if (known.has(addition.id) || ofLines?.has(addition.id)) continue
      const key = chargeKey(addition)
      found.set(key, [...(found.get(key) ?? []), addition])
    }
  return found
}
