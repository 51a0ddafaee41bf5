import { isOfLines, readsKey } from '#billing/mapping.ts'
import { excludeProblems, lineRuleProblems, readProblems } from '#billing/overlap.ts'
import type { Read } from '#billing/reading.ts'
import { type Rule, ruleText } from '#billing/rule.ts'
import type { Scope } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { isMappingOf, listMappingsOf, type MappingRow, saveMappings } from '#db/mappings.ts'
import { listSources } from '#db/sources.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { placeAnew } from '#sync/lines/place.ts'
import { identityOf } from './identity.ts'
import { ruleInForce } from './mappings.ts'

/** What of a mapping is edited with an explicit save. */
export interface RuleEdit {
  /** Absent: what it reads already. */
  reads?: readonly Read[]
  rule: Rule
  followsSource: boolean
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

/** A mapping with an edit, as it would be saved. Another thing to read is another rule: the next plan waits (G8). */
export function edited(
  mapping: MappingRow,
  { reads = mapping.reads, rule, followsSource, leaveAlone }: RuleEdit,
): MappingRow {
  const isRead = readsKey(reads) === mapping.readsKey
  return {
    ...mapping,
    ...(isRead ? {} : { reads: [...reads], readsKey: readsKey(reads), confirmedRule: null }),
    ...{ rule, followsSource, leaveAlone: [...leaveAlone] },
  }
}

/**
 * Saves what a mapping reads and its rule, the rule also of those that are added together with it. The next plan waits for
 * a person (G8). Throws a Problem `invalid` that names the field, or `conflict` when somebody saved it since `version`, the
 * `updatedAt` it was shown with.
 */
export async function saveRule(
  deps: Deps,
  scope: Scope,
  { id, member, version }: { id: string; member: string; version: number },
  edit: RuleEdit,
): Promise<void> {
  const [mapping] = await listMappingsOf(scope, { ids: [id] })
  if (!mapping) throw new Problem('not_found', 'This mapping does not exist any more.')
  if (mapping.updatedAt !== version) throw savedMeanwhile()
  const together = await listTogether(scope, mapping)
  const at = Math.max(deps.now(), version + 1)
  const stamp = { updatedAt: at, updatedBy: member }
  const after = { ...edited(mapping, edit), ...stamp }
  const { rule, followsSource } = after
  if (isOfLines(after) !== isOfLines(mapping))
    throw wrong('reads', 'invoice lines and numbers have mappings of their own: unmap this one first')
  await check(scope, after, together)
  const others = together
    .filter((other) => ruleText(other.rule) !== ruleText(rule) || other.followsSource !== followsSource)
    .map((other) => ({ ...other, ...stamp, rule, followsSource }))
  const body = {
    what: after.readsKey === mapping.readsKey ? 'rule' : 'reads',
    ...{ member, source: mapping.sourceId, account: mapping.account, mapping: id },
    before: saidOf(mapping),
    after: saidOf(after),
    also: others.map((other) => other.id),
  }
  await saveWithEntry(
    scope,
    saveMappings(scope, [...others, after], isMappingOf(scope.tenant, id, version)),
    { at, event: 'mapped', body },
    isMappingOf(scope.tenant, id, at),
  )
  const [saved] = await listMappingsOf(scope, { ids: [id] })
  if (saved?.updatedAt !== at || JSON.stringify(saidOf(saved)) !== JSON.stringify(saidOf(after))) throw savedMeanwhile()
  if (isOfLines(after)) await placeAnew(scope, { accounts: [after] })
}

const saidOf = ({ reads, rule, followsSource, leaveAlone }: MappingRow): RuleEdit => ({
  ...{ reads, rule, followsSource, leaveAlone },
})

/** What is added together must not count anything twice nor carry two rules (4.9). */
async function check(scope: Scope, after: MappingRow, together: readonly MappingRow[]): Promise<void> {
  const own = together.filter(({ sourceId, account }) => sourceId === after.sourceId && account === after.account)
  const reads = [...after.reads, ...own.flatMap((other) => other.reads)]
  if (own.some((other) => identityOf(other) === identityOf(after)))
    throw wrong('reads', 'another mapping of this account writes the same reading there already')
  const [twice] = readProblems(reads)
  if (twice !== undefined) throw wrong('reads', twice)
  const [nobody] = excludeProblems(reads, after.rule)
  if (nobody !== undefined) throw wrong('exclude', nobody)
  const [ofNumbers] = lineRuleProblems(after.reads, after.rule)
  if (ofNumbers !== undefined) throw wrong('write', ofNumbers)
  const sources = await listSources(scope)
  const { rule, followsSource } = after
  const inForce = (row: MappingRow) => ruleText(ruleInForce({ rule, followsSource, sourceId: row.sourceId }, sources))
  if (together.some((other) => inForce(other) !== inForce(after)))
    throw wrong('write', 'the sources that are added together here have different switches: tick what is written')
}

const wrong = (path: string, message: string) => new Problem('invalid', `${message}.`, { places: [{ path, message }] })

export const savedMeanwhile = () =>
  new Problem('conflict', 'Somebody saved this mapping since you opened it. Nothing was saved: open it again.')
