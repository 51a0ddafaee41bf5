import { CompactSign, compactVerify } from 'jose'
import * as z from 'zod'
import type { Deps } from '#server/deps.ts'

/** Whom a token speaks for; everything else is read again at each request. */
export interface Claims {
  tenant: string
  /** The session's id. */
  session: string
  member: string
  role: string
}

/** Seconds that a token lasts, and that clocks may differ. */
export const tokenSeconds = 60
const skewSeconds = 10
const type = 'trueup-access+jwt'
const audience = 'trueup-frame'

type Needs = Pick<Deps, 'seal' | 'config' | 'now'>

/** A token of 60 seconds: HS256 with a key of its own (TRUST 7.1). `id` is its `jti`. */
export function signToken({ seal, config, now }: Needs, claims: Claims, id: string): Promise<string> {
  const at = Math.floor(now() / 1000)
  const times = { iat: at, nbf: at, exp: at + tokenSeconds }
  const { tenant, session, member, role } = claims
  const body = { iss: config.PUBLIC_URL, aud: audience, sub: member, tenant, role, sid: session, jti: id, ...times }
  return new CompactSign(new TextEncoder().encode(JSON.stringify(body)))
    .setProtectedHeader({ alg: 'HS256', typ: type, kid: seal.signing.id })
    .sign(seal.signing.key)
}

/** The claims of one of our own tokens in its time; undefined for every other text, without saying why. */
export async function readToken({ seal, config, now }: Needs, token: string): Promise<Claims | undefined> {
  try {
    const { payload, protectedHeader } = await compactVerify(token, seal.signing.key, { algorithms: ['HS256'] })
    const header = headerOf(seal.signing.id).safeParse(protectedHeader)
    const body = bodyOf(config.PUBLIC_URL).safeParse(JSON.parse(new TextDecoder().decode(payload)))
    const at = now() / 1000
    if (!header.success || !body.success) return undefined
    const { exp, nbf, sub, sid, tenant, role } = body.data
    const isNow = at < exp + skewSeconds && at > nbf - skewSeconds
    return isNow ? { tenant, role, member: sub, session: sid } : undefined
  } catch {
    return undefined
  }
}

/** Exactly our header: a key of another name, or one that came along, is not looked for anywhere. */
const headerOf = (kid: string) => z.strictObject({ alg: z.literal('HS256'), typ: z.literal(type), kid: z.literal(kid) })

const bodyOf = (issuer: string) =>
  z.object({
    iss: z.literal(issuer),
    aud: z.literal(audience),
    sub: z.string(),
    tenant: z.string(),
    role: z.string(),
    sid: z.string(),
    jti: z.string(),
    iat: z.number(),
    nbf: z.number(),
    exp: z.number(),
  })
