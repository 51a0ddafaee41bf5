import type { Context } from 'hono'
import { probeWrite } from '#db/health.ts'
import { listPending } from '#db/migrate.ts'
import { findTick } from '#db/schedules.ts'
import { opensDataKeys } from '#db/secrets.ts'
import type { Deps } from '#server/deps.ts'
import { reasonOf } from '#server/log.ts'

const writeWithinMs = 100
const tickWithinMs = 120_000
const leastFreeDisk = 0.1

/** `GET /livez`: this program runs. */
export const getLivez = (c: Context) => c.json({ live: true })

/** `GET /readyz` (TRUST section 9): everything of ours works; ConnectWise being down does not fail it. */
export const getReadyz = (deps: Deps) => async (c: Context) => {
  const checks = {
    database: await passes(deps, () => writesFast(deps)),
    migrations: await passes(deps, async () => (await listPending(deps.db)).length === 0),
    keys: await passes(deps, () => opensDataKeys(deps.db, deps.seal)),
    tick: await passes(deps, () => tickedLately(deps)),
    disk: await passes(deps, async () => ((await deps.freeDisk?.()) ?? 1) >= leastFreeDisk),
  }
  const ready = Object.values(checks).every(Boolean)
  return c.json({ ready, checks }, ready ? 200 : 503)
}

async function passes(deps: Deps, check: () => Promise<boolean>): Promise<boolean> {
  try {
    return await check()
  } catch (error) {
    deps.log.warn('readyz.failed', { reason: reasonOf(error) })
    return false
  }
}

async function writesFast({ db, now }: Deps): Promise<boolean> {
  const before = now()
  await probeWrite(db, before)
  return now() - before <= writeWithinMs
}

async function tickedLately({ db, now, config }: Deps): Promise<boolean> {
  if (!config.TICK) return true
  const at = await findTick(db)
  return at !== undefined && now() - at < tickWithinMs
}
