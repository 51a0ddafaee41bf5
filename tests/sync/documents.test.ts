import { afterEach, expect, it } from 'vitest'
import type { DataSwitches } from '#billing/data.ts'
import { plainData } from '#billing/data.ts'
import { save } from '#db/db.ts'
import { listDocuments } from '#db/documents.ts'
import { brokenAt, listLedger } from '#db/ledger.ts'
import { listLogs } from '#db/logs.ts'
import { saveMappings } from '#db/mappings.ts'
import { findRun } from '#db/runs.ts'
import { sources } from '#db/schema.ts'
import { type Contoso, givenContoso, killSwitchStatements } from '../given.ts'
import { reset, status, throttle429 } from '../sandbox/manage/faults.ts'
import { allRights } from '../sandbox/manage/rights.ts'
import type { App } from '../start.ts'
import { eachStore, type Open, openMemory } from '../stores.ts'
import { horizon } from './tools.ts'

const ann = { id: 'u1', name: 'Lee, "Ann"', email: 'ann@contoso.example', services: ['training', 'phishing'] }
const bob = { id: '=2', name: '+Bob', email: '', services: ['=cmd', '-1'] }
const upload = { method: 'POST', path: /system\/documents/ }

/** Switches on what is written of the source. */
const switchOn = ({ scope }: App, data: Partial<DataSwitches>) =>
  save(scope.db, [scope.db.update(sources).set({ data: { ...plainData, ...data } })])

const uploads = ({ manage }: App) =>
  manage.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/system/documents'))
const attached = ({ world }: App) =>
  world.documents.rows().map(({ id, title, fileName, recordId, publicFlag }) => {
    const text = new TextDecoder().decode(world.files.get(id))
    return { title, fileName, recordId, publicFlag, lines: text.split('\r\n').slice(1, -1) }
  })
const warnings = (app: App) =>
  listLogs(app.scope, { since: 0, level: 'warning', readable: 'all' }, { size: 9, number: 1 })

let app: Contoso | undefined
afterEach(() => app?.close())

const givenUsers = async (users: object[] = [ann], open: Open = openMemory) => {
  const made = await givenContoso(open, users.length)
  app = made
  await switchOn(made, { userList: true })
  await made.say({ 'A-17': { users: users as never } })
  return made
}

eachStore((open) => {
  it('S8, FILE 1–6: attaches who was counted as a private CSV that is safe for spreadsheets, and only when it changed', async () => {
    const app = await givenUsers([ann, bob], open)
    const run = await app.sync()
    expect(run).toMatchObject({ state: 'done', changes: { unchanged: 1 } })
    expect(attached(app)).toEqual([
      {
        title: 'Users Platform 2026-11',
        fileName: 'trueup-users-A-17-2026-11.csv',
        recordId: 87,
        publicFlag: false,
        lines: [
          `A-17,Account A-17,u1,"Lee, ""Ann""",ann@contoso.example,training;phishing,yes,`,
          `A-17,Account A-17,'=2,'+Bob,,'=cmd;'-1,yes,`,
        ],
      },
    ])
    expect((await findRun(app.scope, run.run))?.beside?.lists).toEqual({ attached: 1, failed: 0 })
    await app.sync()
    expect(uploads(app)).toHaveLength(1)

    await app.say({ 'A-17': { users: [ann] as never } })
    await app.sync()
    expect(uploads(app).map(({ path }) => path)).toEqual(['/system/documents', '/system/documents/1'])
    expect(attached(app).map(({ lines }) => lines.length)).toEqual([1])

    app.clock.advance(14 * 86_400_000)
    await app.say({ 'A-17': { users: [ann] as never } })
    await app.sync()
    expect(attached(app).map(({ fileName }) => fileName)).toEqual([
      'trueup-users-A-17-2026-11.csv',
      'trueup-users-A-17-2026-12.csv',
    ])
    const ledger = await listLedger(app.scope)
    expect(ledger.filter(({ event }) => event === 'attached')).toHaveLength(3)
    expect(brokenAt(ledger)).toBeUndefined()
    expect(JSON.stringify(ledger)).not.toContain('ann@contoso.example')
  })

  it('S8: an upload without an answer is looked up by its title before anything is sent again', async () => {
    const app = await givenUsers([ann], open)
    app.manage.faults.add({ match: { ...upload, times: 1 }, fault: reset('afterCommit') })
    expect(await app.sync()).toMatchObject({ state: 'done' })
    expect((await listDocuments(app.scope, [87]))[0]).toMatchObject({ state: 'sending', documentId: null })
    await app.sync()
    expect(uploads(app)).toHaveLength(1)
    app.clock.advance(horizon)
    await app.say({ 'A-17': { users: [ann] as never } })
    await app.sync()
    expect(uploads(app).map(({ path }) => path)).toEqual(['/system/documents', '/system/documents/1'])
    expect(attached(app)).toHaveLength(1)
    expect((await listDocuments(app.scope, [87]))[0]).toMatchObject({ state: 'attached', documentId: 1 })
  })
})

it('S8: the first list of an agreement is attached also while documents hang elsewhere', async () => {
  const app = await givenUsers()
  const elsewhere = { id: 900, title: 'Contract', fileName: 'contract.pdf', size: 1, publicFlag: true }
  const _info = { lastUpdated: '2026-11-01T00:00:00Z', updatedBy: 'jsmith' }
  app.world.documents.set(900, { ...elsewhere, recordType: 'Company', recordId: 250, _info })
  const { run } = await app.sync()
  expect((await findRun(app.scope, run))?.beside?.lists).toEqual({ attached: 1, failed: 0 })
})

it('U27: a refused upload is a WARNING with its cause and fails no run; what cannot be replaced is added', async () => {
  const app = await givenUsers()
  app.world.documentTypes.delete('csv')
  const run = await app.sync()
  expect(run).toMatchObject({ state: 'done', changes: { failed: 0 } })
  expect((await warnings(app)).map(({ text }) => text)).toEqual([
    'The list of users of A-17 is not attached: document object is invalid Files of type csv are not allowed.',
  ])
  expect((await findRun(app.scope, run.run))?.beside?.lists).toEqual({ attached: 0, failed: 1 })

  app.world.documentTypes.add('csv')
  await app.sync()
  await app.say({ 'A-17': { users: [ann, bob] as never } })
  app.world.documents.delete(1)
  await app.sync()
  expect(attached(app).map(({ lines }) => lines.length)).toEqual([2])
})

it('a missing right pauses nobody and is named; a 429 is waited for', async () => {
  const app = await givenUsers()
  app.world.rights.set('TrueUp', allRights())
  app.manage.faults.add({
    match: { ...upload, times: 1 },
    fault: status(403, { body: { code: 'x', message: 'no' } }),
  })
  expect(await app.sync()).toMatchObject({ state: 'done' })
  expect((await warnings(app))[0]?.text).toContain('Companies › Manage Attachments')
  app.manage.faults.add({ match: { ...upload, times: 1 }, fault: throttle429(30) })
  const before = app.clock.now()
  expect(await app.sync()).toMatchObject({ state: 'done' })
  expect(app.clock.now() - before).toBeGreaterThanOrEqual(30_000)
  expect(attached(app)).toHaveLength(1)
})

it('the kill switch, observe mode and the switch itself keep everything from being sent', async () => {
  const app = await givenUsers()
  await save(app.deps.db, killSwitchStatements(app, 'tenant', true))
  await app.sync()
  await save(app.deps.db, killSwitchStatements(app, 'tenant', false))
  await switchOn(app, { userList: false })
  await app.sync()
  expect(uploads(app)).toEqual([])
})

it('nobody goes missing from a list because a snapshot is partial or names nobody', async () => {
  const app = await givenUsers([ann, bob])
  await app.sync()
  await app.say({ 'A-17': { users: [ann] as never } }, { complete: false })
  await app.sync()
  app.clock.advance(1000)
  await app.say({ 'A-17': 2 })
  await app.sync()
  expect(uploads(app)).toHaveLength(1)
  expect(attached(app)[0]?.lines).toHaveLength(2)
})

it('S8: a process that stops while a list is under way sends it again only after it was looked up', async () => {
  const app = await givenUsers()
  let stopped = false
  app.deps.at = (point) => {
    if (point !== 'document.sending' || stopped) return
    stopped = true
    throw new Error('stopped')
  }
  expect(await app.sync()).toMatchObject({ state: 'done' })
  await app.sync()
  expect(uploads(app)).toEqual([])
  app.clock.advance(horizon)
  await app.sync()
  expect(attached(app)).toHaveLength(1)
})

it('G6: no list goes to an agreement whose first write waits for a yes; with the yes it goes', async () => {
  const app = await givenUsers([ann])
  await save(app.scope.db, saveMappings(app.scope, [{ ...app.mapping, confirmedTarget: null }]))
  await app.say({ 'A-17': { users: [ann, bob] as never } })
  expect(await app.sync()).toMatchObject({ state: 'held', beside: { lists: { attached: 0, failed: 0 } } })
  expect(uploads(app)).toEqual([])
  expect(await app.sync({ approveAs: 'Fay' })).toMatchObject({ state: 'done', beside: { lists: { attached: 1 } } })
})

it('FILE 1–6: a name is no formula either where a spreadsheet parts cells at semicolons', async () => {
  const app = await givenUsers([{ ...ann, name: 'Ann;=1+1; "@SUM' }])
  await app.sync()
  expect(attached(app)[0]?.lines[0]).toContain(`"Ann;'=1+1; ""'@SUM"`)
})
