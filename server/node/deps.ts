import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Effects } from '#connectwise/connectwise.ts'
import { type Credentials, testConnection } from '#connectwise/test-connection.ts'
import { migrate } from '#db/migrate.ts'
import { openSqlite, type SqliteStore } from '#db/sqlite.ts'
import { type Config, isLoopback } from '#server/config.ts'
import { createConnections } from '#server/connections.ts'
import type { Deps } from '#server/deps.ts'
import { createLog, type Log } from '#server/log.ts'
import { createMemberViews } from '#server/member-views.ts'
import { Problem } from '#server/problem.ts'
import { createUlid } from '#server/ulid.ts'
import { kinds } from '#sources/list.ts'
import { createLater } from './later.ts'
import { openSeal } from './master-key.ts'
import { readMigrations } from './migrations.ts'
import { createPinnedFetch } from './pinned-fetch.ts'

export interface NodeDeps {
  deps: Deps
  /** What a ConnectWise client needs, for testing a connection before it is stored. */
  effects: Effects
  /** The database file itself: backups, integrity checks. */
  file: SqliteStore['file']
  /** Stops what goes on after its answer at its next step, and waits until all of it has. */
  endLater(): Promise<void>
  close(): void
}

/**
 * Opens and migrates the database of this configuration and makes everything the program needs on Node. Throws a
 * Problem when the file or the master key is wrong, an Error when the database is newer than this program.
 */
export async function createNodeDeps(config: Config, overrides: Partial<Deps> = {}): Promise<NodeDeps> {
  const { now = Date.now, sleep = wait, random = Math.random } = overrides
  const log = overrides.log ?? createStdoutLog(config, now)
  const { db, file } = openFile(config, now)
  try {
    await migrate(db, readMigrations())
    const seal = await openSeal(config, db, log)
    const effects = { fetch: createFetch(config.CONNECTWISE_HOSTS), now, sleep, random, log }
    const { later, endLater } = createLater({ now, log })
    const made = {
      db,
      seal,
      config,
      ...effects,
      id: createUlid(now, randomBytes),
      sources: kinds,
      fetchSource: createFetch(config.SOURCE_HOSTS),
      connectWise: createConnections({ seal, config }, effects),
      ...createMemberViews({ seal, config }, effects),
      testConnection: (credentials: Credentials) => testConnection(credentials, effects, config.CONNECTWISE_HOSTS),
      freeDisk: () => freeShare(dirname(config.DATABASE_PATH)),
      later,
      at: () => undefined,
    }
    return { deps: { ...made, ...overrides }, effects, file, endLater, close: () => file.close() }
  } catch (error) {
    file.close()
    throw error
  }
}

function openFile({ DATABASE_PATH }: Config, now: () => number): SqliteStore {
  try {
    mkdirSync(dirname(DATABASE_PATH), { recursive: true, mode: 0o700 })
    // Customers' names are in it: only who runs TrueUp may read it, and SQLite gives its side files the same mode.
    closeSync(openSync(DATABASE_PATH, 'a', 0o600))
    return openSqlite(DATABASE_PATH, now)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it failed'
    throw new Problem('invalid', `DATABASE_PATH: expected a SQLite file that can be written, but ${reason}`)
  }
}

function createStdoutLog(config: Config, now: () => number): Log {
  return createLog({ level: config.LOG_LEVEL, now, write: (line) => process.stdout.write(`${line}\n`) })
}

const createFetch = (allowed: readonly string[]) =>
  createPinnedFetch({ allowedLoopback: allowed.filter((host) => isLoopback(new URL(host).hostname)) })

async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, signal ? { signal } : {})
  } catch (error) {
    throw signal?.reason ?? error
  }
}

async function freeShare(folder: string): Promise<number> {
  const { bavail, blocks } = await statfs(folder)
  return blocks === 0 ? 1 : bavail / blocks
}
