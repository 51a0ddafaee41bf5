import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addOperatorCode } from '#db/operator.ts'
import { readConfig } from '#server/config.ts'
import { startServer } from '#server/node/start.ts'
import { demoWorld } from '../sandbox/demo-world.ts'
import { dayAt } from '../sandbox/manage/calendar.ts'
import { createManage, defaultKeys } from '../sandbox/manage/manage.ts'
import { startSandboxPage } from '../sandbox/page/start.ts'
import { realClock } from '../sandbox/real-clock.ts'

const publicFolder = fileURLToPath(new URL('../../dist/public', import.meta.url))

export interface Fresh {
  /** TrueUp's and the Manage page's address, and the operator's code. */
  trueup: string
  manage: string
  code: string
  stop(): Promise<void>
}

/** A TrueUp that nobody has set up, and a ConnectWise of its own beside it. */
export async function startFresh(port: number): Promise<Fresh> {
  const manage = createManage({ clock: realClock, world: demoWorld(dayAt('UTC', Date.now())) })
  const page = await startSandboxPage(manage, Date.now)
  const folder = mkdtempSync(join(tmpdir(), 'trueup-fresh-'))
  const config = readConfig({
    PORT: String(port),
    LOG_LEVEL: 'error',
    TICK: 'off',
    DATABASE_PATH: join(folder, 'trueup.db'),
    MASTER_KEY: randomBytes(32).toString('base64'),
    CONNECTWISE_HOSTS: page.origin,
    CONNECTWISE_CLIENT_ID: defaultKeys.clientId,
  })
  const { deps, address, drain } = await startServer(config, { publicFolder })
  const code = await addOperatorCode(deps.db, deps.now())
  const stop = async () => {
    await drain()
    await page.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { trueup: address, manage: page.origin, code, stop }
}
