import { add, compare, subtract } from '#billing/decimal.ts'
import { type Desired, desiredOf } from '#billing/desired.ts'
import { isOfLines, type Mapping, readWords } from '#billing/mapping.ts'
import { dayIn } from '#billing/period.ts'
import type { PlanInput } from '#billing/plan.ts'
import { type Forecast, simulate } from '#billing/simulate.ts'
import { type Step, stepsOf } from '#billing/steps.ts'
import type { Scope } from '#db/db.ts'
import { listMappingsOf, type MappingRow } from '#db/mappings.ts'
import { listSources } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { loadInput } from '#sync/plan-input.ts'
import { toMappings } from './mappings.ts'

/** What a rule makes of the newest readings. */
export interface Trial {
  arithmetic: { steps: Step[]; note?: string } | { unknown: string }
  /** What would stop it or surprise, in words. */
  warnings: string[]
  /** The next two invoices, where the rule prorates and the agreement is known (V22). */
  forecast?: Forecast
  currency?: string
}

/**
 * Tries a mapping as it is or would be saved, with those that are added together with it, on what is stored: nobody is asked
 * and nothing is written (V7, V22).
 */
export async function tryMapping(
  deps: Deps,
  scope: Scope,
  tenant: Tenant,
  { mapping, together }: { mapping: MappingRow; together: readonly MappingRow[] },
): Promise<Trial> {
  if (isOfLines(mapping))
    return { arithmetic: { unknown: 'Invoice lines are not counted: each is posted by itself.' }, warnings: [] }
  const { rule, followsSource, agreementId, additionId } = mapping
  const tried = [
    { ...mapping, include: true, parkedReason: null },
    ...together.map((row) => ({ ...row, rule, followsSource })),
  ]
  const isTried = new Set(tried.map(({ id }) => id))
  const others = (await listMappingsOf(scope, { agreement: agreementId })).filter(({ id }) => !isTried.has(id))
  const sources = await listSources(scope)
  const mappings = toMappings([...tried, ...others], sources)
  const input = await loadInput(scope, tenant, {
    today: dayIn(tenant.zone, deps.now()),
    now: deps.now(),
    mappings,
    sources: sources.filter(({ id }) => mappings.some(({ source }) => source === id)),
    accounts: [...new Set(mappings.map(({ account }) => account))],
    problemOf: ({ additionsProblem }) => additionsProblem,
  })
  const counted = mappings.filter(({ id, include, parkedReason }) => isTried.has(id) && include && !parkedReason)
  const agreement = input.agreements.get(agreementId)?.agreement
  const currency = agreement?.currency ?? input.currency
  return {
    arithmetic: arithmeticOf(counted, input),
    warnings: counted[0] ? warningsOf(counted[0], input, additionId) : [],
    ...(rule.prorate && agreement ? { forecast: simulate(input, mapping.id) } : {}),
    ...(currency === undefined ? {} : { currency }),
  }
}

function arithmeticOf(counted: readonly Mapping[], { books }: PlanInput): Trial['arithmetic'] {
  const desired = desiredOf(counted, books)
  const [first] = counted
  if (!('quantity' in desired) || !first) return { unknown: 'reason' in desired ? desired.reason : 'nothing is read' }
  const [read, ...steps] = stepsOf(readingsOf(desired), first.rule)
  return {
    steps: [
      ...leftOut(counted, desired, books),
      ...readSteps(desired),
      ...(read && desired.parts.length > 1 ? [read] : []),
      ...steps,
    ],
    ...(desired.note === undefined ? {} : { note: desired.note }),
  }
}

type Known = Extract<Desired, { quantity: string }>

const readingsOf = ({ parts }: Known): string[] => parts.map(({ state }) => state.quantity)

/** Each number by its name: which one is read is never a guess (C14). */
const readSteps = ({ parts }: Known): Step[] =>
  parts.map(({ read, state }) => ({ text: readWords(read), value: state.quantity }))

/** How many the rule leaves out, before anything is counted (V12). */
function leftOut(counted: readonly Mapping[], desired: Known, books: PlanInput['books']): Step[] {
  if (!counted.some(({ rule }) => rule.exclude)) return []
  const everybody = desiredOf(
    counted.map((mapping) => ({ ...mapping, rule: { write: [] } })),
    books,
  )
  if (!('quantity' in everybody)) return []
  const read = readingsOf(desired).reduce(add, '0')
  return [
    { text: 'listed', value: everybody.quantity },
    { text: 'left out by the rule', value: subtract(everybody.quantity, read) },
  ]
}

function warningsOf({ rule }: Mapping, input: PlanInput, additionId: number | null): string[] {
  const additions = [...input.agreements.values()].flatMap((state) => state.additions)
  const lessIncluded = additions.find(({ id }) => id === additionId)?.lessIncluded ?? '0'
  const twice = compare(rule.included ?? '0', '0') > 0 && compare(lessIncluded, '0') > 0
  return [
    ...(rule.write.length === 0 ? ['Nothing is written: quantity, cost and price are switched off.'] : []),
    ...(rule.prorate && !rule.write.includes('quantity') ? ['Prorate does nothing while no quantity is written.'] : []),
    ...(twice
      ? [
          `Less Included of addition ${additionId} is ${lessIncluded} in ConnectWise: with Included here, units would be taken off twice, so the row is blocked. Clear one of the two.`,
        ]
      : []),
  ]
}
