import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { SqliteRemoteDatabase } from 'drizzle-orm/sqlite-proxy'
import type { TenantId } from './schema.ts'

/**
 * The one async face over better-sqlite3 and D1. There are no interactive transactions: writes are values gathered and
 * saved in one `batch`, and work is claimed by a conditional `UPDATE … RETURNING`.
 */
export interface Db
  extends Pick<
    SqliteRemoteDatabase,
    'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'all' | 'get' | 'run' | 'batch'
  > {
  /** The store's clock in epoch milliseconds, for leases: processes may disagree on the time, the store does not. */
  readonly clock: SQL<number>
}

export type Statement = BatchItem<'sqlite'>

/** The database seen by one tenant. Every query of a tenant's data takes it first. */
export interface Scope {
  readonly db: Db
  readonly tenant: TenantId
}

/** Saves all statements or none. */
export async function save(db: Db, statements: readonly Statement[]): Promise<void> {
  const [first, ...rest] = statements
  if (first) await db.batch([first, ...rest])
}

/** `column in (values)` with one bound parameter, however many values (D1 allows 100 a statement). */
export function isIn(column: SQLiteColumn | SQL, values: readonly (string | number)[]): SQL {
  return sql`${column} in (select value from json_each(${JSON.stringify(values)}))`
}

const bytesPerStatement = 500_000

/**
 * Insert statements for any number of rows, one bound parameter each. With `replace`, a row whose key exists
 * takes the new values of all columns but `keep`, unless it is another tenant's or not such a one; with `ignore` it
 * stays as it is.
 * `onlyIf` is asked when it is saved.
 */
export function insertMany<T extends SQLiteTable>(
  db: Db,
  table: T,
  rows: readonly T['$inferInsert'][],
  options: {
    replace?: { key: readonly SQLiteColumn[]; keep?: readonly SQLiteColumn[]; onlyIf?: SQL }
    ignore?: boolean
    onlyIf?: SQL
  } = {},
): Statement[] {
  const { replace } = options
  const columns = Object.entries(getTableColumns(table))
  const names = columns.map(([, column]) => sql.identifier(snake(column.name)))
  const picks = columns.map((_, i) => sql.raw(`value ->> ${i}`))
  const updates = replace
    ? columns
        .filter(([, column]) => ![...replace.key, ...(replace.keep ?? [])].includes(column))
        .map(
          ([, column]) => sql`${sql.identifier(snake(column.name))} = excluded.${sql.identifier(snake(column.name))}`,
        )
    : []
  const conflict = replace
    ? sql` on conflict (${sql.join(
        replace.key.map((c) => sql.identifier(snake(c.name))),
        sql`, `,
      )}) do update set ${sql.join(updates, sql`, `)}${ofSameTenant(columns)}${replace.onlyIf ? sql` and ${replace.onlyIf}` : sql``}`
    : options.ignore
      ? sql` on conflict do nothing`
      : sql``
  return chunks(rows.map((row) => driverValues(columns, row as Record<string, unknown>))).map((chunk) =>
    db.run(
      sql`insert into ${table} (${sql.join(names, sql`, `)}) select ${sql.join(picks, sql`, `)} from json_each(${`[${chunk.join(',')}]`}) where ${options.onlyIf ?? sql`true`}${conflict}`,
    ),
  )
}

function ofSameTenant(columns: readonly [string, SQLiteColumn][]): SQL {
  const tenant = columns.find(([name]) => name === 'tenantId')?.[1]
  return tenant ? sql` where ${tenant} = excluded.tenant_id` : sql``
}

function driverValues(columns: [string, SQLiteColumn][], row: Record<string, unknown>): string {
  return JSON.stringify(
    columns.map(([name, column]) => {
      const value = row[name] ?? column.default
      return value === undefined || value === null ? null : column.mapToDriverValue(value)
    }),
  )
}

/** Texts in groups that are small enough for one statement. */
export function chunks(texts: readonly string[]): string[][] {
  const result: string[][] = []
  let size = bytesPerStatement
  for (const text of texts) {
    if (size + text.length > bytesPerStatement) {
      result.push([])
      size = 0
    }
    result.at(-1)?.push(text)
    size += text.length
  }
  return result
}

/** Column names are written in camel case in the schema and stored in snake case. */
function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
