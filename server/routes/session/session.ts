import * as z from 'zod'
import { save } from '#db/db.ts'
import { revokeSession } from '#db/sessions.ts'
import { callerOf } from '#routes/caller.ts'
import type { Ask } from '#routes/route.ts'
import { tooMany } from '#routes/too-many.ts'
import { problem } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { tokenSeconds } from '#session/access-token.ts'
import { createEvenly } from '#session/evenly.ts'
import { findViewer } from '#session/find-viewer.ts'
import { type Opened, openSession } from '#session/open-session.ts'
import { renewSession } from '#session/renew.ts'
import { createTries } from '#session/tries.ts'
import type { Viewer } from '#session/viewer.ts'
import { tokenNeeded } from './member-token.ts'

/** A value that may stand in a cookie: nothing in it can end the cookie or the header. */
const inCookie = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp};,"\\]*$/u, 'cannot hold control characters, quotes, ; or ,')
const visible = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/, 'is not one word of ASCII')

const claim = z.object({
  tenant: z
    .string()
    .max(100)
    .regex(/^\P{Cs}*$/u, 'is not a text'),
  companyid: inCookie(100),
  memberid: inCookie(100),
  memberHash: visible,
  memberContext: visible,
})
const renewal = z.object({ refresh: z.string().max(200) })

/** `POST /session`: who looks, confirmed by ConnectWise; every refusal is the same, whatever was wrong (TRUST 7.1). */
export function postSession(deps: Deps) {
  const tries = createTries(deps)
  const evenly = createEvenly(deps)
  return async (c: Ask) => {
    const body = await readJson(c, claim)
    if (body instanceof Response) return body
    const { tenant, companyid: companyId, memberid: member, memberHash: hash, memberContext: context } = body
    const claimed = { tenant, companyId, member, hash, context }
    const open = () => openSession(deps, claimed)
    const opened = await tries(callerOf(deps, c), claimed, () => evenly(open, ({ outcome }) => outcome === 'refused'))
    return typeof opened === 'number' ? tooMany(c, opened) : answer(c, opened)
  }
}

/** `POST /session/renewal`: a new token for a handle that was never used. */
export const postRenewal = (deps: Deps) => async (c: Ask) => {
  const body = await readJson(c, renewal)
  return body instanceof Response ? body : answer(c, await renewSession(deps, body.refresh))
}

/** `DELETE /session`: signs off; the token's session ends at once. */
export const deleteSession = (deps: Deps) => async (c: Ask) => {
  const viewer = await findViewer(deps, c.req.header('authorization'))
  if (!viewer) return tokenNeeded(c)
  await end(deps, viewer, 'signed off')
  return c.body(null, 204)
}

/** ConnectWise refused the member in the middle of something: the frame has to ask who is there again. */
export async function endSession(deps: Deps, c: Ask) {
  await end(deps, c.get('viewer'), 'ConnectWise refused')
  return tokenNeeded(c)
}

async function end(deps: Deps, { scope, session, member }: Viewer, reason: string): Promise<void> {
  await save(deps.db, [revokeSession(scope, session, deps.now())])
  deps.log.info('session.ended', { tenant: scope.tenant, member, session, reason })
}

async function readJson<S extends z.ZodType>(c: Ask, schema: S): Promise<z.infer<S> | Response> {
  c.header('Cache-Control', 'no-store')
  if (!/^application\/json\s*(?:;\s*charset="?utf-?8"?\s*)?$/i.test(c.req.header('content-type') ?? ''))
    return problem(c, 415, 'Send application/json.')
  const parsed = schema.safeParse(parseJson(await c.req.text()))
  if (parsed.success) return parsed.data
  const places = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  return problem(c, 400, 'This is not what the frame sends.', places)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function answer(c: Ask, opened: Opened) {
  switch (opened.outcome) {
    case 'opened':
      return c.json({ ...opened.pass, expiresIn: tokenSeconds })
    case 'unreachable':
      return problem(c, 503, 'ConnectWise does not answer, so it cannot say who you are. Try again in a minute.')
    case 'no-role':
      return problem(
        c,
        403,
        'You may not see companies or agreements in ConnectWise. Ask an administrator of TrueUp for a role.',
      )
    case 'refused':
      return tokenNeeded(c)
  }
}
