import type { Addition } from '#billing/existing.ts'
import { type Compared, differencesOf, whyAbsent } from '#billing/lines/differences.ts'
import { identityOf } from '#billing/lines/posting-of.ts'
import type { Month } from '#billing/period.ts'
import { listChoices } from '#db/choices.ts'
import type { Scope } from '#db/db.ts'
import { listLastValuesOf } from '#db/last-values.ts'
import { type LineAdditionRow, listLineAdditions } from '#db/line-additions.ts'
import { listLinesOf } from '#db/line-compare.ts'
import type { LineRow } from '#db/lines.ts'
import { listAdditions } from '#db/mirror.ts'
import type { Deps } from '#server/deps.ts'
import { toChoice } from '#sync/approve/choices.ts'
import { fieldsOf } from '#sync/plan-input.ts'
import { loadedLine } from './plan-input.ts'
import { lineOf } from './wishes.ts'

/** A line, the addition it is compared with, and what came of it. */
export interface Reconciled {
  row: LineRow
  compared: Compared
  /** A later month's line was written to its addition since. */
  isOlder: boolean
  differences: ReturnType<typeof differencesOf>
  absent: ReturnType<typeof whyAbsent>
}

/** The lines of a month beside an agreement's additions, as our copy has them; those that differ come first (Q1, Q2). */
export async function reconcile(
  scope: Scope,
  agreementId: number,
  period: Month,
  descriptions: ReadonlyMap<number, string> = new Map(),
): Promise<Reconciled[]> {
  const rows = await listLinesOf(scope, agreementId, period)
  const [here, memories, choices] = await Promise.all([
    listAdditions(scope, [...new Set([agreementId, ...rows.flatMap((row) => row.placedAgreementId ?? [])])]),
    listLineAdditions(scope, { agreements: [agreementId], accounts: accountsOf(rows) }),
    listChoices(scope),
  ])
  const additions = new Map(here.map((addition) => [addition.id, addition]))
  const lastValues = await listLastValuesOf(scope, [...additions.keys()])
  const known = {
    additions,
    descriptions,
    memories: new Map(memories.map((memory) => [memory.additionId, memory])),
    open: new Map(memories.filter(({ closedAt }) => closedAt === null).map((memory) => [memory.identity, memory])),
    last: new Map(lastValues.map((row) => [row.additionId, fieldsOf(row)])),
    choices: new Map(choices.map((choice) => [choice.additionId, toChoice(choice)])),
  }
  return rows.map((row) => reconciled(row, known)).sort((a, b) => rankOf(a) - rankOf(b))
}

const accountsOf = (rows: readonly LineRow[]) => [
  ...new Map(rows.map(({ sourceId, account }) => [`${sourceId} ${account}`, [sourceId, account] as const])).values(),
]

const rankOf = ({ differences, absent }: Reconciled): number => (differences.length > 0 || absent ? 0 : 1)

interface Known {
  additions: ReadonlyMap<number, Addition>
  memories: ReadonlyMap<number, LineAdditionRow>
  open: ReadonlyMap<string, LineAdditionRow>
  last: ReadonlyMap<number, NonNullable<Compared['last']>>
  choices: ReadonlyMap<number, NonNullable<Compared['choice']>>
  descriptions: ReadonlyMap<number, string>
}

function reconciled(row: LineRow, known: Known): Reconciled {
  const line = loadedLine(row)
  const standing = known.open.get(identityOf(line))
  const elsewhere = row.status !== 'synced' && standing?.agreementId !== row.placedAgreementId ? standing : undefined
  const id = row.additionId ?? (elsewhere ? null : standing?.additionId) ?? row.placedAdditionId
  const memory = known.memories.get(id ?? 0)
  const addition = known.additions.get(id ?? 0)
  const isOlder = memory !== undefined && row.status === 'synced' && memory.period > row.period
  const [last, choice] = [known.last.get(id ?? 0), known.choices.get(id ?? 0)]
  const description = known.descriptions.get(id ?? 0)
  const compared: Compared = {
    line,
    ...(row.changed === null || row.settled !== null ? {} : { changed: row.changed }),
    ...(addition ? { addition } : {}),
    ...(description === undefined ? {} : { description }),
    ...(memory ? { memory: { ...lineOf(memory), isClosed: memory.closedAt !== null } } : {}),
    ...(last ? { last } : {}),
    ...(choice ? { choice } : {}),
    ...(elsewhere ? { elsewhere: lineOf(elsewhere) } : {}),
    ...(row.reason === null ? {} : { reason: row.reason }),
  }
  const differences = isOlder ? [] : differencesOf(compared)
  return { row, compared, isOlder, differences, absent: whyAbsent(compared) }
}

/** The invoice descriptions of an agreement's additions, which our copy does not hold. */
export async function readDescriptions(deps: Deps, scope: Scope, agreementId: number) {
  return (await deps.connectWise(scope)).listDescriptions(agreementId)
}
