import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { Agent, buildConnector, fetch as undiciFetch } from 'undici'
import { Problem } from '#server/problem.ts'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'

export type Resolve = (hostname: string) => Promise<readonly string[]>

/**
 * A fetch that reaches public addresses only (TRUST 7.2): the name is resolved once, refused when any of its addresses
 * is not public, and the connection goes to that address. No redirects, no proxy from the environment, https only,
 * except for the loopback origins (`http://127.0.0.1:4601`) that the operator listed.
 */
export function createPinnedFetch(options: {
  allowedLoopback: readonly string[]
  resolve?: Resolve
}): (request: Request) => Promise<Response> {
  const { allowedLoopback, resolve = resolveAll } = options
  const dispatcher = new Agent({
    connect: pinnedConnector(allowedLoopback, resolve),
    connections: 16,
    headersTimeout: 15_000,
    bodyTimeout: 60_000,
  })
  return async (request) => {
    const { protocol, origin } = new URL(request.url)
    if (protocol !== 'https:' && !allowedLoopback.includes(origin)) {
      throw refusal(origin, 'only https is allowed')
    }
    const answer = await undiciFetch(request.url, {
      method: request.method,
      headers: [...request.headers],
      body: request.body ? await request.arrayBuffer() : null,
      signal: request.signal,
      redirect: 'manual',
      dispatcher,
    })
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel()
      throw refusal(origin, `it redirects (${answer.status}), which is not followed`)
    }
    return new Response(isBodiless(answer.status) ? null : (answer.body as ReadableStream<Uint8Array> | null), {
      status: answer.status,
      headers: [...answer.headers],
    })
  }
}

const connectTimeoutMs = 5_000

function pinnedConnector(allowedLoopback: readonly string[], resolve: Resolve): buildConnector.connector {
  const connect = buildConnector({ timeout: connectTimeoutMs })
  return (options, callback) => {
    const origin = originOf(options)
    const accepts = allowedLoopback.includes(origin) ? isLoopbackAddress : isPublicAddress
    inTime(pin(options.hostname, origin, resolve, accepts)).then(
      (address) =>
        connect({ ...options, hostname: address, ...servername(options) }, (...[error, socket]) => {
          if (error) return callback(error, null)
          if (accepts(socket.remoteAddress ?? '')) return callback(null, socket)
          socket.destroy()
          callback(refusal(origin, 'the connection ended at another address'), null)
        }),
      (error: Error) => callback(error, null),
    )
  }
}

/** The one address to connect to. Throws when any address of the host is not acceptable. */
async function pin(
  hostname: string,
  origin: string,
  resolve: Resolve,
  accepts: (address: string) => boolean,
): Promise<string> {
  const addresses = isIP(hostname) ? [hostname] : await resolve(hostname)
  const [first] = addresses
  if (first === undefined) throw refusal(origin, 'its name has no address')
  if (!addresses.every(accepts)) throw refusal(origin, 'its name leads to a private address')
  return first
}

async function resolveAll(hostname: string): Promise<string[]> {
  return (await lookup(hostname, { all: true, order: 'ipv4first' })).map((entry) => entry.address)
}

/** The certificate is checked against the name, not the pinned address. */
const servername = (options: buildConnector.Options) =>
  options.protocol === 'https:' && !isIP(options.hostname) ? { servername: options.hostname } : {}

function originOf(options: buildConnector.Options): string {
  const host = options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname
  return new URL(`${options.protocol}//${host}:${options.port}`).origin
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the name was not resolved in time')), connectTimeoutMs)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

const isBodiless = (status: number): boolean => status === 204 || status === 205 || status === 304

const refusal = (origin: string, reason: string): Problem =>
  new Problem('invalid', `site_not_allowed: ${origin} is not called, ${reason}.`)
