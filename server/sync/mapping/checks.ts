import { readProblems } from '#billing/overlap.ts'
import type { Read } from '#billing/reading.ts'
import { ruleText } from '#billing/rule.ts'
import type { MappingRow } from '#db/mappings.ts'
import type { Source } from '#db/sources.ts'
import type { Place } from '#server/problem.ts'
import { placeOf } from './file.ts'
import { fileIdentityOf, identityOf, type SourcedRow, storedRule, targetKeyOf } from './identity.ts'
import { ruleInForce } from './mappings.ts'

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

/** One account's readings for one addition are added up, so none may be counted twice (4.9). */
export function countedTwice(rows: readonly SourcedRow[], stored: readonly MappingRow[]): Place[] {
  const inFile = new Set(rows.map(fileIdentityOf))
  const keyOf = (sourceId: string, account: string, target: string) => JSON.stringify([sourceId, account, target])
  const known = new Map<string, Read[]>()
  for (const row of stored.filter((one) => !inFile.has(identityOf(one))))
    for (const target of targetsOf(row)) {
      const key = keyOf(row.sourceId, row.account, target)
      known.set(key, [...(known.get(key) ?? []), ...row.reads])
    }
  const once = [...new Map([...rows].reverse().map((one) => [fileIdentityOf(one), one])).values()].reverse()
  return once.flatMap(({ number, row, sourceId }) => {
    const [target = ''] = targetsOf({ agreementId: row.agreement, targetKey: targetKeyOf(row), additionId: null })
    const key = keyOf(sourceId, row.account, target)
    const before = known.get(key) ?? []
    known.set(key, [...before, ...row.reads])
    const [problem] = before.length > 0 ? readProblems([...before, ...row.reads]) : []
    if (problem === undefined) return []
    return [placeOf(number, 'reads', `${problem}: another mapping of the account writes to this ${target}`)]
  })
}

interface Ruled {
  who: string
  text: string
}

/** Mappings of one addition are added together, so they must carry one rule (FEATURES 4.9). */
export function differingRules(
  rows: readonly SourcedRow[],
  stored: readonly MappingRow[],
  sources: readonly Source[],
): Place[] {
  const textOf = (row: Parameters<typeof ruleInForce>[0]) => ruleText(ruleInForce(row, sources))
  const known = new Map(stored.map((row) => [identityOf(row), row]))
  const inFile = new Set(rows.map(fileIdentityOf))
  const rules = new Map<string, Ruled>()
  for (const row of stored) {
    if (inFile.has(identityOf(row))) continue
    const ruled = { who: `the mapping of account ${row.account}`, text: textOf(row) }
    for (const target of targetsOf(row)) rules.set(target, ruled)
  }
  return rows.flatMap((sourced) => {
    const { number, row } = sourced
    const { additionId = null } = known.get(fileIdentityOf(sourced)) ?? {}
    const named = { agreementId: row.agreement, targetKey: targetKeyOf(row), additionId }
    const ruled = { who: `row ${number}`, text: textOf({ ...storedRule(row.rule), sourceId: sourced.sourceId }) }
    const targets = targetsOf(named)
    const target = targets.find((one) => (rules.get(one)?.text ?? ruled.text) !== ruled.text)
    for (const one of targets) if (!rules.has(one)) rules.set(one, ruled)
    if (target === undefined) return []
    return [placeOf(number, 'rule', `differs from the rule of ${rules.get(target)?.who} for the same ${target}`)]
  })
}

/** What a mapping writes to, in words: an addition, or a product of an agreement and what that was found as. */
function targetsOf(row: Pick<MappingRow, 'agreementId' | 'targetKey' | 'additionId'>): string[] {
  const target = row.targetKey.replace(':', ' ')
  const found = row.additionId === null ? [] : [`addition ${row.additionId}`]
  return target.startsWith('addition') ? [target] : [`${target} of agreement ${row.agreementId}`, ...found]
}
