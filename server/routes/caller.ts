import type { Ask } from './route.ts'

/**
 * The address a request comes from, to count by: the socket's on Node, Cloudflare's word on Workers, where there is no
 * socket. A proxy before Node stands for everybody behind it.
 */
export const callerOf = (c: Ask): string =>
  c.env?.incoming?.socket.remoteAddress ?? c.req.header('cf-connecting-ip') ?? ''
