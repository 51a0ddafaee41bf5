import type { Connection } from './connection.ts'

/** What a member's browser holds: it lets us ask as them, and says nothing of who they are until ConnectWise does. */
export interface MemberAuthentication {
  member: string
  hash: string
  context: string
}

/** One tenant's ConnectWise without its keys. */
export type Instance = Omit<Connection, 'publicKey' | 'privateKey'>

/** One way to ask as a member: where, and with which header (FACTS 2, U9). */
export interface Form {
  origin: string
  headers(as: MemberAuthentication): Record<string, string>
}

/** Cookies at the web host, cookies at the API host, Basic: in the order they are tried. */
export function formsOf({ site, apiOrigin, companyId }: Instance): Form[] {
  const cookies = ({ member, hash, context }: MemberAuthentication) => {
    const pairs = { companyName: companyId, memberId: member, memberHash: hash, memberContext: context }
    const texts = Object.entries(pairs).map(([name, value]) => `${name}=${cookieValue(value)}`)
    return { cookie: texts.join('; ') }
  }
  const basic = ({ member, hash }: MemberAuthentication) => ({
    authorization: `Basic ${base64(`${companyId}+${member}:${hash}`)}`,
  })
  const origins = [...new Set([site, apiOrigin])]
  return [...origins.map((origin) => ({ origin, headers: cookies })), { origin: apiOrigin, headers: basic }]
}

/** As it is where a cookie may hold it, else URL-encoded, so that no value can end its own cookie. */
const cookieValue = (text: string): string =>
  /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(text) ? text : encodeURIComponent(text)

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
