import type { SQL } from 'drizzle-orm'
import type { CreationPolicy } from '#billing/creation.ts'
import type { Limits } from '#billing/limits.ts'
import { latest } from '#billing/period.ts'
import type { Scope, Statement } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { addLogs } from '#db/logs.ts'
import { addSchedule, listSchedules, saveSchedule } from '#db/schedules.ts'
import { saveKillSwitch, saveTenantSettings, type Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { placeAnew } from '#sync/lines/place.ts'
import { dailyAt, lastPassed } from '#sync/schedule.ts'

/** A member, or the operator, who changes how a tenant is set up. */
export interface Editor {
  deps: Deps
  scope: Scope
  tenant: Tenant
  member: string
}

/** What was changed, for the ledger; and in words, for the log. */
interface Change {
  what: string
  text: string
  from?: unknown
  to?: unknown
}

/** Saves a change of settings together with who made it, in the ledger and in the log; both only if it took effect. */
export async function saveChange(
  { deps, scope, member }: Omit<Editor, 'tenant'>,
  statements: readonly Statement[],
  { text, ...change }: Change,
  onlyIf?: SQL,
): Promise<void> {
  const at = deps.now()
  const log = { id: deps.id(), at, level: 'info' as const, event: 'settings.changed', text: `${text}.`, member }
  const entry = { at, event: 'set' as const, body: { ...change, member } }
  await saveWithEntry(scope, [...statements, ...addLogs(scope, [log], onlyIf)], entry, onlyIf)
}

/** On demand, or every day at a time (`02:00`) of an IANA zone. */
export interface DailyRuns {
  everyDay: boolean
  time: string
  zone: string
}

/** Changes when runs start by themselves; a day that was run is not run again. */
export async function setDailyRuns(editor: Editor, { everyDay, time, zone }: DailyRuns): Promise<void> {
  const { deps, scope } = editor
  const [known] = await listSchedules(scope)
  const pattern = dailyAt(time)
  const passed = lastPassed(pattern, zone, deps.now())
  const values = { pattern, zone, enabled: everyDay, lastDay: latest([known?.lastDay, passed]) }
  const saved = known
    ? saveSchedule(scope, known.id, values)
    : addSchedule(scope, { ...values, id: `${scope.tenant}-nightly` })
  const text = everyDay ? `Runs start every day at ${time} ${zone}` : 'Runs start on demand only'
  await saveChange(editor, [saved], { what: 'schedule', from: known, to: values, text })
}

/** The guard's numbers, from now on (TRUST section 5). */
export function saveLimits(editor: Editor, limits: Limits): Promise<void> {
  const change = { what: 'limits', from: editor.tenant.limits, to: limits, text: 'The limits of approval were changed' }
  return saveChange(editor, [saveTenantSettings(editor.scope, { limits })], change)
}

/** Stops every write at once, or allows them again (G24). */
export function setKillSwitch(editor: Editor, on: boolean): Promise<void> {
  const text = on ? 'All writes were stopped' : 'Writes were allowed again'
  return saveChange(editor, [saveKillSwitch(editor.scope, on)], { what: 'kill switch', to: on, text })
}

/** The type of agreements that TrueUp will make (S10). */
export async function saveAgreementType(editor: Editor, id: number | null): Promise<void> {
  const from = editor.tenant.defaultAgreementTypeId
  const text = id === null ? 'No default agreement type is chosen' : `The default agreement type is ${id}`
  const saved = saveTenantSettings(editor.scope, { defaultAgreementTypeId: id })
  await saveChange(editor, [saved], { what: 'agreement type', from, to: id, text })
  await placeAnew(editor.scope)
}

/** What TrueUp may make in ConnectWise, and what new records start with (FEATURES section 2). */
export async function saveCreation(editor: Editor, creation: CreationPolicy): Promise<void> {
  const from = editor.tenant.creation
  const keys = [...new Set([...Object.keys(from), ...Object.keys(creation)])] as (keyof CreationPolicy)[]
  if (keys.every((key) => from[key] === creation[key])) return
  const text = 'What may be made in ConnectWise was changed'
  const saved = saveTenantSettings(editor.scope, { creation })
  await saveChange(editor, [saved], { what: 'creation', from, to: creation, text })
  await placeAnew(editor.scope)
}
