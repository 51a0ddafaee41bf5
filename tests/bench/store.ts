import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '#db/migrate.ts'
import { openSqlite } from '#db/sqlite.ts'
import { readMigrations } from '#server/node/migrations.ts'
import { createClock } from '../clock.ts'
import type { OpenStore } from '../stores.ts'

/** A fresh database file, which goes away when it is closed. */
export async function openFile(clock = createClock(0)): Promise<OpenStore> {
  const folder = await mkdtemp(join(tmpdir(), 'trueup-bench-'))
  const { db, file } = openSqlite(join(folder, 'trueup.db'), clock.now)
  await migrate(db, readMigrations())
  const close = async () => {
    file.close()
    await rm(folder, { recursive: true })
  }
  return { db, close }
}
