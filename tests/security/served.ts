import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultLimits } from '#billing/limits.ts'
import { connectTenant } from '#db/tenants.ts'
import { readConfig } from '#server/config.ts'
import type { Deps } from '#server/deps.ts'
import { createLog } from '#server/log.ts'
import { type Running, startServer } from '#server/node/start.ts'
import { acme, givenSource, keys } from '../store/given.ts'

const publicFolder = fileURLToPath(new URL('../../public', import.meta.url))

export interface Served extends Running {
  port: number
  lines: string[]
  /** Sends bytes as they are and answers with everything that came back. */
  raw(...pieces: (string | Uint8Array)[]): Promise<string>
  /** The token of a pushing source of a connected tenant, Acme. */
  token: string
  end(): Promise<void>
}

/** The real server on a port of this machine, over a file of its own. */
export async function serve(environment: Record<string, string> = {}, given: Partial<Deps> = {}): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-security-'))
  const lines: string[] = []
  const log = createLog({ level: 'debug', now: Date.now, write: (line) => lines.push(line) })
  const variables = { PORT: '0', TICK: 'off', DATABASE_PATH: join(folder, 'trueup.db'), ...environment }
  const running = await startServer(readConfig(variables), { publicFolder, overrides: { log, ...given } })
  const { db, seal } = running.deps
  const tenant = await connectTenant(db, seal, acme, keys, { limits: defaultLimits, now: 1 })
  const { token } = await givenSource({ db, tenant: tenant.id })
  const port = Number(/"port":(\d+)/.exec(lines.join())?.[1])
  return {
    ...running,
    port,
    lines,
    raw: (...pieces) => exchange(port, pieces),
    token,
    end: async () => {
      await running.drain()
      rmSync(folder, { recursive: true })
    },
  }
}

function exchange(port: number, pieces: readonly (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => {
      for (const piece of pieces) socket.write(piece)
    })
    socket.setEncoding('utf8')
    socket.on('data', (text) => (answer += text))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
  })
}
