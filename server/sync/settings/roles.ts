import { listRoles, type RoleRow, removeRole, type Subject, saveRole } from '#db/roles.ts'
import { Problem } from '#server/problem.ts'
import { type Editor, saveChange } from './settings.ts'

/** The operator names the first administrator; further ones change nothing for the others. */
export const nameAdmin = (editor: Editor, member: string): Promise<void> =>
  giveRole(editor, { subject: 'member', name: member }, 'admin')

/** Gives a member or a security role a role here. Throws a Problem when no member would be administrator any more. */
export async function giveRole(editor: Editor, subject: Subject, role: RoleRow['role']): Promise<void> {
  const { deps, scope, member } = editor
  const given = { role, updatedBy: member, updatedAt: deps.now() }
  const who = nameOf(subject)
  const change = { what: `role of ${who}`, to: role, text: `${who} is ${role} now` }
  const { statements, done } = saveRole(scope, { ...subject, ...given })
  await saveChange(editor, statements, change, done)
  if ((await findRole(editor, subject)) !== role) throw lastAdmin(subject)
}

/** Takes a role away. Throws a Problem when there is none, or when no member would be administrator any more. */
export async function takeRole(editor: Editor, subject: Subject): Promise<void> {
  const { scope } = editor
  const who = nameOf(subject)
  const from = await findRole(editor, subject)
  if (!from) throw new Problem('not_found', `${who} has no role here.`)
  const change = { what: `role of ${who}`, from, to: null, text: `${who} has no role now` }
  const { statements, done } = removeRole(scope, subject)
  await saveChange(editor, statements, change, done)
  if (await findRole(editor, subject)) throw lastAdmin(subject)
}

async function findRole({ scope }: Editor, { subject, name }: Subject): Promise<RoleRow['role'] | undefined> {
  const rows = await listRoles(scope)
  return rows.find((row) => row.subject === subject && row.name === name.toLowerCase())?.role
}

const nameOf = ({ subject, name }: Subject): string =>
  subject === 'member' ? `Member ${name}` : `Security role ${name}`

const lastAdmin = (subject: Subject) =>
  new Problem(
    'conflict',
    `${nameOf(subject)} is the only administrator: make another member one first. A security role may be held by nobody.`,
    { places: [{ path: 'role', message: 'is the only administrator who is a member' }] },
  )
