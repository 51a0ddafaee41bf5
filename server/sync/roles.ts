import { type RoleRow, removeRole, type Subject, saveRole } from '#db/roles.ts'
import { Problem } from '#server/problem.ts'
import { type Editor, saveChange } from './settings.ts'

/** The operator names the first administrator; further ones change nothing for the others. */
export const nameAdmin = (editor: Editor, member: string): Promise<void> =>
  giveRole(editor, { subject: 'member', name: member }, 'admin')

/** Gives a member or a security role a role here. Throws a Problem when nobody would be administrator any more. */
export async function giveRole(editor: Editor, subject: Subject, role: RoleRow['role']): Promise<void> {
  const { deps, scope, member } = editor
  if (!(await saveRole(scope, { ...subject, role, updatedBy: member, updatedAt: deps.now() }))) throw lastAdmin(subject)
  await saveChange(editor, [], {
    what: `role of ${nameOf(subject)}`,
    to: role,
    text: `${nameOf(subject)} is ${role} now`,
  })
}

/** Takes a role away. Throws a Problem when nobody would be administrator any more. */
export async function takeRole(editor: Editor, subject: Subject): Promise<void> {
  if (!(await removeRole(editor.scope, subject))) throw lastAdmin(subject)
  await saveChange(editor, [], {
    what: `role of ${nameOf(subject)}`,
    to: null,
    text: `${nameOf(subject)} has no role now`,
  })
}

const nameOf = ({ subject, name }: Subject): string =>
  subject === 'member' ? `Member ${name}` : `Security role ${name}`

const lastAdmin = (subject: Subject) =>
  new Problem(
    'conflict',
    `${nameOf(subject)} is the only administrator: name another one first, else nobody could set TrueUp up any more.`,
    { places: [{ path: 'role', message: 'is the only administrator' }] },
  )
