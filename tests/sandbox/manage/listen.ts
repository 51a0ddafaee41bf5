import type { AddressInfo } from 'node:net'
import { type HttpBindings, serve } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Manage } from './manage.ts'

export interface Listening {
  origin: string
  close(): Promise<void>
}

/** Serves a sandbox on a port of this machine, 0 for any; a lost request drops its connection. */
export async function listen(manage: Pick<Manage, 'fetch'>, port = 0, hostname = '127.0.0.1'): Promise<Listening> {
  const answer = async (request: Request, { incoming }: HttpBindings) => {
    try {
      return await manage.fetch(request)
    } catch {
      incoming.socket.destroy()
      return RESPONSE_ALREADY_SENT
    }
  }
  const address = await new Promise<AddressInfo & { stop: () => Promise<void> }>((resolve) => {
    const options = { fetch: (request: Request, env: unknown) => answer(request, env as HttpBindings), port, hostname }
    const server = serve({ ...options, overrideGlobalObjects: false }, (info) => resolve({ ...info, stop }))
    const stop = () =>
      new Promise<void>((stopped) => {
        server.close(() => stopped())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
  })
  return { origin: `http://${hostname}:${address.port}`, close: address.stop }
}
