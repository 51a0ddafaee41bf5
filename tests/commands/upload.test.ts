import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findNewestSnapshot } from '#db/snapshots.ts'
import { findSource } from '#db/sources.ts'
import { startApp } from '../start.ts'
import { type Open, onSqlite, openMemory } from '../stores.ts'
import { typer } from './given.ts'

const folder = mkdtempSync(join(tmpdir(), 'trueup-upload-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(text: string): string {
  const path = join(folder, 'users.csv')
  writeFileSync(path, text)
  return path
}

async function givenFiles(open: Open) {
  const app = await startApp(open)
  const type = typer(app)
  const { json } = await type('sources add csv --tenant acme --name Files --json')
  const { source } = json() as { source: string }
  return { app, type, source, newest: () => findNewestSnapshot(app.scope, source) }
}

const good = 'Customer ID;Customer;Users\nA-17;Contoso Ltd;12\nA-18;Fabrikam;1.203\nA-19;Northwind;2,5\n'

onSqlite((open) => {
  it('sources upload prints what a file says, and stores it with --yes only', async () => {
    const { app, type, newest } = await givenFiles(open)
    const file = fileOf(good)
    const preview = await type(['sources', 'upload', 'Files', file, '--tenant', 'acme'])
    expect(preview.exit).toBe(2)
    expect(preview.out).toContain('1217.5 users of 3 accounts')
    expect(preview.out).toMatch(/decimals after +,/)
    expect(preview.out).toContain('Nothing is stored yet: add --yes to store it.')
    expect(await newest()).toBeUndefined()
    const stored = await type(['sources', 'upload', 'Files', file, '--tenant', 'acme', '--yes', '--json'])
    expect(stored.exit).toBe(0)
    expect(stored.json()).toMatchObject({
      complete: true,
      columns: { account: 'Customer ID', quantity: 'Users' },
      stored: { accounts: 3, readings: 3 },
    })
    expect(await newest()).toMatchObject({ period: '2026-11', complete: true, accountCount: 3 })
    await app.close()
  })
})

describe('trueup sources upload', () => {
  it('stores good rows beside bad ones only when told so, and then as partial', async () => {
    const { app, type, newest } = await givenFiles(openMemory)
    const file = fileOf(`${good}A-20;Adventure;-1\n`)
    const line = ['sources', 'upload', 'Files', file, '--tenant', 'acme', '--yes']
    const refused = await type(line)
    expect([refused.exit, refused.out.includes('row 5: Quantity must not be negative')]).toEqual([1, true])
    expect(await newest()).toBeUndefined()
    expect((await type([...line, '--skip-bad-rows'])).exit).toBe(0)
    expect(await newest()).toMatchObject({ complete: false, accountCount: 3 })
    await app.close()
  })

  it('takes month, day, columns, decimals and completeness as they are typed', async () => {
    const { app, type, newest, source } = await givenFiles(openMemory)
    const file = fileOf('Wer|Was\nContoso|1.234\n')
    const line = ['sources', 'upload', source, file, '--tenant', 'acme', '--yes', '--json']
    expect((await type(line)).json().questions).toHaveLength(2)
    const columns = ['--column', 'name=Wer', '--column', 'quantity=Was', '--metric', 'seats']
    expect((await type([...line, ...columns])).json().questions).toEqual([
      { path: 'decimal', message: 'Row 2 says 1.234: is that 1.234 or 1234?' },
    ])
    const more = ['--decimal', ',', '--period', '2026-10', '--taken-on', '2026-10-31', '--partial']
    expect((await type([...line, ...columns, ...more])).exit).toBe(0)
    expect(await newest()).toMatchObject({
      period: '2026-10',
      complete: false,
      takenAt: Date.parse('2026-10-31T23:59:59Z'),
    })
    expect((await findSource(app.scope, source))?.settings).toMatchObject({ metric: 'seats', 'column-name': 'Wer' })
    await app.close()
  })

  it.each([
    ['--column foo=Customer', 64],
    ['--column name=Nobody', 64],
    ['--column name', 64],
    ['--decimal x', 64],
    ['--period november', 64],
    ['--kind seats', 64],
    ['--taken-on 2026-02-30', 64],
    ['--taken-on 2026-11-18 --yes', 1],
  ])('refuses %s', async (option, exit) => {
    const { app, type } = await givenFiles(openMemory)
    const line = ['sources', 'upload', 'Files', fileOf(good), '--tenant', 'acme', ...option.split(' ')]
    expect((await type(line)).exit).toBe(exit)
    await app.close()
  })

  it('begins with what sources add was told of its columns, and refuses what it cannot be told', async () => {
    const { app, type } = await givenFiles(openMemory)
    const add = ['sources', 'add', 'csv', '--tenant', 'acme', '--name', 'Odd', '--setting']
    expect((await type([...add, 'column-seats=Was'])).exit).toBe(64)
    expect((await type([...add, 'kind=seats'])).exit).toBe(64)
    const added = await type([
      ...add,
      'column-name=Wer',
      '--setting',
      'column-quantity=Was',
      '--setting',
      'metric=seats',
    ])
    expect([added.exit, added.out.includes('token')]).toEqual([0, false])
    const read = await type(['sources', 'upload', 'Odd', fileOf('Wer,Was\nContoso,3\n'), '--tenant', 'acme'])
    expect([read.exit, read.out.includes('3 seats of 1 account')]).toEqual([2, true])
    await app.close()
  })

  it('refuses a source that files are not uploaded to, and a file that is not there', async () => {
    const { app, type } = await givenFiles(openMemory)
    const pushed = await type(['sources', 'upload', 'src', fileOf(good), '--tenant', 'acme'])
    expect([pushed.exit, pushed.err]).toEqual([1, 'Platform is not a source that files are uploaded to.\n'])
    const missing = await type('sources upload Files /nowhere.csv --tenant acme')
    expect([missing.exit, missing.err]).toEqual([1, '/nowhere.csv cannot be read: there is no such file or folder.\n'])
    await app.close()
  })
})
