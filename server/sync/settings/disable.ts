import { zonedTimeIn } from '#billing/period.ts'
import { listSchedules, saveSchedule } from '#db/schedules.ts'
import { saveTenantSettings, type Tenant } from '#db/tenants.ts'
import { Problem } from '#server/problem.ts'
import { lastPassed } from '#sync/schedule.ts'
import { type Editor, saveChange } from './settings.ts'

type Switched = Pick<Tenant, 'disabledAt' | 'disabledBy' | 'zone'>

/** Since when, and by whom, TrueUp is switched off; undefined while it is on. */
export const whyDisabled = ({ disabledAt, disabledBy, zone }: Switched): string | undefined =>
  disabledAt === null
    ? undefined
    : `TrueUp is switched off since ${zonedTimeIn(zone, disabledAt)}, by ${disabledBy ?? 'an administrator'}. An administrator switches it on under Settings › Schedule.`

/** Throws a Problem with the reason while TrueUp is switched off. */
export function requireEnabled(tenant: Switched): void {
  const reason = whyDisabled(tenant)
  if (reason !== undefined) throw new Problem('conflict', `Nothing is run. ${reason}`)
}

/**
 * Switches the integration off: schedules stop, nothing is collected, run or written. Mappings, history and everything
 * in ConnectWise stay as they are.
 */
export function disable(editor: Editor): Promise<void> {
  const { deps, scope, member } = editor
  const values = { disabledAt: deps.now(), disabledBy: member }
  const text = 'TrueUp was switched off: nothing is run or written; nothing in ConnectWise was removed'
  return saveChange(editor, [saveTenantSettings(scope, values)], { what: 'integration', from: 'on', to: 'off', text })
}

/** Switches it on again. Runs start at their next time; the nights between are not made up for. */
export async function enable(editor: Editor): Promise<void> {
  const { deps, scope } = editor
  const schedules = await listSchedules(scope)
  const resumed = schedules.map(({ id, pattern, zone, enabled, lastDay }) => {
    const passed = lastPassed(pattern, zone, deps.now())
    return saveSchedule(scope, id, { pattern, zone, enabled, lastDay: passed > lastDay ? passed : lastDay })
  })
  const saved = [saveTenantSettings(scope, { disabledAt: null, disabledBy: null }), ...resumed]
  await saveChange(editor, saved, { what: 'integration', from: 'off', to: 'on', text: 'TrueUp was switched on again' })
}
