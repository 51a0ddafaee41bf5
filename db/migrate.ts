import { sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { type Db, save } from './db.ts'
import journal from './migrations/meta/_journal.json' with { type: 'json' }
import { sha256 } from './sha256.ts'

/** One file of `db/migrations`. */
export interface Migration {
  /** The file's name, `0000_initial.sql`. */
  name: string
  sql: string
}

/** The migrations this program knows, oldest first. */
export const migrationNames: readonly string[] = journal.entries.map((entry) => `${entry.tag}.sql`)

/** Kept by `migrate` here and by wrangler in production on D1, where `checksum` does not exist. */
const migrations = sqliteTable('migrations', {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull().unique(),
  checksum: text().notNull(),
})

/**
 * Brings the schema up to date, forward only, each migration in one transaction, and returns the names it applied.
 * Throws when the database is newer than this program or a migration was changed after it was applied.
 */
export async function migrate(db: Db, known: readonly Migration[]): Promise<string[]> {
  await db.run(sql`create table if not exists ${migrations} (
    id integer primary key autoincrement, name text not null unique, checksum text not null,
    applied_at timestamp default current_timestamp not null)`)
  refuseNewer(await listApplied(db), known)
  const done: string[] = []
  for (const migration of known) if (await applyOnce(db, migration)) done.push(migration.name)
  return done
}

/** The migrations known here that the database still lacks. Throws when it has none of our tables. */
export async function listPending(db: Db): Promise<string[]> {
  const applied = await listApplied(db)
  return migrationNames.filter((name) => !applied.includes(name))
}

async function listApplied(db: Db): Promise<string[]> {
  return (await db.select({ name: migrations.name }).from(migrations)).map((row) => row.name)
}

function refuseNewer(applied: readonly string[], known: readonly Migration[]): void {
  const unknown = applied.filter((name) => !known.some((migration) => migration.name === name))
  if (unknown.length > 0)
    throw new Error(
      `The database was written by a newer TrueUp (${unknown.join(', ')}). Start that version or restore.`,
    )
}

/** The row is inserted first, so of two processes at once the slower one's transaction fails and changes nothing. */
async function applyOnce(db: Db, { name, sql: text }: Migration): Promise<boolean> {
  const checksum = sha256(text)
  if (await isApplied(db, name, checksum)) return false
  try {
    const steps = text.split('--> statement-breakpoint').map((step) => db.run(sql.raw(step)))
    await save(db, [db.insert(migrations).values({ name, checksum }), ...steps])
    return true
  } catch (cause) {
    if (await isApplied(db, name, checksum)) return false
    throw cause
  }
}

async function isApplied(db: Db, name: string, checksum: string): Promise<boolean> {
  const [row] = await db
    .select({ checksum: migrations.checksum })
    .from(migrations)
    .where(sql`${migrations.name} = ${name}`)
  if (row && row.checksum !== checksum) throw new Error(`Migration ${name} was changed after it was applied.`)
  return row !== undefined
}
