import { afterEach, expect, it } from 'vitest'
import { listDocuments } from '#db/documents.ts'
import { listLedger } from '#db/ledger.ts'
import { listLogs } from '#db/logs.ts'
import { listMappings } from '#db/mappings.ts'
import { findNewestRun } from '#db/runs.ts'
import { findTenant, type Tenant } from '#db/tenants.ts'
import { approvePlan } from '#sync/approve/approve.ts'
import { disable, enable } from '#sync/settings/disable.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { wordsOf } from '../routes/words.ts'
import { signIn } from '../session/signed-in.ts'
import { eachStore, openMemory } from '../stores.ts'
import { patches } from './tools.ts'

let app: Contoso | undefined
afterEach(() => app?.close())

const editor = async ({ deps, scope }: Contoso) => {
  const tenant = (await findTenant(scope.db, scope.tenant)) as Tenant
  return { deps, scope, tenant, member: 'jsmith' }
}
const aDay = 86_400_000

eachStore((open) => {
  it('CP: disabling stops schedules and on-demand runs, removes nothing in ConnectWise, and can be switched on again', async () => {
    app = await givenContoso(open, 10)
    await app.say({ 'A-17': 11 })
    await disable(await editor(app))
    const before = [app.held(), await listMappings(app.scope)]
    app.manage.requests.length = 0
    app.clock.advance(2 * aDay)
    await app.tick()
    await expect(app.sync()).rejects.toThrow(
      'Nothing is run. TrueUp is switched off since 2026-11-17 12:00 UTC, by jsmith.',
    )
    expect(app.manage.requests).toEqual([])
    expect([app.held(), await listMappings(app.scope)]).toEqual(before)

    await enable(await editor(app))
    await app.tick()
    expect(await findNewestRun(app.scope)).toBeUndefined()
    await app.say({ 'A-17': 12 })
    app.clock.advance(aDay)
    await app.tick()
    await app.tick()
    expect(await findNewestRun(app.scope)).toMatchObject({ startedBy: 'schedule', state: 'done' })
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
    const said = (await listLedger(app.scope))
      .filter(({ event }) => event === 'set')
      .map(({ body }) => JSON.parse(body))
    expect(said).toMatchObject([
      { what: 'integration', to: 'off', member: 'jsmith' },
      { what: 'integration', to: 'on', member: 'jsmith' },
    ])
  })
})

it('I9: a run that is under way, and a plan that waits, write nothing once it is disabled', async () => {
  app = await givenContoso(openMemory, 10)
  await app.say({ 'A-17': 30 })
  const held = await app.sync()
  expect(held.state).toBe('held')
  const made = app
  await disable(await editor(app))
  await expect(approvePlan(app.deps, app.scope, held.plan ?? '', { member: 'Fay' })).rejects.toThrow('switched off')
  await enable(await editor(app))

  await app.say({ 'A-17': 11 })
  app.deps.at = (point) => {
    if (point === 'plan.saved') throw new Error('stopped')
  }
  await expect(app.sync()).rejects.toThrow('stopped')
  app.deps.at = () => undefined
  await disable(await editor(app))
  await app.tick()
  expect(patches(made)).toEqual([])
  expect(await findNewestRun(app.scope)).toMatchObject({
    state: 'failed',
    cause: expect.stringContaining('switched off'),
  })
  expect(await listDocuments(app.scope, [87])).toEqual([])
})

it('CP: an administrator switches it off and on in the settings; the hub, pods and refusals say so', async () => {
  app = await givenContoso(openMemory, 10)
  await app.say({ 'A-17': 11 })
  const jane = await signIn(app, { member: 'jsmith', role: 'admin' })
  const fay = await signIn(app, { member: 'ffin', role: 'finance' })
  const text = async (answer: Promise<Response>) => wordsOf(await (await answer).text())
  expect((await fay.ask('POST', '/settings/integration', { integration: 'off' })).status).toBe(403)
  const shown = await text(jane.ask('GET', '/settings/schedule'))
  expect(shown).toContain('No record in ConnectWise is removed or changed')
  const off = await text(jane.ask('POST', '/settings/integration', { integration: 'off' }))
  expect(off).toContain('Switched off')
  expect(off).toContain('TrueUp is switched off since 2026-11-17 12:00 UTC, by jsmith.')

  const refused = await fay.ask('POST', '/runs', {})
  expect(refused.status).toBe(409)
  expect(wordsOf(await refused.text())).toContain('Nothing is run. TrueUp is switched off')
  expect(await text(fay.ask('GET', '/agreements/87'))).toContain('TrueUp is switched off since')
  expect(await text(fay.ask('GET', '/dashboard'))).toContain('TrueUp is switched off since')
  expect(await text(fay.ask('GET', '/help'))).toContain('TrueUp is switched off since')

  expect(await text(jane.ask('POST', '/settings/integration', { integration: 'on' }))).not.toContain('Switched off')
  expect((await fay.ask('POST', '/runs', {})).status).toBe(200)
  await app.settled()
  expect(app.held()).toEqual([{ id: 301, quantity: 11 }])
  const logs = await listLogs(app.scope, { since: 0, readable: 'all' }, { size: 9, number: 1 })
  expect(logs.map(({ text }) => text)).toContain('TrueUp was switched on again.')
})
