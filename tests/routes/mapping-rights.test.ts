import { expect, it } from 'vitest'
import { addAddition, addCompany } from '../sandbox/manage/build.ts'
import { openMemory } from '../stores.ts'
import { givenGrid, hideFrom, undoOf } from './mapping-given.ts'

const given = () => givenGrid(openMemory)

it('nothing of an account is changed whose agreement the member may not read in ConnectWise', async () => {
  const app = await given()
  const before = await app.stateOf('A-17')
  hideFrom(app, 'ffin', 'agreement', [87])
  const mapping = app.mapping.id
  const writes: [string, Record<string, string>][] = [
    ['target', { target: 'product:512', mapping }],
    ['include', { on: 'no' }],
    ['removal', {}],
    ['company', { company: '250' }],
  ]
  for (const [path, fields] of writes) {
    const { status, html } = await app.post(`/mappings/${path}`, 'A-17', fields)
    expect([path, status, html]).toEqual([path, 422, expect.stringContaining('cannot see this agreement')])
  }
  expect(await app.stateOf('A-17')).toEqual(before)
})

it('undo leads into no company that the member may not read, and one pick into none', async () => {
  const app = await given()
  addCompany(app.world, { id: 251, name: 'Woodgrove Bank' })
  await app.post('/mappings/company', 'B/2', { company: '251' })
  const moved = await app.post('/mappings/company', 'B/2', { company: '250' })
  hideFrom(app, 'ffin', 'company', [251])
  app.clock.advance(6 * 60_000)
  const undone = await app.post('/mappings/undo', 'B/2', { seq: undoOf(moved.html) })
  expect([undone.status, undone.html]).toEqual([422, expect.stringContaining('cannot see this company')])
  expect((await app.post('/mappings/company', 'B/2', { company: '251' })).status).toBe(422)
  expect(await app.stateOf('B/2')).toMatchObject({ companyId: 250 })
})

it('every change of a row is of the state that was seen', async () => {
  const { post, stateOf } = await given()
  const before = await stateOf('A-17')
  for (const [path, fields] of [
    ['include', { on: 'no' }],
    ['removal', {}],
    ['undo', { seq: '1' }],
  ] as const) {
    const { status } = await post(`/mappings/${path}`, 'A-17', fields, 'made up')
    expect([path, status]).toEqual([path, path === 'undo' ? 422 : 409])
  }
  const off = await post('/mappings/include', 'A-17', { on: 'no' })
  expect((await post('/mappings/undo', 'A-17', { seq: undoOf(off.html) }, 'made up')).status).toBe(409)
  expect((await post('/mappings/undo', 'A-17', { seq: undoOf(off.html) })).status).toBe(200)
  expect((await stateOf('A-17')).mappings).toMatchObject(before.mappings.map(({ id, include }) => ({ id, include })))
})

it("undo puts nothing back over a colleague's rule", async () => {
  const { post, stateOf, finance, clock, world, agreement, mapping } = await given()
  addAddition(world, { id: 302, agreement, product: 512, quantity: 1 })
  const mapped = await post('/mappings/target', 'A-17', { target: 'addition:302', mapping: mapping.id })
  clock.advance(1000)
  const version = String((await stateOf('A-17')).mappings[0]?.updatedAt)
  const rule = { 'write-quantity': 'on', included: '5', version }
  expect((await finance.ask('POST', `/mappings/${mapping.id}/rule`, rule)).status).toBe(200)
  const undone = await post('/mappings/undo', 'A-17', { seq: undoOf(mapped.html) })
  expect([undone.status, undone.html]).toEqual([409, expect.stringContaining('Somebody changed this row since')])
  expect((await stateOf('A-17')).mappings).toMatchObject([{ additionId: 302, rule: { included: '5' } }])
})

it('a search finds and counts nothing that the member may not read, and no change of many reaches it', async () => {
  const app = await given()
  addCompany(app.world, { id: 251, name: 'Woodgrove Bank' })
  await app.post('/mappings/company', 'B/2', { company: '251' })
  await app.get('/pickers/companies')
  hideFrom(app, 'ffin', 'company', [251])
  app.clock.advance(6 * 60_000)
  const found = await app.get('/mappings/accounts?search=woodgrove')
  expect(found.html).toContain('>0 accounts<')
  expect(found.html).toContain('may not read in ConnectWise are neither shown nor counted')
  const withoutNames = (html: string) =>
    html
      .replaceAll('woodgrove', '')
      .replaceAll('nobody', '')
      .replace(/nonce="[^"]*"/g, '')
  expect(withoutNames(found.html)).toBe(withoutNames((await app.get('/mappings/accounts?search=nobody')).html))
  const picked = await app.get('/pickers/companies?search=woodgrove')
  expect(withoutNames(picked.html)).toBe(withoutNames((await app.get('/pickers/companies?search=nobody')).html))
  const form = { action: 'include', scope: 'ticked', keys: JSON.stringify(['src', 'B/2']) }
  const asked = await app.finance.ask('POST', '/mappings/reviews', form)
  expect(await asked.text()).toContain('There is no row to change.')
})

it('the history and what is added together name nothing that the member may not read', async () => {
  const app = await given()
  const { world, post, get, mapping, addition } = app
  addCompany(world, { id: 251, name: 'Woodgrove Bank' })
  await app.map({ id: 'm-2', account: 'B/2', companyId: 251, agreementId: 87, additionId: addition.id })
  const moved = await post('/mappings/company', 'A-17', { company: '251' })
  await post('/mappings/undo', 'A-17', { seq: undoOf(moved.html) })
  const path = `/mappings/${mapping.id}`
  expect((await get(path)).html).toContain('chose company 251')
  expect((await get(path)).html).toContain('B/2: users')
  hideFrom(app, 'ffin', 'company', [251])
  app.clock.advance(6 * 60_000)
  const { html } = await get(path)
  expect(html).not.toContain('251')
  expect(html).not.toContain('B/2')
  expect(html).toContain('1 more, of a company that you may not read')
  expect(html).toContain('changed it in a company or agreement that you may not read')
  expect((await app.finance.ask('POST', `${path}/rule`, { 'write-quantity': 'on', version: '1' })).status).toBe(403)
})
