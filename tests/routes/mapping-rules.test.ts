import { describe, expect, it } from 'vitest'
import { listMappings } from '#db/mappings.ts'
import { approvePlan } from '#sync/approve/approve.ts'
import { addAddition } from '../sandbox/manage/build.ts'
import { signIn } from '../session/signed-in.ts'
import { openMemory } from '../stores.ts'
import { givenGrid } from './mapping-given.ts'

const people = [
  { id: 'u1', name: 'Ann Lee', email: 'ann@contoso.example', services: ['training'] },
  { id: 'u2', name: 'Bo Ek', email: 'bo@contoso.example', services: ['training', 'phishing'] },
  { id: 'u3', name: 'Backup', email: 'svc-backup@contoso.example', services: ['phishing'] },
]

const given = async () => {
  const grid = await givenGrid(openMemory)
  const path = `/mappings/${grid.mapping.id}`
  const own = async () => (await grid.stateOf('A-17')).mappings
  const send = async (to: string, fields: Record<string, string>) => {
    const version = String((await own()).find(({ id }) => id === grid.mapping.id)?.updatedAt)
    const response = await grid.finance.ask('POST', `${path}${to}`, { version, ...fields })
    return { status: response.status, html: await response.text() }
  }
  const reasonOf = async () => (await grid.sync()).details.find(({ account }) => account === 'A-17')?.reason ?? ''
  return { ...grid, path, own, send, reasonOf }
}

/** What a person reads of an answer. */
const wordsOf = (html: string): string => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

const quantity = { 'write-from': 'own', 'write-quantity': 'on' }

describe('what a mapping reads', () => {
  it('V12 C14: services and patterns are tried before they are saved, and hold the next plan', async () => {
    const { say, get, path, send, own, reasonOf } = await given()
    await say({ 'A-17': { users: people } })
    const shown = (await get(path)).html
    expect(shown).toMatch(/3 now/)
    expect(shown).toContain('phishing')
    const users = { 'read-0-of': '{"metric":"users"}', 'read-0-services': '["phishing","training"]', 'read-0': 'on' }
    const tried = await send('/trials', { ...quantity, ...users, 'read-0-service-1': 'on', exclude: 'BO@*\r\nsvc-*' })
    expect(tried.html).toMatch(/listed<\/dt><dd class="number">2.*left out by the rule<\/dt><dd class="number">1/)
    expect((await own())[0]).toMatchObject({ reads: [{ metric: 'users' }] })
    const saved = await send('/rule', { ...quantity, ...users, exclude: 'svc-*' })
    expect(saved.html).toMatch(/users<\/dt><dd class="number">2</)
    expect((await own())[0]?.rule).toEqual({ write: ['quantity'], exclude: ['svc-*'] })
    expect((await get(`${path}/people`)).html).toContain('the rule leaves out svc-*')
    expect((await get(`${path}/people.csv`)).html).toContain('no,the rule leaves out svc-*')
    expect(await reasonOf()).toContain('since the rule was changed')
    await say({ 'A-17': 3 })
    expect(await reasonOf()).toContain('the source lists no people for users, so nobody can be left out')
  })

  it('C15 4.9: several readings are summed, none twice, and what is read last is never nothing', async () => {
    const { say, get, path, send, own, reasonOf } = await given()
    await say({ 'A-17': { users: 12, admins: 3 } })
    expect((await get(path)).html).toContain('admins')
    const both = { 'read-0-of': '{"metric":"users"}', 'read-1-of': '{"metric":"admins"}', 'read-1': 'on' }
    const none = await send('/rule', { ...quantity, ...both, 'read-1': '' })
    expect([none.status, none.html.includes('What is read: tick at least one')]).toEqual([422, true])
    const twice = { ...quantity, ...both, 'read-0': 'on', 'read-1-of': '{"metric":"users"}' }
    expect((await send('/rule', twice)).html).toContain('users is read twice')
    const saved = await send('/rule', { ...quantity, ...both, 'read-0': 'on' })
    expect(saved.html).toMatch(/users.*>12<.*admins.*>3<.*sum of what is read<\/dt><dd class="number">15</)
    expect((await own())[0]).toMatchObject({ reads: [{ metric: 'users' }, { metric: 'admins' }] })
    expect(await reasonOf()).toContain('since the rule was changed')
    expect((await get(path)).html).toContain('changed what it reads.')
  })

  it('G22: a rule with included units warns of Less Included before it is saved', async () => {
    const { send, addition, sync } = await given()
    addition.lessIncluded = 3
    await sync()
    const tried = await send('/trials', { ...quantity, included: '5' })
    expect(tried.html).toContain('Less Included of addition 301 is 3 in ConnectWise')
    expect((await send('/trials', { ...quantity, minimum: 'x' })).html).toContain('must be a number')
  })
})

describe('one count on two additions', () => {
  it('E1 M25: two ongoing additions are held with both named; split at 10 they hold 10 and 6', async () => {
    const { send, say, world, agreement, sync, own, get, path, reasonOf, held, scope } = await given()
    addAddition(world, { id: 302, agreement, product: 512, quantity: 5 })
    await say({ 'A-17': 16 })
    expect(await reasonOf()).toMatch(/2 ongoing additions of this product: 301 with 10.*302 with 5/)
    expect((await get(path)).html).toContain('value="addition:302"')
    const wrong = await send('/splits', { here: '0', target: 'addition:302' })
    expect([wrong.status, wrong.html.includes('Here at most must be above 0')]).toEqual([422, true])
    expect((await send('/splits', { here: '10', target: 'addition:999' })).html).toContain(
      'does not exist on agreement',
    )
    expect((await send('/splits', { here: '10', target: 'addition:302' })).html).toContain('Split.')
    expect(await own()).toMatchObject([
      { additionId: 301, rule: { maximum: '10' } },
      { additionId: 302, rule: { above: '10' }, include: true },
    ])
    await sync({ approveAs: 'ffin' })
    expect(held()).toEqual([
      { id: 301, quantity: 10 },
      { id: 302, quantity: 6 },
    ])
    expect((await send('/splits', { here: '5', target: 'addition:302' })).html).toContain('already')
    expect(await listMappings(scope)).toHaveLength(2)
  })
})

describe('what is written', () => {
  it('S3 S5 S6 S11: a mapping made on screen follows the switches of its source until it says its own', async () => {
    const { post, stateOf, world, agreement, finance, addition, ...app } = await given()
    const { say, sync, scope, deps, clock } = app
    const admin = await signIn({ ...app, world }, { member: 'jsmith', role: 'admin' })
    const configure = async (switches: Record<string, string>) => {
      clock.advance(60_000)
      const fields = { 'name.src': 'Platform', 'billingPeriod.src': 'current', ...switches }
      expect((await admin.ask('POST', '/settings/configuration', fields)).status).toBe(200)
    }
    addAddition(world, { id: 303, agreement, product: 512, quantity: 3, unitCost: 4, unitPrice: 10 })
    await post('/mappings/company', 'B/2', { company: '250' })
    await post('/mappings/agreement', 'B/2', { agreement: '87' })
    await post('/mappings/target', 'B/2', { target: 'addition:303' })
    await post('/mappings/include', 'B/2', { on: 'yes' })
    const money = { unitCost: '5', unitPrice: '12', currency: 'USD' }
    await say({ 'A-17': 10, 'B/2': 4 }, { money })
    await sync({ approveAs: 'ffin' })
    expect(world.additions.get(303)).toMatchObject({ quantity: 4, unitCost: 4, unitPrice: 10 })
    const [mapping] = (await stateOf('B/2')).mappings
    expect(mapping).toMatchObject({ followsSource: true })

    await say({ 'A-17': 10, 'B/2': 40 }, { money })
    const plan = (await sync()).plan ?? ''
    await configure({ 'quantity.src': 'on', 'cost.src': 'on' })
    await expect(approvePlan(deps, scope, plan, { member: 'ffin' })).rejects.toThrow('was changed after plan')
    await say({ 'A-17': 10, 'B/2': 4 }, { money })
    const held = (await sync()).details.find(({ account }) => account === 'B/2')
    expect(held).toMatchObject({ fields: { cost: [4, 5] }, outcome: 'held' })
    expect(held?.reason).toContain('since the rule was changed')
    await sync({ approveAs: 'ffin' })
    expect(world.additions.get(303)).toMatchObject({ unitCost: 5, unitPrice: 10 })
    // The other mapping says its own: its cost stays as people set it.
    expect(addition).toMatchObject({ unitCost: 4 })

    await configure({})
    await say({ 'A-17': 10, 'B/2': 5 }, { money })
    expect((await sync()).details.find(({ account }) => account === 'B/2')).toMatchObject({
      outcome: 'skipped',
      reason: 'unwritten: quantity, cost and price are switched off',
    })
    const path = `/mappings/${mapping?.id}`
    expect(await (await finance.ask('GET', path)).text()).toContain('Nothing is written')
    const [now] = (await stateOf('B/2')).mappings
    const fields = { version: String(now?.updatedAt), 'write-from': 'own', 'write-quantity': 'on' }
    expect((await finance.ask('POST', `${path}/rule`, fields)).status).toBe(200)
    await sync({ approveAs: 'ffin' })
    expect(world.additions.get(303)).toMatchObject({ quantity: 5 })
  })

  it('S7: a price that the mapping writes waits for a person by itself, then is written', async () => {
    const { say, send, sync, addition } = await given()
    await sync({ approveAs: 'ffin' })
    await send('/rule', { 'write-from': 'own', 'write-price': 'on' })
    await say({ 'A-17': 30 }, { money: { unitCost: '5', unitPrice: '11', currency: 'USD' } })
    const { details } = await sync()
    expect(details.find(({ account }) => account === 'A-17')).toMatchObject({
      fields: { price: [10, 11] },
      outcome: 'held',
    })
    await sync({ approveAs: 'ffin' })
    expect(addition).toMatchObject({ quantity: 12, unitPrice: 11, unitCost: 4 })
  })

  it('M14 P1: the list says each account’s number and the period it is of', async () => {
    const { get } = await given()
    expect(wordsOf((await get('/mappings')).html)).toMatch(/12 users November 2026 as of 2026-11-17/)
  })

  it('C16: a cost the source does not state is not written, whatever the switches', async () => {
    const { say, send, sync, addition } = await given()
    await send('/rule', { 'write-from': 'own', 'write-quantity': 'on', 'write-cost': 'on', 'write-price': 'on' })
    await say({ 'A-17': 11 })
    await sync({ approveAs: 'ffin' })
    expect(addition).toMatchObject({ quantity: 11, unitCost: 4, unitPrice: 10 })
  })
})

describe('V22 S12 R1 R2: proration before it is switched on', () => {
  it('shows the lines of the next two invoices for what is typed, then for what is saved, with amounts only for finance', async () => {
    const { send, get, path, agreement, ...app } = await given()
    agreement.prorateFlag = true
    await app.sync()
    await app.say({ 'A-17': 14 })
    const lines = async (fields: object) => wordsOf((await send('/trials', { ...quantity, ...fields })).html)
    const on = await lines({ prorate: 'on' })
    expect(on).toContain('Invoice of 2026-12-01, for 2026-12-01 to 2026-12-31 Standing line: 14 140.00 USD')
    expect(on).toContain('Dated line: 2 9.33 USD 2026-11-17 to 2026-11-30, 14 of 30 days Total 149.33 USD')
    expect(on).toContain('Invoice of 2027-01-01, for 2027-01-01 to 2027-01-31 Standing line: 14 140.00 USD')
    expect(await lines({})).not.toContain('The next two invoices')
    expect(await lines({ prorate: 'on', maximum: '13' })).toContain('Dated line: 1 4.67 USD')
    await send('/rule', { ...quantity, prorate: 'on' })
    expect(wordsOf((await get(path)).html)).toContain('Total 149.33 USD')
    const technician = await signIn(app, { member: 'ttech', role: 'technician' })
    const seen = wordsOf((await get(path, technician)).html)
    expect(seen).toContain('Standing line: 14 2026-12-01 to 2026-12-31, 31 of 31 days')
    expect(seen).not.toMatch(/140\.00|9\.33|Total/)
  })

  it('R4: says why no dated line is possible, and that whole periods are billed', async () => {
    const { send, sync, say } = await given()
    await sync()
    await say({ 'A-17': 14 })
    const said = wordsOf((await send('/trials', { ...quantity, prorate: 'on' })).html)
    expect(said).toContain('No dated line: the agreement does not prorate. The quantity changes for whole periods.')
    expect(said).not.toContain('Dated line:')
  })
})
