import type { MemberRecord } from '../records.ts'
import type { World } from '../tables.ts'
import { noClientId, unauthorized } from './refusal.ts'

interface Credentials {
  companyId: string
  clientId: string
}

/** Who asks: the API member of a key, or a logged-in member by cookies or Basic. Throws a 401 Refusal. */
export function authenticate(headers: Headers, world: World, { companyId, clientId }: Credentials): MemberRecord {
  if (headers.get('clientId')?.toLowerCase() !== clientId.toLowerCase()) throw noClientId()
  const claim = basicClaim(headers.get('authorization')) ?? cookieClaim(headers.get('cookie'))
  if (claim?.company.toLowerCase() !== companyId.toLowerCase()) throw unauthorized()
  const identifier = keyHolder(claim, world) ?? sessionHolder(claim, world)
  const member = world.members.rows().find((one) => sameText(one.identifier, identifier ?? ''))
  if (!member || member.inactiveFlag) throw unauthorized()
  return member
}

interface Claim {
  company: string
  name: string
  secret: string
  /** Cookies must carry the member's context as well. */
  context?: string
}

/** `Basic base64("company+name:secret")`, for keys and for members. */
function basicClaim(authorization: string | null): Claim | undefined {
  const encoded = authorization?.startsWith('Basic ') ? authorization.slice(6) : undefined
  if (encoded === undefined) return undefined
  const [, company = '', name = '', secret = ''] = /^([^+]*)\+([^:]*):(.*)$/.exec(decode(encoded)) ?? []
  return { company, name, secret }
}

const decode = (encoded: string): string => Buffer.from(encoded, 'base64').toString('utf8')

function cookieClaim(cookie: string | null): Claim | undefined {
  if (!cookie) return undefined
  const pairs = cookie.split(';').map((pair) => /^\s*([^=]*)=(.*)$/s.exec(pair))
  const of = (name: string) => unescaped(pairs.find((pair) => pair?.[1] === name)?.[2] ?? '')
  return { company: of('companyName'), name: of('memberId'), secret: of('memberHash'), context: of('memberContext') }
}

/** A cookie's value, which may be URL-encoded. */
function unescaped(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

function keyHolder({ name, secret, context }: Claim, world: World): string | undefined {
  const key = context === undefined ? world.keys.get(name) : undefined
  return key?.privateKey === secret ? key.member : undefined
}

function sessionHolder({ name, secret, context }: Claim, world: World): string | undefined {
  const session = world.sessions.get(secret)
  if (!session || !sameText(session.member, name)) return undefined
  return context === undefined || context === session.context ? session.member : undefined
}

const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
