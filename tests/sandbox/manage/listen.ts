import { once } from 'node:events'
import type { Server } from 'node:http'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Manage } from './manage.ts'

export interface Listening {
  origin: string
  close(): Promise<void>
}

/** Serves a sandbox on a port of this machine, 0 for any free one; a lost request drops its connection. */
export async function listen(manage: Pick<Manage, 'fetch'>, port = 0, hostname = '127.0.0.1'): Promise<Listening> {
  const answer = async (request: Request, { incoming }: HttpBindings) => {
    try {
      return await manage.fetch(request)
    } catch {
      incoming.socket.destroy()
      return RESPONSE_ALREADY_SENT
    }
  }
  const fetch = (request: Request, env: unknown) => answer(request, env as HttpBindings)
  const server = createAdaptorServer({ fetch, overrideGlobalObjects: false }) as Server
  server.listen(port, hostname)
  await once(server, 'listening')
  const address = server.address()
  const chosen = typeof address === 'object' && address ? address.port : port
  return { origin: `http://${hostname}:${chosen}`, close: () => stop(server) }
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
