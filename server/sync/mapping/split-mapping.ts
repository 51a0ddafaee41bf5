import type { Decimal } from '#billing/decimal.ts'
import { dayIn } from '#billing/period.ts'
import { splitProblem, splitRule } from '#billing/split.ts'
import { closedReason } from '#billing/target.ts'
import type { Scope } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { isMappingOf, listMappingsOf, type MappingRow, saveMappings } from '#db/mappings.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { tenantOf } from '#sync/run.ts'
import { listTogether, savedMeanwhile } from './edit-rule.ts'
import { refuse } from './place-account.ts'
import { readTargets } from './read-targets.ts'
import { targetProblems } from './targets.ts'

export interface Split {
  /** How much of the count this addition takes at most. */
  here: Decimal
  /** What takes the rest: an addition of the same agreement, or a product of which one is adopted or made. */
  target: { addition: number } | { product: number }
}

/**
 * Writes one count to two additions: at most `here` to the one there is, the rest to another (V12, M25, E1). Mappings that
 * are added together are split together. Both wait for a person before they are written. Throws a Problem with what is wrong.
 */
export async function splitMapping(
  deps: Deps,
  scope: Scope,
  { id, member, version }: { id: string; member: string; version: number },
  { here, target }: Split,
): Promise<void> {
  const [mapping] = await listMappingsOf(scope, { ids: [id] })
  if (!mapping) throw new Problem('not_found', 'This mapping does not exist any more.')
  if (mapping.updatedAt !== version) throw savedMeanwhile()
  const problem = splitProblem(mapping.rule, here)
  if (problem !== undefined) throw new Problem('invalid', `Here at most ${problem}.`)
  const all = [mapping, ...(await listTogether(scope, mapping))]
  const at = Math.max(deps.now(), version + 1)
  const { first, rest } = splitRule(mapping.rule, here)
  const stamp = { updatedAt: at, updatedBy: member }
  const kept = all.map((row) => ({ ...row, ...stamp, rule: first }))
  const made = all.map((row) => ({ ...row, ...stamp, ...unwritten(target), id: deps.id(), rule: rest, createdAt: at }))
  const mirrored = await check(deps, scope, mapping, target)
  const body = { what: 'split', member, source: mapping.sourceId, account: mapping.account, mapping: id, here, target }
  const mine = isMappingOf(scope.tenant, id, version)
  await saveWithEntry(
    scope,
    [...mirrored, ...saveMappings(scope, made, mine), ...saveMappings(scope, kept.reverse(), mine)],
    { at, event: 'mapped', body: { ...body, made: made.map((row) => row.id) } },
    isMappingOf(scope.tenant, id, at),
  )
  const [saved] = await listMappingsOf(scope, { ids: [id] })
  if (saved?.updatedAt !== at) throw savedMeanwhile()
}

function unwritten(target: Split['target']) {
  const isAddition = 'addition' in target
  return {
    additionId: isAddition ? target.addition : null,
    productId: isAddition ? null : target.product,
    targetKey: isAddition ? `addition:${target.addition}` : `product:${target.product}`,
    ...{ leaveAlone: [], parkedReason: null, parkedAt: null, confirmedTarget: null, confirmedRule: null },
  }
}

/** The checks of an import, for what the rest goes to. */
async function check(deps: Deps, scope: Scope, { agreementId, companyId }: MappingRow, target: Split['target']) {
  const row = { company: companyId, agreement: agreementId, ...target }
  const { existing, mirrored } = await readTargets(deps, scope, [row])
  const today = dayIn((await tenantOf(scope)).zone, deps.now())
  const agreement = existing.agreements.get(agreementId)
  const closed = agreement && closedReason(agreement, today)
  const { targetKey, additionId } = unwritten(target)
  const stored = await listMappingsOf(scope, { agreement: agreementId })
  const taken = stored.find(
    (one) => one.targetKey === targetKey || (additionId !== null && one.additionId === additionId),
  )
  refuse([
    ...targetProblems({ number: 0, row }, existing, today).map(({ message }) => message),
    ...(closed === undefined ? [] : [closed]),
    ...(taken ? [`${targetKey.replace(':', ' ')} is written for account ${taken.account} already`] : []),
  ])
  return mirrored
}
