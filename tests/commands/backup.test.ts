import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '#db/migrate.ts'
import { openSqlite } from '#db/sqlite.ts'
import { findTenant } from '#db/tenants.ts'
import { readMigrations } from '#server/node/migrations.ts'
import { type App, startApp } from '../start.ts'
import type { Open } from '../stores.ts'
import { typer } from './given.ts'

describe('trueup backup', () => {
  let folder: string
  let app: App
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trueup-backup-'))
    const open: Open = async (clock) => {
      const { db, file } = openSqlite(join(folder, 'trueup.db'), () => clock?.now() ?? 0)
      await migrate(db, readMigrations())
      return { db, close: async () => void file.close() }
    }
    app = await startApp(open)
  })
  afterEach(async () => {
    await app.close()
    await rm(folder, { recursive: true })
  })
  const backup = (path: string, database = join(folder, 'trueup.db')) =>
    typer(app)(['backup', path, '--json'], { config: { DATABASE_PATH: database } })

  it('copies the database in use into one private file that opens alone', async () => {
    const path = join(folder, 'copy.db')
    const { exit, json } = await backup(path)
    expect({ exit, answer: json() }).toMatchObject({ exit: 0, answer: { file: path, integrity: 'ok' } })
    expect((await stat(path)).mode & 0o077).toBe(0)
    expect((await readdir(folder)).filter((name) => name.startsWith('copy'))).toEqual(['copy.db'])
    const copy = openSqlite(path, () => 0)
    expect(await findTenant(copy.db, 'acme')).toMatchObject({ id: 'acme' })
    copy.file.close()
  })

  it('writes over nothing', async () => {
    const path = join(folder, 'precious')
    await writeFile(path, 'mine')
    const { exit, json } = await backup(path)
    expect(exit).toBe(1)
    expect(json().error.message).toBe(`${path} exists already: name a new file.`)
    expect(await readFile(path, 'utf8')).toBe('mine')
  })

  it('says when there is no database, or nowhere to write, and leaves nothing behind', async () => {
    expect((await backup(join(folder, 'x.db'), join(folder, 'none.db'))).json().error.message).toContain(
      'There is no database at',
    )
    expect((await backup(join(folder, 'no', 'x.db'))).json().error.message).toContain('cannot be written')
    await writeFile(join(folder, 'torn.db'), 'no database at all')
    expect((await backup(join(folder, 'y.db'), join(folder, 'torn.db'))).exit).toBe(1)
    expect(await readdir(folder)).not.toContain('y.db')
  })
})
