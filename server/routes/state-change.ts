import { createMiddleware } from 'hono/factory'
import { uploadPath } from '#routes/uploads/form.ts'
import { problem } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { createRateLimit } from '#server/rate-limit.ts'
import { callerOf } from './caller.ts'
import type { Ask, Asked } from './route.ts'
import { tooMany } from './too-many.ts'

const writesPerMinute = 60

/**
 * Before whatever changes something: a page of ours sent it, in a form we expect, and a member not more than 60 times a
 * minute. A cookie goes along by itself, so who brings one must prove where the request comes from (TRUST 7.1).
 */
export function guardChanges(deps: Deps) {
  const secondsToWait = createRateLimit(writesPerMinute, deps.now)
  return createMiddleware<Asked>(async (c, next) => {
    const viewer = c.get('viewer')
    if (!isOurs(c, deps.config.PUBLIC_URL))
      return problem(c, 403, 'This did not come from a page of TrueUp. Reload the page and try again.')
    if (!isExpected(c, viewer !== undefined))
      return problem(c, 415, 'Send application/x-www-form-urlencoded, as the pages of TrueUp do.')
    const wait = viewer && secondsToWait([viewer.tenant.id, viewer.member, callerOf(deps, c)].join('|'))
    return wait === undefined ? next() : tooMany(c, wait, `${writesPerMinute} a minute`)
  })
}

/** Whether the browser says that a page of this origin sent it. Without a cookie, what says nothing is no browser. */
function isOurs(c: Ask, origin: string): boolean {
  const [site, from] = [c.req.header('sec-fetch-site'), c.req.header('origin')]
  if (site !== undefined && site !== 'same-origin') return false
  if (from !== undefined && from !== origin) return false
  return c.req.header('cookie') === undefined || site !== undefined || from !== undefined
}

/** A form, with a file only where one is taken; JSON only where no member is needed; nothing at all to take something away. */
function isExpected(c: Ask, isMember: boolean): boolean {
  const type = c.req.header('content-type')
  if (c.req.method === 'DELETE' && type === undefined) return true
  if (isMember && uploadPath.test(c.req.path) && fileType.test(type ?? '')) return true
  const expected = isMember ? formType : anyType
  return expected.test(type ?? '')
}

const formType = /^application\/x-www-form-urlencoded\s*(?:;\s*charset="?utf-?8"?\s*)?$/i
const fileType = /^multipart\/form-data\s*;\s*boundary=[\w'()+,./:=?"-]{1,80}$/i
const anyType = /^application\/(?:json|x-www-form-urlencoded)\s*(?:;\s*charset="?utf-?8"?\s*)?$/i
