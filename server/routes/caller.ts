import type { Deps } from '#server/deps.ts'
import type { Ask } from './route.ts'

/**
 * The address a request comes from, to count by: the socket's on Node, Cloudflare's word on Workers, where there is no
 * socket. A proxy before Node stands for everybody behind it, unless TRUSTED_PROXY says that all requests come through
 * one: then it is the last address of X-Forwarded-For, which the proxy itself wrote; earlier ones are the sender's word.
 */
export function callerOf({ config }: Pick<Deps, 'config'>, c: Ask): string {
  const forwarded = config.TRUSTED_PROXY ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  const address = forwarded || c.env?.incoming?.socket.remoteAddress || c.req.header('cf-connecting-ip') || ''
  return withoutPort(address)
}

/** Some proxies write the port as well, and every connection has another. */
function withoutPort(address: string): string {
  const [, six, four] = /^\[(.+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(address) ?? []
  return six ?? four ?? address
}
