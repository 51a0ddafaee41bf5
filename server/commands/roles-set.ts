import { giveRole } from '#sync/settings/roles.ts'
import { type Command, UsageProblem } from './command.ts'
import { memberNamed, scopeNamed, tenantNamed } from './named.ts'

const roles = ['technician', 'finance', 'admin'] as const

export const rolesSetCommand: Command = {
  name: 'roles set',
  about: 'Give a ConnectWise member a role in TrueUp; the first administrator is named this way.',
  options: {
    tenant: { value: 'T', required: true, about: 'whose member it is' },
    member: { value: 'M', required: true, about: 'member id of the ConnectWise login' },
    role: { value: 'R', required: true, about: roles.join(', ') },
  },
  async run(call) {
    const member = memberNamed('--member', call.required('member'))
    const role = roles.find((name) => name === call.required('role'))
    if (!role) throw new UsageProblem(`--role must be ${roles.join(', ')}.`)
    const { deps } = await call.open()
    const tenant = await tenantNamed(deps.db, call.required('tenant'))
    const scope = await scopeNamed(deps.db, tenant.id)
    await giveRole({ deps, scope, tenant, member: 'operator' }, { subject: 'member', name: member }, role)
    call.print({ tenant: tenant.id, member, role }, `${member} is ${role} of ${tenant.id} now.`)
    return 0
  },
}
