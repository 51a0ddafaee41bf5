import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Migration, migrationNames } from '#db/migrate.ts'

/** The package's import map finds the files from the sources and from `dist` alike. */
const { resolve } = createRequire(import.meta.url)

/** The migrations as files beside the program; a Worker's are applied by wrangler. */
export function readMigrations(): Migration[] {
  return migrationNames.map((name) => ({ name, sql: readFileSync(resolve(`#db/migrations/${name}`), 'utf8') }))
}
