import type { PlanInput, PlanRow } from './plan.ts'
import type { NoTarget, Target } from './target.ts'

/** A target's row, and what there is to say of it. */
export function rowOf(target: Target, { books }: PlanInput, said: Partial<PlanRow>): PlanRow {
  const [first] = target.mappings
  const snapshot = books.get(first?.source ?? '')?.newest?.id
  return {
    key: target.key,
    source: first?.source ?? '',
    ...(snapshot ? { snapshot } : {}),
    accounts: [...new Set(target.mappings.map((mapping) => mapping.account))],
    mappings: target.mappings.map((mapping) => mapping.id),
    companyId: target.state.agreement.companyId,
    agreementId: target.state.agreement.id,
    ...(target.addition ? { additionId: target.addition.id } : {}),
    productId: target.productId,
    before: {},
    after: {},
    holds: [],
    reason: '',
    outcome: 'pending',
    attention: false,
    ...said,
  }
}

export function withoutTarget(result: NoTarget): PlanRow {
  const { mapping } = result
  return {
    key: `mapping:${mapping.id}`,
    source: mapping.source,
    accounts: [mapping.account],
    mappings: [mapping.id],
    companyId: mapping.companyId,
    agreementId: mapping.agreementId,
    ...(mapping.additionId === undefined ? {} : { additionId: mapping.additionId }),
    ...(mapping.productId === undefined ? {} : { productId: mapping.productId }),
    before: {},
    after: {},
    ...verdictOf(result),
  }
}

function verdictOf(result: NoTarget): Pick<PlanRow, 'holds' | 'reason' | 'outcome' | 'attention'> {
  switch (result.verdict) {
    case 'skipped':
      return { holds: [], reason: result.reason, outcome: 'skipped', attention: result.attention }
    case 'parked':
      return { holds: [], reason: `parked: ${result.reason}`, outcome: 'skipped', attention: true }
    case 'failed':
      return { holds: [], reason: result.reason, outcome: 'failed', attention: true }
    case 'blocked':
      return { holds: [result.hold], reason: result.hold.text, outcome: 'held', attention: true }
  }
}

/** Accounts nobody mapped: skipped quietly, but never silently (X8). */
export function unmappedAccounts({ accounts, mappings, inScope }: PlanInput): PlanRow[] {
  const mapped = new Set(mappings.map((mapping) => `${mapping.source}/${mapping.account}`))
  return accounts
    .filter(({ source, account }) => !mapped.has(`${source}/${account}`) && (inScope?.({ source, account }) ?? true))
    .map(({ source, account }) => ({
      key: `account:${source}/${account}`,
      source,
      accounts: [account],
      mappings: [],
      before: {},
      after: {},
      holds: [],
      reason: 'unmapped',
      outcome: 'skipped',
      attention: false,
    }))
}
