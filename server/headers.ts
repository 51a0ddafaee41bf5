import { createMiddleware } from 'hono/factory'
import { NONCE, secureHeaders } from 'hono/secure-headers'
import type { Asked } from '#routes/route.ts'

/** What every answer says of itself: our own files only, nothing inline, no frame (TRUST 7.1). */
export const secure = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: [NONCE],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
    trustedTypes: ['htmx'],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'no-referrer',
  strictTransportSecurity: 'max-age=31536000; includeSubDomains',
})

/** A shell is framed by its tenant's ConnectWise and by nobody else; every other answer by nobody (TRUST 7.1). */
export const letFrame = createMiddleware<Asked>(async (c, next) => {
  await next()
  const origin = c.get('frameAncestors')
  const policy = c.res.headers.get('content-security-policy')
  if (origin === undefined || policy === null) return
  c.res.headers.set(
    'content-security-policy',
    policy.replace(/frame-ancestors [^;]*/, () => `frame-ancestors ${origin}`),
  )
  c.res.headers.delete('x-frame-options')
})
