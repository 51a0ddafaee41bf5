import { type Rule, ruleText } from '#billing/rule.ts'
import type { Scope } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { isMappingOf, listMappingsOf, type MappingRow, saveMappings } from '#db/mappings.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'

/** What of a mapping is edited with an explicit save. */
export interface RuleEdit {
  rule: Rule
  leaveAlone: readonly number[]
}

/** Mappings that are added together with this one: they name the same target, so they carry one rule (FEATURES 4.9). */
export async function listTogether(scope: Scope, mapping: MappingRow): Promise<MappingRow[]> {
  const others = await listMappingsOf(scope, { agreement: mapping.agreementId })
  return others.filter(
    (other) =>
      other.id !== mapping.id &&
      (other.targetKey === mapping.targetKey || (other.additionId !== null && other.additionId === mapping.additionId)),
  )
}

/**
 * Saves the rule of a mapping and of those that are added together with it. The next plan waits for a person (G8). Throws a
 * Problem `conflict` when somebody saved it since `version`, the `updatedAt` it was shown with.
 */
export async function saveRule(
  deps: Deps,
  scope: Scope,
  { id, member, version }: { id: string; member: string; version: number },
  { rule, leaveAlone }: RuleEdit,
): Promise<void> {
  const [mapping] = await listMappingsOf(scope, { ids: [id] })
  if (!mapping) throw new Problem('not_found', 'This mapping does not exist any more.')
  if (mapping.updatedAt !== version) throw savedMeanwhile()
  const together = await listTogether(scope, mapping)
  const at = Math.max(deps.now(), version + 1)
  const stamp = { updatedAt: at, updatedBy: member }
  const after = { ...mapping, ...stamp, rule, leaveAlone: [...leaveAlone] }
  const others = together
    .filter((other) => ruleText(other.rule) !== ruleText(rule))
    .map((other) => ({ ...other, ...stamp, rule }))
  const body = {
    ...{ what: 'rule', member, source: mapping.sourceId, account: mapping.account, mapping: id },
    before: { rule: mapping.rule, leaveAlone: mapping.leaveAlone },
    after: { rule, leaveAlone },
    also: others.map((other) => other.id),
  }
  await saveWithEntry(
    scope,
    saveMappings(scope, [...others, after], isMappingOf(scope.tenant, id, version)),
    { at, event: 'mapped', body },
    isMappingOf(scope.tenant, id, at),
  )
  const [saved] = await listMappingsOf(scope, { ids: [id] })
  if (saved?.updatedAt !== at || ruleText(saved.rule) !== ruleText(rule)) throw savedMeanwhile()
}

const savedMeanwhile = () =>
  new Problem('conflict', 'Somebody saved this mapping since you opened it. Nothing was saved: open it again.')
