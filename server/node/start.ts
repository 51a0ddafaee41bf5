import { once } from 'node:events'
import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { createApp } from '#server/app.ts'
import type { Config } from '#server/config.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { compressed } from './compressed.ts'
import { createNodeDeps, type NodeDeps } from './deps.ts'
import { releaseOf, serveFiles } from './files.ts'
import { startTicking } from './ticking.ts'

export interface Running extends NodeDeps {
  /** Where it listens: `http://127.0.0.1:4600`. */
  address: string
  /** Takes no further request or work, ends what is under way and closes the database. */
  drain(): Promise<void>
}

/** The server of this configuration: it listens and ticks. Throws a Problem when its port is taken. */
export async function startServer(
  config: Config,
  options: { publicFolder: string; overrides?: Partial<Deps>; tickEveryMs?: number },
): Promise<Running> {
  const release = releaseOf(options.publicFolder)
  const node = await createNodeDeps(config, { release, ...options.overrides })
  const { deps, close } = node
  const app = createApp(deps, serveFiles(options.publicFolder, release))
  const server = createAdaptorServer({
    fetch: compressed(app.fetch),
    serverOptions: { requestTimeout: 60_000, headersTimeout: 15_000 },
  }) as Server
  const port = await listen(server, config).catch((error: unknown) => {
    close()
    throw error
  })
  deps.log.info('server.listening', { port, settings: settingsOf(config) })
  const stopTicking = config.TICK ? startTicking(deps, options.tickEveryMs) : async () => undefined
  const drain = async () => {
    await Promise.all([stopListening(server).then(node.endLater), stopTicking(), node.endLater()])
    close()
  }
  return { ...node, address: config.PUBLIC_URL.replace(/:0$/, `:${port}`), drain }
}

async function listen(server: Server, { HOST, PORT }: Config): Promise<number> {
  server.listen(PORT, HOST)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw takenOr(error, HOST, PORT)
  }
  const address = server.address()
  return typeof address === 'object' && address ? address.port : PORT
}

const takenOr = (error: unknown, host: string, port: number): unknown =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    ? new Problem('conflict', `PORT: ${port} of ${host} is taken; stop what listens there or choose another.`)
    : error

const settingsOf = ({ MASTER_KEY, CONNECTWISE_CLIENT_ID, CONNECTWISE_HOSTS, SOURCE_HOSTS, ...config }: Config) => ({
  ...config,
  MASTER_KEY: MASTER_KEY ? 'given' : 'from its file',
  CONNECTWISE_CLIENT_ID: CONNECTWISE_CLIENT_ID ? 'given' : 'none',
  CONNECTWISE_HOSTS: CONNECTWISE_HOSTS.join(','),
  SOURCE_HOSTS: SOURCE_HOSTS.join(','),
})

async function stopListening(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve))
}
