import { afterEach, expect, it } from 'vitest'
import { type DataSwitches, plainData } from '#billing/data.ts'
import type { NewRecord } from '#billing/record.ts'
import { listKnownContacts } from '#db/contacts.ts'
import { save } from '#db/db.ts'
import { brokenAt, listLedger } from '#db/ledger.ts'
import { listLogs } from '#db/logs.ts'
import { saveMappings } from '#db/mappings.ts'
import { sources } from '#db/schema.ts'
import { findTenant } from '#db/tenants.ts'
import { approvePlan } from '#sync/approve/approve.ts'
import { wantRecord } from '#sync/records/creations.ts'
import { finishRun } from '#sync/sync.ts'
import { type Contoso, givenContoso, killSwitchStatements } from '../given.ts'
import { addContact } from '../sandbox/manage/build.ts'
import { reset, status } from '../sandbox/manage/faults.ts'
import { type App, wholeLife } from '../start.ts'
import { eachStore, type Open, openMemory } from '../stores.ts'
import { horizon, live } from './tools.ts'

const person = (id: string, name: string, email: string) => ({ id, name, email, services: ['training'] })
const ann = person('u1', 'Ann Marie Lee', 'Ann@Contoso.example')
const bob = person('u2', 'Stone, Bob', 'bob@contoso.example')
const eve = person('u3', '', 'eve@contoso.example')
const none = person('u4', 'Kiosk', '')
const makes = { method: 'POST', path: /company\/contacts/ }

let app: Contoso | undefined
afterEach(() => app?.close())

const switchOn = ({ scope }: App, data: Partial<DataSwitches>) =>
  save(scope.db, [scope.db.update(sources).set({ data: { ...plainData, ...data } })])
const users = (...all: object[]) => ({ 'A-17': { users: all as never } })

/** Contoso itself, to hang contacts on. */
const contoso = ({ world }: App) => {
  const company = world.companies.get(250)
  if (!company) throw new Error('Contoso is gone')
  return { company }
}

async function given(open: Open = openMemory, ...all: object[]) {
  const made = await givenContoso(open, all.length)
  app = made
  await switchOn(made, { contacts: true })
  await made.say(users(...all))
  return made
}

const contactsOf = ({ world }: App) =>
  world.contacts
    .rows()
    .filter(({ company }) => company.id === 250)
    .map(({ firstName, lastName, inactiveFlag, communicationItems }) => {
      const mail = (communicationItems ?? []).map(({ value }: { value?: unknown }) => value)
      return [firstName, lastName, ...mail, inactiveFlag ? 'inactive' : ''].filter(Boolean).join(' ')
    })
const asked = ({ manage }: App, method: string) =>
  manage.requests.filter((one) => one.method === method && /company\/contacts/.test(one.path)).length
const warnings = async (made: App) =>
  (await listLogs(made.scope, { since: 0, level: 'warning', readable: 'all' }, { size: 9, number: 1 })).map(
    ({ text }) => text,
  )
const approve = async (made: App, run: { run: string; plan: string | null }) => {
  await approvePlan(made.deps, made.scope, run.plan ?? '', { member: 'Fay' })
  return made.clock.run(finishRun(made.deps, made.scope, run.run, wholeLife))
}

eachStore((open) => {
  it('S19: users with an e-mail become contacts of their company, the first time after a yes to their number', async () => {
    const app = await given(open, ann, bob, eve, none)
    const first = await app.sync()
    expect(first).toMatchObject({
      state: 'held',
      changes: { unchanged: 1, held: 0 },
      beside: { contacts: { held: 3 } },
    })
    const before = contactsOf(app)
    expect(await warnings(app)).toEqual(['3 contacts waiting for a person: look at the plan.'])
    const done = await approve(app, first)
    expect(done).toMatchObject({ state: 'done', beside: { contacts: { created: 3 } } })
    expect(contactsOf(app).toSorted()).toEqual([
      ...before,
      'Ann Marie Lee ann@contoso.example',
      'Bob Stone bob@contoso.example',
      'eve eve@contoso.example',
    ])
    expect(asked(app, 'GET')).toBe(2)

    await app.say(users(ann, bob, eve, none, person('u5', 'Max Five', 'max@contoso.example')))
    expect(await app.sync()).toMatchObject({
      state: 'done',
      changes: { updated: 1 },
      beside: { contacts: { created: 1 } },
    })
    const reads = asked(app, 'GET')
    expect(await app.sync()).toMatchObject({
      state: 'done',
      changes: { unchanged: 1 },
      beside: { contacts: { created: 0 } },
    })
    expect(asked(app, 'GET')).toBe(reads)
    expect(asked(app, 'POST')).toBe(4)
    expect(brokenAt(await listLedger(app.scope))).toBeUndefined()
  })
})

it('S19: who is a contact already, in whatever case and also inactive, stays as they are', async () => {
  const app = await given(openMemory, ann, bob)
  const mail = (value: string) => [{ type: { id: 1 }, value, defaultFlag: true, communicationType: 'Email' as const }]
  addContact(app.world, { ...contoso(app), firstName: 'A.', communicationItems: mail('ANN@contoso.EXAMPLE') })
  addContact(app.world, { ...contoso(app), inactiveFlag: true, communicationItems: mail('bob@contoso.example') })
  const before = contactsOf(app)
  expect(await app.sync()).toMatchObject({ state: 'done', changes: { unchanged: 1 } })
  expect(contactsOf(app)).toEqual(before)
  expect((await listKnownContacts(app.scope, [250])).map(({ isOurs }) => isOurs)).toEqual([false, false])
})

it('S19: a contact of a user who left is set inactive only when TrueUp made it and the second switch is on', async () => {
  const app = await given(openMemory, ann, bob, eve)
  const mail = [
    { type: { id: 1 }, value: 'eve@contoso.example', defaultFlag: true, communicationType: 'Email' as const },
  ]
  addContact(app.world, { ...contoso(app), firstName: 'Eve', lastName: '', communicationItems: mail })
  await approve(app, await app.sync())
  await app.say(users(ann))
  await app.sync()
  expect(contactsOf(app).filter((text) => text.endsWith('inactive'))).toEqual([])

  await switchOn(app, { contacts: true, inactiveContacts: true })
  await app.say(users(ann), { complete: false })
  await app.sync()
  expect(contactsOf(app).filter((text) => text.endsWith('inactive'))).toEqual([])
  app.clock.advance(1000)
  await app.say(users(ann))
  expect(await app.sync()).toMatchObject({ beside: { contacts: { updated: 1 } } })
  expect(contactsOf(app).filter((text) => text.endsWith('inactive'))).toEqual([
    'Bob Stone bob@contoso.example inactive',
  ])
  expect(await app.sync()).toMatchObject({ beside: { contacts: { updated: 0 } } })
})

it('G2: many contacts at once are not set inactive without a yes', async () => {
  const all = Array.from({ length: 8 }, (_, i) => person(`u${i}`, `User ${i}`, `user${i}@contoso.example`))
  const app = await given(openMemory, ...all)
  await approve(app, await app.sync())
  await switchOn(app, { contacts: true, inactiveContacts: true })
  await app.say(users(...all.slice(0, 4)))
  expect(await app.sync()).toMatchObject({ state: 'held', beside: { contacts: { held: 4 } } })
})

it('I3: a contact whose creation had no answer is looked up by its address and made once', async () => {
  const app = await given(openMemory, ann)
  app.manage.faults.add({ match: { ...makes, times: 1 }, fault: reset('afterCommit') })
  const before = contactsOf(app).length
  expect(await approve(app, await app.sync())).toMatchObject({ state: 'done', changes: { failed: 0, unknown: 0 } })
  await live(app, horizon + 120_000)
  expect(contactsOf(app)).toHaveLength(before + 1)
  expect(asked(app, 'POST')).toBe(1)
  expect(await listKnownContacts(app.scope, [250])).toMatchObject([{ email: 'ann@contoso.example', isOurs: true }])
})

it('S19: a missing right or a refusal is a WARNING; billing goes on and nobody is paused', async () => {
  const app = await given(openMemory, ann, bob)
  const first = await app.sync()
  app.manage.faults.add({ match: makes, fault: status(403, { body: { code: 'x', message: 'no' } }) })
  expect(await approve(app, first)).toMatchObject({ state: 'done', beside: { contacts: { failed: 2 } } })
  expect((await warnings(app)).join()).toContain('lacks Companies › Contacts (Add, Edit, Inquire)')
  expect((await findTenant(app.scope.db, app.scope.tenant))?.state).toBe('connected')
  app.manage.faults.clear()
  app.manage.faults.add({
    match: { method: 'GET', path: /company\/contacts/ },
    fault: status(403, { body: { code: 'x', message: 'no' } }),
  })
  await app.say(users(ann, bob, eve))
  expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
  expect((await warnings(app)).join()).toContain('The contacts of 1 company could not be read')
})

it('S19: the kill switch, observing and the switch itself make no contact; a dry run counts them', async () => {
  const app = await given(openMemory, ann)
  expect(await app.preview()).toMatchObject({ beside: { contacts: { held: 1 } } })
  await save(app.deps.db, killSwitchStatements(app, 'tenant', true))
  await app.sync()
  await save(app.deps.db, killSwitchStatements(app, 'tenant', false))
  await switchOn(app, {})
  expect(await app.sync()).toMatchObject({ state: 'done' })
  expect(asked(app, 'POST')).toBe(0)
})

it('S19: nobody has left because an account of the company is excluded or its source exports no more', async () => {
  const app = await given(openMemory, ann)
  const other = await app.map({ account: 'A-18', agreementId: 87, productId: 512, leaveAlone: [301] })
  await app.say({ ...users(ann), ...{ 'A-18': { users: [bob] } } })
  await app.sync({ approveAs: 'Fay' })
  await switchOn(app, { contacts: true, inactiveContacts: true })
  await save(app.scope.db, saveMappings(app.scope, [{ ...other, include: false }]))
  expect(await app.sync()).toMatchObject({ beside: { contacts: { updated: 0, held: 0 } } })
  expect(contactsOf(app).filter((text) => text.endsWith('inactive'))).toEqual([])
})

it('S19: a user who is wanted as the contact of a new agreement becomes one contact', async () => {
  const app = await given(openMemory, ann)
  const want = (draft: NewRecord) => wantRecord(app.deps, app.scope, 'Fay', draft)
  const names = { firstName: 'Ann', lastName: 'Lee', email: 'ann@contoso.example' }
  const { id: contactId } = await want({ record: 'contact', companyId: 250, ...names })
  const placed = { companyId: 250, typeId: 1, startOn: '2026-11-01', contactId }
  const { id: agreementId } = await want({ record: 'agreement', name: 'Managed Services', ...placed })
  await app.map({ account: 'A-18', companyId: 250, agreementId, productId: 512 })
  await app.say({ ...users(ann), 'A-18': 3 })
  const before = contactsOf(app).length
  await app.sync({ approveAs: 'Fay' })
  await app.sync({ approveAs: 'Fay' })
  expect(contactsOf(app).slice(before)).toEqual(['Ann Lee ann@contoso.example'])
})

it('S19, V12: a user whom a rule does not count is a user of the company all the same, and becomes its contact', async () => {
  const app = await given(openMemory, ann, bob)
  const rule = { ...app.mapping.rule, exclude: ['bob@*'] }
  await save(app.scope.db, saveMappings(app.scope, [{ ...app.mapping, rule }]))
  const before = contactsOf(app).length
  await app.sync({ approveAs: 'Fay' })
  expect(app.held()).toEqual([{ id: 301, quantity: 1 }])
  expect(contactsOf(app).slice(before).toSorted()).toEqual([
    'Ann Marie Lee ann@contoso.example',
    'Bob Stone bob@contoso.example',
  ])
})
