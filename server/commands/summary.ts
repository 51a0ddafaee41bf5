import { countWords } from '#billing/summary.ts'
import type { Scope } from '#db/db.ts'
import { findPlan, listPlanRows } from '#db/plans.ts'
import { listAccounts } from '#db/snapshots.ts'
import { findTenant } from '#db/tenants.ts'
import { isApprovable } from '#sync/approve/approve.ts'
import type { Detail, Summary } from '#sync/summary.ts'
import type { Call, ExitCode } from './command.ts'
import { counted, table } from './text.ts'

const mostRows = 40

/** 0 when everything is done, 2 when something waits for a person, 1 when anything failed. */
export const exitOf = ({ state }: Pick<Summary, 'state'>): ExitCode => (state === 'done' ? 0 : state === 'held' ? 2 : 1)

/** The run summary of INTERFACE, or the same for people: counts, what waits and why, what to do next. */
export async function printSummary(call: Call, scope: Scope, summary: Summary, { isDry = false } = {}): Promise<void> {
  const names = await accountNames(scope)
  call.print(
    summary,
    [headline(summary, isDry), ...sections(summary, names), ...(await nextStep(scope, summary, isDry))].join('\n'),
  )
}

function headline({ tenant, run, state, requests, changes, cause, details }: Summary, isDry: boolean): string {
  const nothing = state === 'failed' ? 'nothing was planned' : 'nothing mapped'
  const said = countWords(changes) || nothing
  const stated = isDry ? dryState(state, details) : `${state} (run ${run})`
  return [
    `${tenant}: ${stated}`,
    `${said}; ${counted(requests, 'request')}`,
    ...(cause ? [`Cause: ${cause}`] : []),
  ].join('\n')
}

function dryState(state: Summary['state'], details: readonly Detail[]): string {
  const changes = details.filter(({ change }) => change !== null).length
  if (state === 'failed') return 'dry run, not everything could be read; nothing was written'
  if (state === 'done') return 'dry run, ConnectWise agrees already; nothing was written'
  if (changes === 0) return 'dry run, no change pending, but somebody has to look; nothing was written'
  return `dry run, ${counted(changes, 'change')} pending; nothing was written`
}

function sections({ details }: Summary, names: AccountNames): string[] {
  const titles = [
    ['failed', 'Failed'],
    ['unknown', 'Not certain yet'],
    ['held', 'Waiting'],
    ['created', 'Created'],
    ['updated', 'Updated'],
    ['cancelled', 'Cancelled'],
    ['skipped', 'Skipped'],
  ] as const
  return titles.flatMap(([outcome, title]) => {
    const rows = details.filter((detail) => detail.outcome === outcome)
    return rows.length === 0 ? [] : ['', title, rowsOf(rows, names)]
  })
}

/** What people call the accounts, by their ids; an id that two sources give to two customers has none. */
export type AccountNames = ReadonlyMap<string, string>

export async function accountNames(scope: Scope): Promise<AccountNames> {
  const names = new Map<string, string>()
  for (const { account, name } of await listAccounts(scope))
    names.set(account, (names.get(account) ?? name) === name ? name : account)
  return names
}

/** A table of rows, cut where nobody would read on. */
export function rowsOf(details: readonly Detail[], names: AccountNames): string {
  const shown = details
    .slice(0, mostRows)
    .map((detail) => [
      `  ${(detail.accounts ?? [detail.account]).map((id) => named(id, names)).join(' + ')}`,
      detail.record ?? detail.line?.description ?? (detail.addition === null ? '' : `addition ${detail.addition}`),
      changeOf(detail),
      detail.reason,
    ])
  const rest = details.length - shown.length
  return table(shown) + (rest > 0 ? `\n  … and ${rest} more; --json lists all` : '')
}

const named = (id: string, names: AccountNames): string => {
  const name = names.get(id)
  return name === undefined || name === id ? id : `${id} ${name.slice(0, 30)}`
}

function changeOf({ change, fields, line, values: drafted = {} }: Detail): string {
  const written = Object.entries(drafted).map(([name, value]) => `${name} ${value}`)
  const values = Object.entries(fields).map(([name, [from, to]]) => `${name} ${from ?? 'none'} → ${to ?? 'none'}`)
  const days = Object.entries(line?.days ?? {}).map(
    ([name, [from, to]]) => `${name} day ${from ?? 'none'} → ${to ?? 'none'}`,
  )
  return [change === 'create' ? 'create' : '', [...written, ...values, ...days].join(', ')].filter(Boolean).join(' ')
}

async function nextStep(scope: Scope, { plan, state, changes }: Summary, isDry: boolean): Promise<string[]> {
  if ((await findTenant(scope.db, scope.tenant))?.state === 'attention')
    return ['', 'Next: put the cause right, then trueup connect again; until then no run is made.']
  if (isDry || plan === null || state === 'done') return []
  if (changes.held === 0)
    return state === 'held' ? ['', 'Next: see to what was skipped, then sync again; there is nothing to approve.'] : []
  const waits = (await findPlan(scope, plan))?.state === 'waiting'
  const rows = waits ? (await listPlanRows(scope, plan)).filter(isApprovable) : []
  if (rows.length === 0) return ['', `Next: put right what is blocked, then sync again (plan ${plan}).`]
  return ['', `Next: trueup plans show ${plan}`, `      trueup plans approve ${plan} --as MEMBER`]
}
