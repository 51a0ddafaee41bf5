import { compare, type Decimal, decimalsOf, multiply, subtract } from './decimal.ts'
import { type Desired, desiredOf } from './desired.ts'
import type { Addition } from './existing.ts'
import type { Mapping } from './mapping.ts'
import { firstOf, monthName, monthOf } from './period.ts'
import type { Fields, Hold, LastValue, PlanInput, PlanRow, Proposal } from './plan.ts'
import type { WritableField } from './rule.ts'
import {
  isTarget,
  type NoTarget,
  namedAdditions,
  resolveTargets,
  severalCandidates,
  type Target,
  unmappedTwins,
} from './target.ts'

type Result = { row?: PlanRow; adopt?: LastValue }
type Wanted = Extract<Desired, { quantity: Decimal }>

/** desired − existing, for every mapping in scope: the rows of a plan before the guard has looked at them. */
export function makePlan(input: PlanInput): Proposal {
  const named = namedAdditions(input.mappings)
  const results = resolveTargets(input)
  const targets = results.filter(isTarget)
  const inScope = (mappings: readonly Mapping[]) => mappings.some((mapping) => input.inScope?.(mapping) ?? true)

  const asked = targets.filter((target) => inScope(target.mappings))
  const drafts = asked.map((target) => draft(target, input, named))
  const refused = results.filter((result): result is NoTarget => !isTarget(result)).filter((r) => inScope([r.mapping]))
  return {
    rows: [...drafts.flatMap(({ row }) => row ?? []), ...refused.map(withoutTarget), ...unmappedAccounts(input)],
    unchanged: drafts.filter(({ row }) => row === undefined).length,
    mapped: targets.length,
    adopt: drafts.flatMap(({ adopt }) => adopt ?? []),
    resolve: asked.flatMap(resolvedByProduct),
    park: refused.flatMap((r) => (r.verdict === 'parked' ? { mapping: r.mapping.id, reason: r.reason } : [])),
  }
}

const resolvedByProduct = ({ addition, mappings }: Target) =>
  addition
    ? mappings.filter((m) => m.additionId === undefined).map((m) => ({ mapping: m.id, additionId: addition.id }))
    : []

function draft(target: Target, input: PlanInput, named: ReadonlySet<number>): Result {
  const desired = desiredOf(target.mappings, input.books)
  const row = emptyRow(target, input)
  if (desired.state === 'contradictory')
    return {
      row: {
        ...row,
        holds: [{ guard: 'G22', text: desired.reason, block: true }],
        outcome: 'held',
        reason: desired.reason,
      },
    }
  if (!('quantity' in desired))
    return { row: { ...row, outcome: 'skipped', reason: `${desired.state}: ${desired.reason}`, attention: true } }
  return target.addition
    ? update(target, target.addition, desired, row, input, named)
    : create(target, desired, row, input, named)
}

function update(
  target: Target,
  addition: Addition,
  desired: Wanted,
  row: PlanRow,
  input: PlanInput,
  named: ReadonlySet<number>,
): Result {
  const existing = existingFields(addition)
  const last = input.lastValues.get(addition.id)
  const { wanted, holds } = wantedFields(target, desired, existing, input)
  const fields = (Object.keys(wanted) as WritableField[]).filter((field) => existing[field] !== wanted[field])
  const adopt = adopted(target, addition, existing, wanted, last)
  const lowered = desired.state === 'partial' && compare(desired.quantity, addition.quantity) < 0
  if (lowered || (desired.note !== undefined && desired.state === 'partial' && fields.length === 0)) {
    const reason =
      desired.note ??
      `a partial snapshot says ${desired.quantity}, below ${addition.quantity}; a partial one never lowers`
    return { ...adopt, row: { ...row, outcome: 'skipped', reason: `partial: ${reason}`, attention: true } }
  }
  if (fields.length === 0 && holds.length === 0) return adopt
  const before = pick(existing, fields)
  const after = pick(wanted, fields)
  const conflicts = fields.flatMap((field) => conflict(field, last, existing, wanted, addition))
  const twins = unmappedTwins(target, named, input.today)
  return {
    ...adopt,
    row: {
      ...row,
      ...(fields.length ? { change: 'update' as const } : {}),
      before,
      after,
      holds: [...holds, ...conflicts, ...(twins.length ? [severalCandidates([addition, ...twins])] : [])],
      reason: reasonOf(target, desired),
      ...amountOf(existing, { ...existing, ...after }),
      outcome: 'pending',
    },
  }
}

function create(target: Target, desired: Wanted, row: PlanRow, input: PlanInput, named: ReadonlySet<number>): Result {
  if (compare(desired.quantity, '0') === 0) return {}
  const { wanted, holds } = wantedFields(target, desired, {}, input)
  const twins = unmappedTwins(target, named, input.today)
  return {
    row: {
      ...row,
      change: 'create',
      effectiveOn: firstBillableDay(target, input.today),
      after: wanted,
      holds: [...holds, ...(twins.length ? [severalCandidates(twins)] : [])],
      reason: reasonOf(target, desired),
      ...amountOf({ quantity: '0' }, wanted),
      outcome: 'pending',
    },
  }
}

/** A new line starts with the month, but never before billing does nor inside what was invoiced already. */
function firstBillableDay({ state }: Target, today: string): string {
  const { billStartOn, startOn, nextInvoiceOn } = state.agreement
  return [firstOf(monthOf(today)), billStartOn ?? startOn ?? '', nextInvoiceOn ?? ''].reduce((a, b) => (a > b ? a : b))
}

const existingFields = (addition: Addition): Fields => ({
  quantity: addition.quantity,
  ...(addition.unitCost === undefined ? {} : { cost: addition.unitCost }),
  ...(addition.unitPrice === undefined ? {} : { price: addition.unitPrice }),
})

/** The values the rule allows to be written and the source stated, with the blocks of FEATURES 4.7 and 4.9. */
function wantedFields(
  target: Target,
  desired: Wanted,
  existing: Fields,
  input: PlanInput,
): { wanted: Fields; holds: Hold[] } {
  const write = new Set(target.mappings.flatMap((mapping) => mapping.rule.write))
  const { unitCost, unitPrice } = desired.money
  const wanted: Fields = {
    ...(write.has('quantity') ? { quantity: desired.quantity } : {}),
    ...(write.has('cost') && unitCost !== undefined ? { cost: unitCost } : {}),
    ...(write.has('price') && unitPrice !== undefined ? { price: unitPrice } : {}),
  }
  const changed = (field: WritableField) => wanted[field] !== undefined && wanted[field] !== existing[field]
  const money = write.has('cost') || write.has('price')
  return {
    wanted,
    holds: [
      ...(money ? moneyBlocks(target, desired, wanted, input) : []),
      ...(changed('quantity') ? quantityBlocks(target, desired, input) : []),
    ],
  }
}

function moneyBlocks(target: Target, desired: Wanted, wanted: Fields, input: PlanInput): Hold[] {
  const block = (text: string): Hold => ({ guard: 'G20', text, block: true })
  if (desired.money.mixed) return [block('the readings that are summed state different costs or prices')]
  if (wanted.cost === undefined && wanted.price === undefined) return []
  const { agreement } = target.state
  const currency = agreement.currency ?? input.currency
  if (desired.money.currency === undefined) return [block('the source states money without a currency')]
  if (currency === undefined) return [block(`agreement ${agreement.id} has no currency, and neither has the tenant`)]
  if (desired.money.currency !== currency)
    return [block(`The source bills in ${desired.money.currency}, the agreement in ${currency}.`)]
  return [wanted.cost, wanted.price]
    .filter((amount) => amount !== undefined && decimalsOf(amount) > agreement.currencyDecimals)
    .map((amount) => block(`${amount} has more decimals than ${currency} (${agreement.currencyDecimals})`))
}

function quantityBlocks(target: Target, desired: Wanted, input: PlanInput): Hold[] {
  const holds: Hold[] = []
  const lessIncluded = target.addition?.lessIncluded ?? '0'
  const included = target.mappings.some((mapping) => compare(mapping.rule.included ?? '0', '0') > 0)
  if (included && compare(lessIncluded, '0') > 0)
    holds.push({
      guard: 'G22',
      text: `included units taken off twice: Less Included is ${lessIncluded} in ConnectWise`,
      block: true,
    })
  if (input.wholeQuantities && decimalsOf(desired.quantity) > 0)
    holds.push({
      guard: 'G22',
      text: `ConnectWise keeps whole quantities here; ${desired.quantity} needs a rounding in the rule`,
      block: true,
    })
  const product = input.products.get(target.productId)
  if (product?.inactive) holds.push({ guard: 'G21', text: `product ${product.identifier} is inactive`, block: true })
  return holds
}

/** FEATURES 4.11: ConnectWise holds neither what TrueUp last wrote nor what is wanted: somebody changed it. */
function conflict(
  field: WritableField,
  last: LastValue | undefined,
  existing: Fields,
  wanted: Fields,
  addition: Addition,
): Hold[] {
  const known = last?.[field]
  if (known === undefined || known === existing[field]) return []
  const who =
    addition.updatedBy === undefined
      ? ''
      : ` (last changed by ${addition.updatedBy} at ${addition.updatedAt ?? 'an unknown time'})`
  const text = `TrueUp last wrote ${field} ${known}, ConnectWise holds ${existing[field] ?? 'none'}${who}, the source says ${wanted[field]}`
  return [{ guard: 'G9', text }]
}

/** The first sight of an addition, and a value that came to equal the wanted one, become the last value. */
function adopted(
  { state }: Target,
  addition: Addition,
  existing: Fields,
  wanted: Fields,
  last: LastValue | undefined,
): Pick<Result, 'adopt'> {
  const base: Fields = last ? pick(last, ['quantity', 'cost', 'price']) : existing
  const next: Fields = { ...existing, ...base }
  for (const field of Object.keys(wanted) as WritableField[])
    if (existing[field] !== undefined && existing[field] === wanted[field]) next[field] = existing[field]
  if (last && sameFields(next, base)) return {}
  return { adopt: { additionId: addition.id, agreementId: state.agreement.id, ...next } }
}

const sameFields = (a: Fields, b: Fields): boolean =>
  a.quantity === b.quantity && a.cost === b.cost && a.price === b.price

function pick(fields: Fields, names: readonly WritableField[]): Fields {
  return Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])))
}

function amountOf(before: Fields, after: Fields): { amount?: Decimal } {
  const price = after.price ?? before.price
  if (price === undefined) return {}
  const was = multiply(before.quantity ?? '0', before.price ?? price)
  return { amount: subtract(multiply(after.quantity ?? before.quantity ?? '0', price), was) }
}

function reasonOf({ state }: Target, { words, note }: Wanted): string {
  const { nextInvoiceOn } = state.agreement
  const lands = nextInvoiceOn ? `; lands on ${monthName(monthOf(nextInvoiceOn))}, next invoice ${nextInvoiceOn}` : ''
  return `${words}${note ? ` (${note})` : ''}${lands}`
}

function emptyRow(target: Target, { books }: PlanInput): PlanRow {
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
  }
}

function withoutTarget(result: NoTarget): PlanRow {
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
function unmappedAccounts({ accounts, mappings, inScope }: PlanInput): PlanRow[] {
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
