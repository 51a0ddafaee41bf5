import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { isOperatorSession } from '#db/operator.ts'
import type { Ask, Asked } from '#routes/route.ts'
import { problem } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'

const name = 'trueup-operator'
const options = { prefix: 'host', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const

/** Remembers the operator's session in this browser, at the top level only (TRUST 7.1). */
export const setOperatorCookie = (c: Ask, token: string): void => setCookie(c, name, token, options)

export const clearOperatorCookie = (c: Ask): string | undefined => deleteCookie(c, name, options)

export const operatorCookie = (c: Ask): string | undefined => getCookie(c, name, 'host')

/** The operator's session is needed. */
export const requireOperator = (deps: Deps) =>
  createMiddleware<Asked>(async (c, next) => {
    const token = operatorCookie(c)
    c.header('Cache-Control', 'no-store')
    // Its pages are whole, its answers to forms are parts of them.
    if (c.req.method !== 'GET') c.set('wants', 'fragment')
    if (token === undefined || !(await isOperatorSession(deps.db, token, deps.now())))
      return problem(c, 401, 'Sign in at /operator with the one-time code that TrueUp printed.')
    return next()
  })
