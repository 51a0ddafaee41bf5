import { fileURLToPath } from 'node:url'
import { type ServerType, serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import type { Deps } from './deps.ts'
import { reasonOf } from './log.ts'
import { createNodeDeps } from './node/deps.ts'
import { endWell } from './node/shutdown.ts'
import { startTicking } from './node/ticking.ts'
import { Problem } from './problem.ts'

const publicFolder = fileURLToPath(new URL('../public', import.meta.url))

async function start(): Promise<void> {
  const config = readConfig(process.env)
  const { deps, close } = await createNodeDeps(config)
  const server = listen(deps)
  const stopTicking = config.TICK ? startTicking(deps) : async () => undefined
  endWell(deps.log, async () => {
    await Promise.all([stopListening(server), stopTicking()])
    close()
  })
}

function listen(deps: Deps): ServerType {
  const { HOST, PORT } = deps.config
  const app = createApp(deps, serveStatic({ root: publicFolder }))
  const serverOptions = { requestTimeout: 60_000, headersTimeout: 15_000 }
  return serve({ fetch: app.fetch, hostname: HOST, port: PORT, serverOptions }, ({ port }) =>
    deps.log.info('server.listening', { port, settings: settingsOf(deps.config) }),
  )
}

const settingsOf = ({ MASTER_KEY, CONNECTWISE_CLIENT_ID, CONNECTWISE_HOSTS, ...config }: Config) => ({
  ...config,
  MASTER_KEY: MASTER_KEY ? 'given' : 'from its file',
  CONNECTWISE_CLIENT_ID: CONNECTWISE_CLIENT_ID ? 'given' : 'none',
  CONNECTWISE_HOSTS: CONNECTWISE_HOSTS.join(','),
})

async function stopListening(server: ServerType): Promise<void> {
  await new Promise((resolve) => server.close(resolve))
}

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Problem ? error.message : reasonOf(error)}\n`)
  process.exit(1)
})
