import { type Db, type Scope, save } from '#db/db.ts'
import { isInstallationStopped, listTenants, saveInstallationKillSwitch, saveKillSwitch } from '#db/tenants.ts'
import { type Command, UsageProblem } from './command.ts'
import { scopeNamed } from './named.ts'

export const killSwitchCommand: Command = {
  name: 'kill-switch',
  about: 'Stop every write at once, or allow them again; reading and planning go on.',
  arguments: [{ value: 'on|off', about: 'on: nothing is written from now on' }],
  options: { tenant: { value: 'T', about: 'only this tenant; without it, the whole install' } },
  async run(call) {
    const state = call.argument(0)
    if (state !== 'on' && state !== 'off') throw new UsageProblem('Say on or off.')
    const { deps } = await call.open()
    const named = call.option('tenant')
    const scope = named === undefined ? undefined : await scopeNamed(deps.db, named)
    const on = state === 'on'
    await save(deps.db, [scope ? saveKillSwitch(scope, on) : saveInstallationKillSwitch(deps.db, on)])
    deps.log.warn('kill-switch.set', { state, ...(scope ? { tenant: scope.tenant } : {}) })
    call.print({ killSwitch: state, tenant: scope?.tenant ?? null }, await effectOf(deps.db, on, scope))
    return 0
  },
}

/** The two switches stand in a row: turning one off allows nothing that the other one stops. */
async function effectOf(db: Db, on: boolean, scope: Scope | undefined): Promise<string> {
  const whose = scope ? scope.tenant : 'the whole install'
  if (on) return `Nothing is written any more for ${whose}.`
  if (scope && (await isInstallationStopped(db)))
    return `The switch of ${whose} is off; still nothing is written: trueup kill-switch off`
  const stopped = scope ? [] : (await listTenants(db)).filter(({ killSwitch }) => killSwitch).map(({ id }) => id)
  const still = stopped.map((id) => `Still nothing is written for ${id}: trueup kill-switch off --tenant ${id}`)
  return [`Writes are allowed again for ${whose}.`, ...still].join('\n')
}
