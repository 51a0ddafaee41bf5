import { save } from '#db/db.ts'
import { saveInstallationKillSwitch, saveKillSwitch } from '#db/tenants.ts'
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
    const whose = scope ? scope.tenant : 'the whole install'
    const text = on ? `Nothing is written any more for ${whose}.` : `Writes are allowed again for ${whose}.`
    call.print({ killSwitch: state, tenant: scope?.tenant ?? null }, text)
    return 0
  },
}
