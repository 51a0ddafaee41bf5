import * as z from 'zod'
import { listRoles } from '#db/roles.ts'
import { errorsOf, fillForm } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { memberId } from '#routes/session/operator.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { giveRole, takeRole } from '#sync/settings/roles.ts'
import type { Editor } from '#sync/settings/settings.ts'
import { type RoleLine, RolesScreen, RolesSection } from '#views/settings/roles.tsx'
import { editorOf, timeOf } from './editor.ts'

const role = z.enum(['technician', 'finance', 'admin'], 'technician, finance or admin')

const given = z.discriminatedUnion('subject', [
  z.object({ subject: z.literal('member'), name: memberId, role }),
  z.object({
    subject: z.literal('security-role'),
    name: z
      .string()
      .trim()
      .regex(/^[1-9]\d{0,8}$/, 'the number of a security role'),
    role,
  }),
])

/** `GET /settings/roles` */
export const getRoles = (deps: Deps) => async (c: Ask) =>
  fragment(c, RolesScreen, { standing: standingOf(c.get('viewer')), roles: await rolesOf(editorOf(deps, c)) })

const rolesOf = async ({ scope, tenant }: Editor): Promise<RoleLine[]> =>
  (await listRoles(scope)).map(({ subject, name, role, updatedBy, updatedAt }) => ({
    subject,
    name,
    role,
    by: updatedBy,
    at: timeOf(tenant, updatedAt),
  }))

/** `POST /settings/roles`: gives or changes a role. */
export const postRole = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const form = await fillForm(c, given)
  if (!form.ok) return refused(c, editor, form.typed, form.errors)
  const { subject, name, role } = form.values
  try {
    await giveRole(editor, { subject, name }, role)
  } catch (error) {
    return refused(c, editor, form.typed, errorsOf(error))
  }
  return fragment(c, RolesSection, { roles: await rolesOf(editor), saved: `${name} is ${role} now.` })
}

/** `DELETE /settings/roles/:subject/:name`; the last administrator stays. */
export const deleteRole = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const subject = c.req.param('subject') === 'security-role' ? 'security-role' : 'member'
  const name = c.req.param('name') ?? ''
  try {
    await takeRole(editor, { subject, name })
  } catch (error) {
    return refused(c, editor, {}, errorsOf(error))
  }
  return fragment(c, RolesSection, { roles: await rolesOf(editor), saved: `${name} has no role any more.` })
}

const refused = async (c: Ask, editor: Editor, typed: Record<string, string>, errors: Record<string, string>) =>
  fragment(c, RolesSection, { roles: await rolesOf(editor), typed, errors }, 422)
