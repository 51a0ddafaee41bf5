import { randomUUID } from 'node:crypto'
import { type Action, levelOf, type Module } from '../manage/rights.ts'
import { login, type World } from '../manage/world.ts'

/** Who is logged in at this browser. */
export interface Viewer {
  identifier: string
  name: string
  /** Shown beside the name: the security role, or the other company. */
  role: string
  companyId: string
  email: string
  /** A member of another ConnectWise, whose page shows no record of this one. */
  isStranger: boolean
}

/** A member of another company that shares the page's origin; his hash is good there and nowhere else. */
const stranger: Viewer = {
  identifier: 'stranger',
  name: 'Stan Stranger',
  role: 'of another company, globex',
  companyId: 'globex',
  email: 'stan@globex.example',
  isStranger: true,
}
const strangersLogin = { memberHash: randomUUID(), memberContext: 'web' }

/** Everyone the switcher offers: people of this ConnectWise, then the stranger. */
export function listViewers(world: World, companyId: string): Viewer[] {
  const people = world.members.rows().filter((member) => member.licenseClass !== 'A')
  const members = people.map(({ identifier, firstName, lastName, defaultEmail, securityRole, inactiveFlag }) => ({
    identifier,
    name: `${firstName} ${lastName}`,
    role: inactiveFlag ? 'inactive' : (world.securityRoles.get(securityRole.id)?.name ?? 'no role'),
    companyId,
    email: defaultEmail,
    isStranger: false,
  }))
  return [...members, stranger]
}

/** What `getMemberAuthentication` answers for this member; they are logged in when they were not. */
export function authenticationOf(world: World, viewer: Viewer, site: string): Record<string, string> {
  const { memberHash, memberContext } = viewer.isStranger ? strangersLogin : login(world, viewer.identifier)
  const { companyId: companyid, identifier: memberid, email: memberEmail } = viewer
  return { site, companyid, memberid, memberHash, memberContext, memberEmail }
}

/** Whether ConnectWise lets this member do that; the stranger may do nothing here. */
export const may = (world: World, viewer: Viewer, module: Module, action: Action): boolean =>
  !viewer.isStranger && levelOf(world.rights.get(viewer.identifier), module, action) !== 'None'
