import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startApp } from '../start.ts'
import { openMemory } from '../stores.ts'
import { typer } from './given.ts'

const folder = mkdtempSync(join(tmpdir(), 'trueup-files-'))
const app = await startApp(openMemory)
const type = typer(app)

afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true })
})

const inFolder = (name: string, content: string | Buffer) => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('a file somebody names', () => {
  it.each([
    ['there is none', join(folder, 'none.json'), 'cannot be read: there is no such file or folder.'],
    ['it is a folder', folder, 'cannot be read: it is a folder.'],
    [
      'PowerShell wrote it',
      inFolder('utf16.json', Buffer.from('\ufeff[]', 'utf16le')),
      'is not UTF-8 text: save it as',
    ],
    ['it is Latin-1', inFolder('latin.json', Buffer.from('["Plätform"]', 'latin1')), 'is not UTF-8 text: save it as'],
  ])('is refused with its path and the reason when %s', async (_, path, sentence) => {
    const { exit, err } = await type(['mappings', 'import', '--tenant', 'acme', path])
    expect(exit).toBe(1)
    expect(err).toContain(`${path} ${sentence}`)
  })

  it('that cannot be written is named with the reason', async () => {
    const path = join(folder, 'no', 'x.json')
    const { exit, err } = await type(['mappings', 'export', '--tenant', 'acme', path])
    expect({ exit, err }).toEqual({ exit: 1, err: `${path} cannot be written: there is no such file or folder.\n` })
  })
})
