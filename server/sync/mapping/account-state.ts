import { readProblems } from '#billing/overlap.ts'
import type { Read } from '#billing/reading.ts'
import { isToBeMade } from '#billing/record.ts'
import { findAccount, isChange, saveChoice } from '#db/accounts.ts'
import type { Scope, Statement } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { type AccountKey, deleteMappings, listMappingsOf, type MappingRow, saveMappings } from '#db/mappings.ts'
import type { AccountRow } from '#db/snapshots.ts'
import { withdrawUnnamed } from '#db/unnamed.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { placeAnew } from '#sync/lines/place.ts'

/** What a person chose for an account: what comes before an addition, and its mappings. */
export interface AccountState {
  companyId: number | null
  agreementId: number | null
  include: boolean
  mappings: readonly MappingRow[]
}

export interface Account {
  row: AccountRow
  state: AccountState
  /** Names this state: a save that was drawn from another one is refused. */
  version: string
}

/** Where an account's numbers go: the companies and agreements that its state names. */
export type Places = Pick<AccountState, 'companyId' | 'agreementId'> & {
  mappings: readonly Pick<MappingRow, 'companyId' | 'agreementId'>[]
}

/** Who changes what, and the state they saw; without a version whatever there is now. */
export interface Asked {
  key: AccountKey
  member: string
  version?: string
  /** Throws a Problem where they may not see what the state names: it is asked of the state before and of the one after. */
  requireSight?: (state: Places) => Promise<void>
}

/** A saved change: the number under which it can be undone. */
export interface Saved {
  seq: number
}

/** What the ledger keeps of a change, so that it can be undone. */
export interface MappedBody {
  what: string
  member: string
  source: string
  account: string
  change: string
  before: AccountState
  after: AccountState
}

/** An account as it stands. Throws a Problem when the source never listed it. */
export async function readAccount(scope: Scope, key: AccountKey): Promise<Account> {
  const row = await findAccount(scope, key)
  if (!row) throw new Problem('not_found', 'No source lists this account.')
  const mappings = await listMappingsOf(scope, { accounts: [key] })
  const { companyId, agreementId, include } = row
  return { row, state: { companyId, agreementId, include, mappings }, version: versionOf(row, mappings) }
}

/** Names the state an account and its mappings are in: another version is another state. */
export const versionOf = (row: Pick<AccountRow, 'change'>, mappings: readonly MappingRow[]): string =>
  [row.change ?? '', ...mappings.map(({ id, updatedAt }) => `${id}@${updatedAt}`).sort()].join(' ')

/**
 * Saves what `decide` makes of an account's present state, with its ledger entry, all or nothing. Throws a Problem
 * `conflict` when the account changed since it was shown or while this was decided, `forbidden` where there is no sight.
 */
export async function changeAccount(
  deps: Deps,
  scope: Scope,
  { key, member, version, requireSight = async () => {} }: Asked,
  what: string,
  decide: (account: Account) => Promise<{ after: AccountState; mirrored?: readonly Statement[] }>,
): Promise<Saved> {
  const account = await readAccount(scope, key)
  await requireSight(account.state)
  if (version !== undefined && version !== account.version) throw changedMeanwhile()
  const { after, mirrored = [] } = await decide(account)
  await requireSight(after)
  const { row, state: before } = account
  requireOnce(before, after)
  const change = deps.id()
  const at = deps.now()
  const { mappings, ...choice } = after
  const mine = isChange(scope.tenant, key, change)
  const kept = new Set(mappings.map(({ id }) => id))
  const removed = before.mappings.filter(({ id }) => !kept.has(id)).map(({ id }) => id)
  const body: MappedBody = { what, member, source: key.sourceId, account: key.account, change, before, after }
  const seq = await saveWithEntry(
    scope,
    [
      ...mirrored,
      saveChoice(scope, key, row.change, { ...choice, change, updatedAt: at, updatedBy: member }),
      deleteMappings(scope, removed, mine),
      ...saveMappings(scope, mappings, mine),
      ...withdrawUnnamed(scope, noLongerNamed(before, after), mine),
    ],
    { at, event: 'mapped', body },
    mine,
  )
  if ((await findAccount(scope, key))?.change !== change) throw changedMeanwhile()
  await placeAnew(scope, { accounts: [key] })
  return { seq }
}

/** Throws a Problem when a change has something counted twice for one target that was not before (4.9). */
function requireOnce(before: AccountState, after: AccountState): void {
  const known = new Set(twiceIn(before))
  const added = twiceIn(after).find((problem) => !known.has(problem))
  if (added !== undefined) throw new Problem('invalid', `${added}: unmap one of the two rows first.`)
}

function twiceIn({ mappings }: AccountState): string[] {
  const targets = new Map<string, Read[]>()
  for (const { agreementId, targetKey, reads } of mappings) {
    const target = `${targetKey.replace(':', ' ')} of agreement ${agreementId}`
    targets.set(target, [...(targets.get(target) ?? []), ...reads])
  }
  return [...targets].flatMap(([target, reads]) => readProblems(reads).map((problem) => `For ${target}, ${problem}`))
}

/** Records to be made that a change leaves: when nothing else names them, nobody wants them any more. */
function noLongerNamed(before: AccountState, after: AccountState): number[] {
  const kept = new Set(idsIn(after))
  return idsIn(before).filter((id) => isToBeMade(id) && !kept.has(id))
}

/** Every company, agreement and product that a state names. */
export const idsIn = ({ companyId, agreementId, mappings }: AccountState): number[] =>
  [companyId, agreementId, ...mappings.flatMap((one) => [one.companyId, one.agreementId, one.productId])].flatMap(
    (id) => id ?? [],
  )

const changedMeanwhile = () =>
  new Problem('conflict', 'Somebody changed this row since you opened it. It is shown as it is now; nothing was saved.')
