import { addMember } from './build.ts'
import { onlyRights } from './rights.ts'
import type { World } from './tables.ts'

const write = { add: 'All', edit: 'All', inquire: 'All' } as const
const read = { inquire: 'All' } as const

/** A technician who sees no agreements: `Companies` and nothing of `Finance` or `Procurement`. */
const technician = () =>
  onlyRights({
    'Companies > Company Maintenance': { ...read, edit: 'All' },
    'Companies > Contacts': write,
    'Companies > Manage Attachments': write,
  })

const finance = () =>
  onlyRights({
    'Companies > Company Maintenance': read,
    'Companies > Contacts': read,
    'Companies > Manage Attachments': write,
    'Finance > Agreements': { ...write, delete: 'All' },
    'Finance > Agreement Invoicing': write,
    'Procurement > Product Catalog': write,
    'System > API Reports': read,
  })

/** The people beside the administrator `jsmith`: `ttech`, `ffin`, and `iformer`, who has left. */
export function addStaff(world: World): void {
  const role = (name: string) => ({ id: world.securityRoles.rows().find((one) => one.name === name)?.id ?? 0 })
  const add = (identifier: string, firstName: string, lastName: string, roleName: string, inactiveFlag = false) =>
    addMember(world, { identifier, firstName, lastName, securityRole: role(roleName), inactiveFlag })
  add('ttech', 'Tom', 'Teller', 'Technician')
  add('ffin', 'Fay', 'Finch', 'Finance')
  add('iformer', 'Ina', 'Former', 'Admin', true)
  world.rights.set('ttech', technician())
  world.rights.set('ffin', finance())
}
