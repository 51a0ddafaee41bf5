import { ruleText } from '#billing/rule.ts'
import type { MappingRow } from '#db/mappings.ts'
import type { Place } from '#server/problem.ts'
import { placeOf } from './mapping-file.ts'
import { fileIdentityOf, identityOf, type SourcedRow } from './mapping-identity.ts'

/** A mapping that is in the file twice. */
export function repeated(rows: readonly SourcedRow[]): Place[] {
  const first = new Map<string, number>()
  return rows.flatMap((sourced) => {
    const identity = fileIdentityOf(sourced)
    const earlier = first.get(identity)
    if (earlier === undefined) first.set(identity, sourced.number)
    return earlier === undefined ? [] : [placeOf(sourced.number, '', `is the same mapping as row ${earlier}`)]
  })
}

interface Ruled {
  who: string
  text: string
}

/** Mappings of one addition are added together, so they must carry one rule (FEATURES 4.9). */
export function differingRules(rows: readonly SourcedRow[], stored: readonly MappingRow[]): Place[] {
  const inFile = new Set(rows.map(fileIdentityOf))
  const rules = new Map<number, Ruled>()
  for (const row of stored)
    if (row.additionId !== null && !inFile.has(identityOf(row)))
      rules.set(row.additionId, { who: `the mapping of account ${row.account}`, text: ruleText(row.rule) })
  return rows.flatMap(({ number, row }) => {
    if (row.addition === undefined) return []
    const text = ruleText(row.rule)
    const other = rules.get(row.addition)
    if (!other) rules.set(row.addition, { who: `row ${number}`, text })
    if (!other || other.text === text) return []
    return [placeOf(number, 'rule', `differs from the rule of ${other.who} for the same addition ${row.addition}`)]
  })
}
