import { expect, it } from 'vitest'
import { addAddition, addAgreement, addCompany } from '../sandbox/manage/build.ts'
import { failingPage } from '../sandbox/manage/faults.ts'
import { signIn } from '../session/signed-in.ts'
import { eachStore, openMemory } from '../stores.ts'
import { givenGrid, undoOf } from './mapping-given.ts'

eachStore((open) => {
  it('company, agreement and addition are saved as they are picked, and undone one by one (M1–M4, M8)', async () => {
    const { post, stateOf, world, agreement } = await givenGrid(open)
    addAddition(world, { id: 302, agreement, product: 512, quantity: 3 })
    const company = await post('/mappings/company', 'B/2', { company: '250' })
    expect([company.status, company.html]).toEqual([200, expect.stringContaining('Company saved.')])
    await post('/mappings/agreement', 'B/2', { agreement: '87' })
    const target = await post('/mappings/target', 'B/2', { target: 'addition:302' })
    expect(target.html).toContain('The first write waits for a person.')
    const mapped = await stateOf('B/2')
    expect(mapped).toMatchObject({ companyId: 250, agreementId: 87, include: false })
    expect(mapped.mappings).toMatchObject([
      { additionId: 302, include: false, confirmedTarget: null, reads: [{ metric: 'users' }], updatedBy: 'ffin' },
    ])
    const undone = await post('/mappings/undo', 'B/2', { seq: undoOf(target.html) })
    expect((await stateOf('B/2')).mappings).toEqual([])
    await post('/mappings/undo', 'B/2', { seq: undoOf(undone.html) })
    expect((await stateOf('B/2')).mappings).toMatchObject([{ additionId: 302 }])
  })
})

const given = () => givenGrid(openMemory)

it('a row that another tab changed is shown as it is, and nothing is saved', async () => {
  const { post, stateOf, versionOf } = await given()
  const seen = await versionOf('B/2')
  await post('/mappings/company', 'B/2', { company: '250' })
  const late = await post('/mappings/include', 'A-17', { on: 'no' })
  expect(late.status).toBe(200)
  const refused = await post('/mappings/company', 'B/2', { company: '250' }, seen)
  expect([refused.status, refused.html]).toEqual([409, expect.stringContaining('Somebody changed this row')])
  expect(await stateOf('B/2')).toMatchObject({ companyId: 250 })
})

it('another reading picked for the same addition waits for a person before it is written (G8)', async () => {
  const { post, say, sync, mapping, held } = await given()
  await sync()
  await say({ 'A-17': { users: 12, devices: 13 } })
  const picked = { target: 'addition:301', mapping: mapping.id, reads: '[{"metric":"devices"}]' }
  expect((await post('/mappings/target', 'A-17', picked)).status).toBe(200)
  const { changes } = await sync()
  expect([changes.held, held()]).toEqual([1, [{ id: 301, quantity: 12 }]])
})

it("another company's agreement is refused, and the row says so (M27)", async () => {
  const { post, stateOf, world } = await given()
  const other = addCompany(world, { id: 251, name: 'Fabrikam' })
  addAgreement(world, { id: 88, company: other, name: 'Theirs' })
  await post('/mappings/company', 'B/2', { company: '250' })
  const { status, html } = await post('/mappings/agreement', 'B/2', { agreement: '88' })
  expect([status, html]).toEqual([422, expect.stringContaining('Agreement 88 belongs to company 251')])
  expect(await stateOf('B/2')).toMatchObject({ companyId: 250, agreementId: null })
})

it('while ConnectWise is down a pick is refused in its row and the old value stays (M4)', async () => {
  const { post, stateOf, manage } = await given()
  await post('/mappings/company', 'B/2', { company: '250' })
  manage.faults.add({ match: { path: /./ }, fault: failingPage() })
  const { status, html } = await post('/mappings/agreement', 'B/2', { agreement: '87' })
  expect([status, html]).toEqual([503, expect.stringContaining('Not saved.')])
  expect(await stateOf('B/2')).toMatchObject({ agreementId: null })
})

it('an inactive or deleted company cannot be saved, whatever the browser sends (M11)', async () => {
  const { post, world } = await given()
  addCompany(world, { id: 253, name: 'Old', status: { id: 2 } })
  addCompany(world, { id: 254, name: 'Gone', deletedFlag: true })
  for (const company of ['253', '254', '999']) {
    const { status, html } = await post('/mappings/company', 'B/2', { company })
    expect([company, status]).toEqual([company, 422])
    expect(html).toContain('Not saved.')
  }
})

it('a mapping by product keeps its product in another agreement; its first write there waits (4.6, G6)', async () => {
  const { post, stateOf, world, sync } = await given()
  addAgreement(world, { id: 90, company: 250, name: 'Branch', startDate: '2026-01-01T00:00:00Z' }, '2026-11-17')
  await post('/mappings/company', 'B/2', { company: '250' })
  await post('/mappings/agreement', 'B/2', { agreement: '87' })
  const taken = await post('/mappings/target', 'B/2', { target: 'addition:301' })
  expect(taken.status).toBe(200)
  await post('/mappings/target', 'B/2', {
    target: 'product:512',
    mapping: (await stateOf('B/2')).mappings[0]?.id ?? '',
  })
  await post('/mappings/include', 'B/2', { on: 'yes' })
  await post('/mappings/agreement', 'B/2', { agreement: '90' })
  expect((await stateOf('B/2')).mappings).toMatchObject([{ agreementId: 90, productId: 512, include: true }])
  const summary = await sync()
  expect(summary.state).toBe('held')
  expect(summary.details.find(({ account }) => account === 'B/2')?.reason).toContain('the first write to this target')
})

it('what is on record says who mapped, and unmapping leaves the company to choose again', async () => {
  const { post, stateOf } = await given()
  const { html } = await post('/mappings/removal', 'A-17', {})
  expect(html).toContain('Unmapped.')
  expect(await stateOf('A-17')).toMatchObject({ companyId: null, mappings: [] })
  await post('/mappings/undo', 'A-17', { seq: undoOf(html) })
  expect((await stateOf('A-17')).mappings).toMatchObject([{ additionId: 301, include: true }])
})

it('the grid finds by text and status; unmapped accounts are for those who map', async () => {
  const { get, finance, ...app } = await given()
  await app.sync()
  const all = await get('/mappings')
  expect(all.html).toContain('2 accounts')
  expect(all.html.indexOf('Account B/2')).toBeLessThan(all.html.indexOf('Account A-17'))
  expect((await get('/mappings/accounts?status=mapped')).html).toContain('1 account')
  expect((await get('/mappings/accounts?search=contoso')).html).toContain('Account A-17')
  expect((await get('/mappings/accounts?search=%25')).html).toContain('Nothing matches')
  const technician = await signIn(app, { member: 'ttech', role: 'technician' })
  const seen = await get('/mappings', technician)
  expect(seen.html).toContain('Account A-17')
  expect(seen.html).not.toContain('Account B/2')
  expect(seen.html).toContain('need the role finance')
  expect(seen.html).not.toContain('hx-post')
})

it('an account that its source lists no more says since when', async () => {
  const { get, say, clock } = await given()
  clock.advance(60_000)
  await say({ 'B/2': 3 })
  const { html } = await get('/mappings/accounts?status=gone')
  expect(html).toContain('Not listed since')
  expect(html).toContain('Account A-17')
})

it('opened for a company, the list offers accounts without one to be mapped to it', async () => {
  const { get, post, stateOf, sync } = await given()
  await sync()
  const { html } = await get('/mappings?company=250')
  expect(html).toContain('Accounts of Contoso Ltd')
  expect(html.indexOf('Account A-17')).toBeLessThan(html.indexOf('Account B/2'))
  expect(html.match(/Map to Contoso Ltd/g)).toHaveLength(1)
  await post('/mappings/company', 'B/2', { company: '250' })
  expect(await stateOf('B/2')).toMatchObject({ companyId: 250 })
  expect((await get('/mappings/accounts?search=B/2')).html).toContain('Two accounts share this company')
})
