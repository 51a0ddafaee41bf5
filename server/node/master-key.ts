import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Db } from '#db/db.ts'
import { createSeal, type Seal } from '#db/seal.ts'
import { opensDataKeys } from '#db/secrets.ts'
import { type Config, isMasterKey } from '#server/config.ts'
import type { Log } from '#server/log.ts'
import { Problem } from '#server/problem.ts'

/**
 * The seal of MASTER_KEY, else of `master.key` beside the database, which is made once for a database that has nothing
 * sealed yet. Throws a Problem when the key is not the one this database was sealed with.
 */
export async function openSeal(config: Config, db: Db, log: Log): Promise<Seal> {
  const path = join(dirname(config.DATABASE_PATH), 'master.key')
  const known = config.MASTER_KEY ?? readKey(path, log)
  const seal = createSeal(known ?? randomBytes(32).toString('base64'))
  if (!(await opensDataKeys(db, seal)))
    throw new Problem('invalid', `MASTER_KEY: expected the key this database was sealed with, also kept in ${path}`)
  return known === undefined ? createSeal(makeKey(path, log)) : seal
}

function readKey(path: string, log: Log): string | undefined {
  const key = readIfThere(path)
  if (key === undefined) return undefined
  if (!isMasterKey(key)) throw new Problem('invalid', `${path} does not hold 32 random bytes in base64.`)
  if ((statSync(path).mode & 0o077) !== 0) log.warn('master-key.readable', { reason: `others can read ${path}` })
  return key
}

/** Linked into place whole: of two processes at once, one makes the key and both use it. */
function makeKey(path: string, log: Log): string {
  const mine = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(mine, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(mine, path)
    log.warn('master-key.made', { reason: `MASTER_KEY is not set: made ${path}; keep a copy apart from the database` })
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(mine)
  }
  return readFileSync(path, 'utf8').trim()
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
