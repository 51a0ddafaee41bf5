import { existsSync } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import Database from 'better-sqlite3'
import { Problem } from '#server/problem.ts'
import type { Command } from './command.ts'
import { codeOf, whyNoFile } from './files.ts'

export const backupCommand: Command = {
  name: 'backup',
  about: 'Copy the database to a new file while it is in use, and check the copy.',
  arguments: [{ value: 'FILE', about: 'a file that does not exist yet' }],
  options: {},
  async run(call) {
    const path = call.argument(0) ?? ''
    const from = call.outside.config().DATABASE_PATH
    if (!existsSync(from)) throw new Problem('not_found', `There is no database at ${from}.`)
    const started = call.outside.now()
    await reserve(path)
    try {
      await copy(from, path)
      check(path)
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
    const { size } = await stat(path)
    const ms = call.outside.now() - started
    call.print(
      { file: path, bytes: size, ms, integrity: 'ok' },
      [
        `Copied ${(size / 1e6).toFixed(1)} MB to ${path} in ${(ms / 1000).toFixed(1)} s; the copy is intact.`,
        'Keep the master key apart from it: without that key nothing sealed in it can be read.',
      ].join('\n'),
    )
    return 0
  },
}

/** Nobody else may read the copy, and an existing file is never written over. */
async function reserve(path: string): Promise<void> {
  try {
    await (await open(path, 'wx', 0o600)).close()
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new Problem('conflict', `${path} exists already: name a new file.`)
    throw new Problem('invalid', `${path} cannot be written: ${whyNoFile(error)}.`)
  }
}

async function copy(from: string, to: string): Promise<void> {
  const source = new Database(from, { readonly: true, fileMustExist: true, timeout: 5000 })
  try {
    await source.backup(to)
  } finally {
    source.close()
  }
}

/** Leaves the write-ahead log, so that the one file is the whole copy. */
function check(path: string): void {
  const made = new Database(path)
  try {
    const result = made.pragma('integrity_check', { simple: true })
    if (result !== 'ok') throw new Problem('broken', `The copy is damaged and was removed: ${result}.`)
    made.pragma('journal_mode = DELETE')
  } finally {
    made.close()
  }
}
