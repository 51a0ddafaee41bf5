import { ConnectionProblem } from './connection-problem.ts'

export interface Site {
  /** Web origin. */
  site: string
  apiOrigin: string
}

/** ConnectWise's own cloud: web host → API host. */
const cloudHosts: ReadonlyMap<string, string> = new Map(
  [
    'na.myconnectwise.net',
    'eu.myconnectwise.net',
    'au.myconnectwise.net',
    'aus.myconnectwise.net',
    'za.myconnectwise.net',
    'staging.connectwisedev.com',
  ].map((host) => [host, `api-${host}`]),
)

/**
 * The origins to call for the site a person typed, with or without `https://`. Only ConnectWise's cloud hosts and the
 * operator's own `allowedOrigins` pass, exactly as they are written there (TRUST 7.2). Throws a ConnectionProblem otherwise.
 */
export function parseSite(text: string, allowedOrigins: readonly string[]): Site {
  const origin = text.includes('://') ? text : `https://${text}`
  if (allowedOrigins.includes(origin)) return { site: origin, apiOrigin: origin }
  const host = origin.startsWith('https://') ? origin.slice('https://'.length) : ''
  const webHost = webHostOf(host)
  if (webHost) return { site: `https://${webHost}`, apiOrigin: `https://${cloudHosts.get(webHost)}` }
  throw notAllowed(text, allowedOrigins)
}

/** The cloud's web host, also for somebody who typed its API host. */
const webHostOf = (host: string): string | undefined =>
  [...cloudHosts].find(([web, api]) => host === web || host === api)?.[0]

function notAllowed(text: string, allowedOrigins: readonly string[]): ConnectionProblem {
  // What stands before an @ may be a password.
  const typed = JSON.stringify(text.replace(/^.*@/s, '…@').slice(0, 80))
  const meant = nearest(text, allowedOrigins)
  const choices = [...cloudHosts.keys(), ...allowedOrigins].join(', ')
  return new ConnectionProblem(
    'invalid',
    `site_not_allowed: ${typed} is not a ConnectWise site that may be called.`,
    meant
      ? `Use ${meant}, the host alone.`
      : `Use the host of the ConnectWise login page: ${choices}. Another one must first be allowed in CONNECTWISE_HOSTS.`,
  )
}

/** The host somebody meant who typed more than that, such as a whole address. */
function nearest(text: string, allowedOrigins: readonly string[]): string | undefined {
  const address = text.includes('://') ? text : `https://${text}`
  if (!URL.canParse(address)) return undefined
  const { origin, protocol, hostname, username, port } = new URL(address)
  if (username === '' && allowedOrigins.includes(origin)) return origin
  return protocol === 'https:' && username === '' && port === '' ? webHostOf(hostname) : undefined
}
