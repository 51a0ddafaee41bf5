import { readsKey } from '#billing/mapping.ts'
import { type Day, dayIn } from '#billing/period.ts'
import type { Read } from '#billing/reading.ts'
import { plainRule } from '#billing/rule.ts'
import { closedReason } from '#billing/target.ts'
import type { Scope } from '#db/db.ts'
import { listMappingsOf, type MappingRow } from '#db/mappings.ts'
import { findSource, listSources } from '#db/sources.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { tenantOf } from '#sync/run.ts'
import { type Account, type AccountState, type Asked, changeAccount, type Saved } from './account-state.ts'
import { countedTwice, differingRules } from './checks.ts'
import type { FileRow } from './file.ts'
import { identityOf, type SourcedRow, saidBy, targetKeyOf } from './identity.ts'
import { refuse } from './place-account.ts'
import { readTargets } from './read-targets.ts'
import type { FileRule } from './row.ts'
import { type Existing, targetProblems } from './targets.ts'

/** What to write to, what to read for it, and the mapping that gets it: absent, one more is made. */
export interface TargetChoice {
  target: { addition: number } | { product: number }
  /** Absent: what the mapping reads already. */
  reads?: readonly Read[]
  mapping?: string
}

/**
 * Saves what an account is written to: an addition, or a product of its agreement (M3). The checks are those of an import.
 * A mapping made by hand waits for a person before its first write (G6). Throws a Problem with what is wrong.
 */
export async function chooseTarget(deps: Deps, scope: Scope, asked: Asked, choice: TargetChoice): Promise<Saved> {
  const tenant = await tenantOf(scope)
  const source = await findSource(scope, asked.key.sourceId)
  if (!source) throw new Problem('not_found', 'This source is not connected any more.')
  return changeAccount(deps, scope, asked, 'target', async (account) => {
    const before = account.state.mappings.find(({ id }) => id === choice.mapping)
    if (choice.mapping !== undefined && !before) throw new Problem('not_found', 'This mapping does not exist any more.')
    const place = placeOf(account.state, before)
    const row = fileRow(asked, choice, place, account.state, before)
    const { existing, mirrored } = await readTargets(deps, scope, [row])
    const rule = before ? row.rule : ((await ruleOfTarget(scope, row)) ?? row.rule)
    const sourced = { number: 0, row: { ...row, rule }, sourceId: asked.key.sourceId }
    await check(scope, { account, before, sourced, existing }, dayIn(tenant.zone, deps.now()))
    const mapping = mappingOf(deps, scope, asked, sourced, before)
    const mappings = before
      ? account.state.mappings.map((one) => (one === before ? mapping : one))
      : [...account.state.mappings, mapping]
    const { company: companyId, agreement: agreementId } = row
    return { after: { ...account.state, companyId, agreementId, mappings }, mirrored }
  })
}

/** A new target is of the agreement chosen last; another target of a mapping stays in its agreement. */
function placeOf(state: AccountState, before: MappingRow | undefined): { company: number; agreement: number } {
  const company = before?.companyId ?? state.companyId ?? state.mappings[0]?.companyId
  const agreement = before?.agreementId ?? state.agreementId ?? state.mappings[0]?.agreementId
  if (!company) throw new Problem('invalid', 'Choose the company first.')
  if (!agreement) throw new Problem('invalid', 'Choose the agreement first.')
  return { company, agreement }
}

function fileRow(
  { key }: Asked,
  { target, reads }: TargetChoice,
  place: { company: number; agreement: number },
  state: AccountState,
  before: MappingRow | undefined,
): FileRow {
  const read = reads ?? before?.reads
  if (!read || read.length === 0)
    throw new Problem('invalid', 'Say what is read: the source names no number for it yet.')
  return {
    ...{ source: key.sourceId, account: key.account, reads: [...read], ...place, ...target },
    ...{ leaveAlone: before?.leaveAlone ?? [], include: before?.include ?? state.include },
    rule: before ? fileRule(before) : { ...plainRule, writeFrom: 'source' },
  }
}

/** Rows of one addition are added together and carry one rule, so a further one starts with the rule there is (4.9). */
async function ruleOfTarget(scope: Scope, row: FileRow): Promise<FileRule | undefined> {
  const others = await listMappingsOf(scope, { agreement: row.agreement })
  const other = others.find(({ targetKey }) => targetKey === targetKeyOf(row))
  return other && fileRule(other)
}

const fileRule = ({ rule, followsSource }: MappingRow): FileRule =>
  followsSource ? { ...rule, writeFrom: 'source' } : rule

interface Checked {
  account: Account
  before: MappingRow | undefined
  sourced: SourcedRow
  existing: Existing
}

async function check(scope: Scope, { account, before, sourced, existing }: Checked, today: Day): Promise<void> {
  const { row, sourceId } = sourced
  refuse(targetProblems(sourced, existing, today).map(({ message }) => message))
  const agreement = existing.agreements.get(row.agreement)
  const closed = agreement && closedReason(agreement, today)
  refuse(closed === undefined ? [] : [closed])
  const named = { ...{ sourceId, account: row.account, readsKey: readsKey(row.reads) } }
  const identity = identityOf({ ...named, agreementId: row.agreement, targetKey: targetKeyOf(row) })
  const twin = account.state.mappings.find((one) => one !== before && identityOf(one) === identity)
  refuse(
    twin ? [`this account already writes ${named.readsKey === twin.readsKey ? 'the same reading ' : ''}there`] : [],
  )
  const stored = (await listMappingsOf(scope, { agreement: row.agreement })).filter(({ id }) => id !== before?.id)
  refuse(countedTwice([sourced], stored).map(({ message }) => message))
  refuse(differingRules([sourced], stored, await listSources(scope)).map(({ message }) => `the rule ${message}`))
}

function mappingOf(
  deps: Deps,
  { tenant }: Scope,
  { member }: Asked,
  sourced: SourcedRow,
  before: MappingRow | undefined,
): MappingRow {
  const at = deps.now()
  const said = saidBy(sourced)
  return {
    id: before?.id ?? deps.id(),
    tenantId: tenant,
    ...said,
    additionId: sourced.row.addition ?? null,
    parkedReason: null,
    parkedAt: null,
    confirmedTarget: before?.confirmedTarget ?? null,
    // Another thing to read is another rule: the next plan waits (G8).
    confirmedRule: before?.readsKey === said.readsKey ? before.confirmedRule : null,
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
    updatedBy: member,
  }
}
