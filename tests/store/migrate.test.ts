import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { listPending, migrate, migrationNames } from '#db/migrate.ts'
import { ticks } from '#db/schema.ts'
import { openSqlite } from '#db/sqlite.ts'
import { readMigrations } from '#server/node/migrations.ts'
import { eachStore } from '../stores.ts'

const extra = {
  name: '9999_extra.sql',
  sql: 'create table extra (a text);--> statement-breakpoint\ncreate table more (a text);',
}

eachStore((open) => {
  it('has every migration after the first start and applies none at the second', async () => {
    const { db } = await open()
    expect(await listPending(db)).toEqual([])
    expect(await migrate(db, readMigrations())).toEqual([])
  })

  it('refuses a migration that was changed after it was applied', async () => {
    const { db } = await open()
    const changed = readMigrations().map((migration) => ({ ...migration, sql: `${migration.sql} ` }))
    await expect(migrate(db, changed)).rejects.toThrow(`${migrationNames[0]} was changed`)
  })

  it('leaves nothing behind of a migration that fails in its second step', async () => {
    const { db } = await open()
    const broken = {
      name: '9998_broken.sql',
      sql: 'create table half (a text);--> statement-breakpoint\ncreate nonsense;',
    }
    await expect(migrate(db, [...readMigrations(), broken])).rejects.toThrow()
    await expect(db.run(sql`select * from half`)).rejects.toThrow()
    expect(await migrate(db, readMigrations())).toEqual([])
  })

  it('saves all statements of a batch or none', async () => {
    const { db } = await open()
    const twice = [db.insert(ticks).values({ id: 'a', at: 1 }), db.insert(ticks).values({ id: 'a', at: 2 })]
    await expect(save(db, twice)).rejects.toThrow()
    expect(await db.select().from(ticks)).toEqual([])
  })
})

it('refuses a database that a newer version wrote', async () => {
  const { db } = openSqlite(':memory:', () => 0)
  await migrate(db, [...readMigrations(), extra])
  await expect(migrate(db, readMigrations())).rejects.toThrow('newer TrueUp (9999_extra.sql)')
})

it('applies each migration once when two processes start on one file', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'trueup-')), 'trueup.db')
  const stores = [openSqlite(path, () => 0), openSqlite(path, () => 0)]
  const applied = await Promise.all(stores.map(({ db }) => migrate(db, [...readMigrations(), extra])))
  expect(applied.flat().sort()).toEqual([...migrationNames, extra.name])
})
