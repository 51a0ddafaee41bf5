import { afterEach, expect, it } from 'vitest'
import { listMappings } from '#db/mappings.ts'
import { findNewestRun } from '#db/runs.ts'
import { listSchedules } from '#db/schedules.ts'
import { findTenant, type Tenant } from '#db/tenants.ts'
import { readAccount } from '#sync/mapping/account-state.ts'
import { chooseAgreement } from '#sync/mapping/place-account.ts'
import { chooseTarget } from '#sync/mapping/target-account.ts'
import { unmap } from '#sync/mapping/unmap.ts'
import { disconnect } from '#sync/settings/disconnect.ts'
import { type Contoso, givenContoso, quantities } from '../given.ts'
import { wordsOf } from '../routes/words.ts'
import { addAddition, addAgreement } from '../sandbox/manage/build.ts'
import { signIn } from '../session/signed-in.ts'
import { openMemory } from '../stores.ts'

const key = { sourceId: 'src', account: 'A-17' }
const asked = { key, member: 'ffin' }

let app: Contoso | undefined
afterEach(() => app?.close())

/** Contoso with 12 written on addition 301, and a second agreement, 88, with an addition of the same product. */
async function given() {
  const made = await givenContoso(openMemory, 10)
  app = made
  const other = addAgreement(made.world, { id: 88, company: 250, name: 'Other' }, '2026-11-17')
  addAddition(made.world, { id: 302, agreement: other, product: 512, quantity: 1 })
  await made.say({ 'A-17': 12 })
  await made.sync()
  expect(made.held()).toEqual([{ id: 301, quantity: 12 }])
  return made
}

it('M19: mapping again moves nothing that was written; only later syncs go to the new place, the first after a yes', async () => {
  const app = await given()
  const { account } = { account: await readAccount(app.scope, key) }
  await chooseAgreement(app.deps, app.scope, asked, 88)
  await chooseTarget(app.deps, app.scope, asked, { target: { addition: 302 }, reads: [{ metric: 'users' }] })
  expect(account.state.mappings.map(({ additionId }) => additionId)).toEqual([301])
  expect([...quantities(app, 87), ...quantities(app, 88)]).toEqual([
    { id: 301, quantity: 12 },
    { id: 302, quantity: 1 },
  ])
  const held = await app.sync()
  expect(held).toMatchObject({ state: 'held' })
  expect(held.details[0]?.reason).toContain('G6')
  expect(quantities(app, 88)).toEqual([{ id: 302, quantity: 1 }])
  await app.sync({ approveAs: 'Fay' })
  expect([...quantities(app, 87), ...quantities(app, 88)]).toEqual([
    { id: 301, quantity: 12 },
    { id: 302, quantity: 12 },
  ])
})

it('M19, M22: unmapping removes nothing, and the screens say so before it is done', async () => {
  const app = await given()
  const { ask } = await signIn(app, { member: 'ffin', role: 'finance' })
  const opened = await (await ask('GET', '/mappings/row?source=src&account=A-17&edit=yes')).text()
  expect(opened).toContain('What was written stays in ConnectWise as it is')
  const [mapping] = await listMappings(app.scope)
  expect(wordsOf(await (await ask('GET', `/mappings/${mapping?.id}`)).text())).toMatch(/stays? in ConnectWise|Unmap/)
  await unmap(app.deps, app.scope, asked)
  expect(await listMappings(app.scope)).toEqual([])
  expect(await app.sync()).toMatchObject({ state: 'done', changes: { skipped: 1 } })
  expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
})

it('K15: disconnecting leaves everything in ConnectWise, and mappings and history here', async () => {
  const app = await given()
  app.manage.requests.length = 0
  const tenant = (await findTenant(app.scope.db, app.scope.tenant)) as Tenant
  await disconnect({ deps: app.deps, scope: app.scope, tenant, member: 'jsmith' })
  expect(app.manage.requests).toEqual([])
  expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
  expect(await listMappings(app.scope)).toHaveLength(1)
  expect((await findNewestRun(app.scope))?.state).toBe('done')
  expect((await listSchedules(app.scope)).some(({ enabled }) => enabled)).toBe(false)
})

it('S13, X1: every day posts what is mapped without a click; a missed night runs at the next tick, once', async () => {
  const app = await given()
  app.clock.advance(3 * 86_400_000)
  await app.say({ 'A-17': 13 })
  await app.tick()
  await app.tick()
  expect(app.held()).toEqual([{ id: 301, quantity: 13 }])
  expect(await findNewestRun(app.scope)).toMatchObject({ startedBy: 'schedule', localDay: '2026-11-20', state: 'done' })
  await app.say({ 'A-17': 14 })
  app.clock.advance(60_000)
  await app.tick()
  expect(app.held()).toEqual([{ id: 301, quantity: 13 }])
})

it('P19, P20: a night touches additions and nothing else: no invoice, quote or ticket, and no other record', async () => {
  const app = await given()
  await app.sync()
  const written = app.manage.requests.filter(({ method }) => method !== 'GET')
  expect(new Set(written.map(({ method, path }) => `${method} ${path}`))).toEqual(
    new Set(['PATCH /finance/agreements/87/additions/301']),
  )
})
