import { save } from '#db/db.ts'
import { type Subject, saveRole } from '#db/roles.ts'
import { createApp } from '#server/app.ts'
import type { Role } from '#session/viewer.ts'
import { addMember, login } from '../sandbox/manage/world.ts'
import type { App } from '../start.ts'

export interface SignedIn {
  token: string
  refresh: string
  /** Asks as this member, with a fresh token whenever the old one is over, as the frame does. `form` is sent as a page sends a form. */
  ask(method: string, path: string, form?: Record<string, string> | URLSearchParams): Promise<Response>
}

/** Gives a member, or a security role by its id, a role in TrueUp. */
export function giveRole({ scope }: App, name: string, role: Role, subject: Subject['subject'] = 'member') {
  const { statements } = saveRole(scope, { subject, name, role, updatedBy: 'test', updatedAt: 1 })
  return save(scope.db, statements)
}

/** Opens a session for a member of the sandbox, who is added when there is none, with this role in TrueUp. */
export async function signIn(app: App, { member, role }: { member: string; role?: Role }): Promise<SignedIn> {
  const { clock, world } = app
  if (!world.members.rows().some(({ identifier }) => identifier === member))
    addMember(world, { identifier: member, firstName: member, lastName: 'Member' })
  if (role) await giveRole(app, member, role)
  const { fetch } = createApp(app.deps)
  const send = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    clock.run(
      Promise.resolve(
        fetch(
          new Request(`${app.deps.config.PUBLIC_URL}${path}`, {
            method,
            headers,
            ...(body === undefined ? {} : { body }),
          }),
        ),
      ),
    )

  const open = async () => {
    const opened = await send('POST', '/session', json, JSON.stringify(claimOf(app, member)))
    if (opened.status !== 200) throw new Error(`${member} was not signed in: ${opened.status} ${await opened.text()}`)
    return { ...((await opened.json()) as { token: string; refresh: string }), at: clock.now() }
  }
  let pass = await open()
  const ask: SignedIn['ask'] = async (method, path, form) => {
    if (clock.now() > pass.at + freshMs) pass = await open()
    const isRead = method === 'GET' || method === 'HEAD'
    const asked = () =>
      send(
        method,
        path,
        { authorization: `Bearer ${pass.token}`, ...(isRead ? {} : formType) },
        isRead ? undefined : new URLSearchParams(form).toString(),
      )
    const answer = await asked()
    if (answer.status !== 401) return answer
    pass = await open()
    return asked()
  }
  return { ...pass, ask }
}

const freshMs = 45_000
const json = { 'content-type': 'application/json' }
const formType = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }

/** What the frame of a logged-in member posts to `/session`. */
export function claimOf({ world, scope }: App, member: string) {
  return { tenant: scope.tenant as string, companyid: 'acme', memberid: member, ...login(world, member) }
}
