import { expect, it } from 'vitest'
import { addAddition } from '../sandbox/manage/build.ts'
import { signIn } from '../session/signed-in.ts'
import { openMemory } from '../stores.ts'
import { givenGrid } from './mapping-given.ts'

const given = async () => {
  const grid = await givenGrid(openMemory)
  const path = `/mappings/${grid.mapping.id}`
  const ruleOf = async () => (await grid.stateOf('A-17')).mappings[0]
  const send = async (to: string, fields: Record<string, string>) => {
    const version = String((await ruleOf())?.updatedAt)
    const response = await grid.finance.ask('POST', `${path}${to}`, { version, ...fields })
    return { status: response.status, html: await response.text() }
  }
  return { ...grid, path, ruleOf, send }
}

it('the pencil shows the arithmetic of the newest reading and saves a rule, which the next plan holds (4.9, G8)', async () => {
  const { get, path, send, ruleOf, sync } = await given()
  await sync()
  expect((await get(path)).html).toMatch(/<dt>users<\/dt><dd class="number">12<\/dd>/)
  const saved = await send('/rule', { 'write-quantity': 'on', included: '5', packSize: '2' })
  expect(saved.status).toBe(200)
  expect(saved.html).toMatch(/<dt>less 5 included<\/dt><dd class="number">7<\/dd>.*in packs of 2.*>4</)
  expect(await ruleOf()).toMatchObject({
    rule: { write: ['quantity'], included: '5', packSize: '2' },
    updatedBy: 'ffin',
  })
  const { details } = await sync()
  expect(details.find(({ account }) => account === 'A-17')?.reason).toContain('since the rule was changed')
  expect((await get(path)).html).toContain('changed its rule.')
})

it('a wrong rule is refused at its field, what was typed stays, and nothing is saved (4.9)', async () => {
  const { send, ruleOf } = await given()
  const before = await ruleOf()
  const refused = await send('/rule', { 'write-quantity': 'on', minimum: '20', maximum: '10', packSize: 'x' })
  expect(refused.status).toBe(422)
  expect(refused.html).toContain('must be a number')
  expect(refused.html).toContain('value="20"')
  const contrary = await send('/rule', { 'write-quantity': 'on', minimum: '20', maximum: '10' })
  expect(contrary.html).toContain('minimum 20 is greater than maximum 10')
  expect((await send('/rule', { minimum: '1' })).html).toContain('must name at least one field')
  expect(await ruleOf()).toEqual(before)
})

it('a rule that somebody saved meanwhile is not overwritten', async () => {
  const { send, ruleOf } = await given()
  const version = String((await ruleOf())?.updatedAt)
  await send('/rule', { 'write-quantity': 'on', maximum: '50' })
  expect((await send('/rule', { 'write-quantity': 'on', maximum: '60', version })).status).toBe(409)
  expect(await ruleOf()).toMatchObject({ rule: { maximum: '50' } })
})

it('mappings of one addition keep one rule: saving one saves both (4.9)', async () => {
  const { post, send, stateOf } = await given()
  await post('/mappings/company', 'B/2', { company: '250' })
  await post('/mappings/agreement', 'B/2', { agreement: '87' })
  await post('/mappings/target', 'B/2', { target: 'addition:301' })
  expect((await send('/rule', { 'write-quantity': 'on', minimum: '20' })).html).toContain('B/2: users')
  expect((await stateOf('B/2')).mappings).toMatchObject([{ rule: { minimum: '20' } }])
})

it('another addition of the product can be left alone, and a parked mapping says why (M21)', async () => {
  const { get, path, send, ruleOf, world, agreement, sync, addition } = await given()
  addAddition(world, { id: 302, agreement, product: 512, quantity: 3 })
  await sync()
  expect((await get(path)).html).toContain('Leave addition 302')
  await send('/rule', { 'write-quantity': 'on', 'leave-302': 'on' })
  expect(await ruleOf()).toMatchObject({ leaveAlone: [302] })
  world.additions.delete(addition.id)
  await sync()
  expect((await get(path)).html).toContain('Parked: addition 301 was deleted in ConnectWise')
})

it('a technician sees the mapping and changes nothing; unmapping it shows the list again', async () => {
  const { get, path, send, ruleOf, ...app } = await given()
  await app.sync()
  const technician = await signIn(app, { member: 'ttech', role: 'technician' })
  const seen = await get(path, technician)
  expect(seen.html).toContain('Changing it needs the role finance.')
  expect(seen.html).not.toContain('hx-post')
  expect((await technician.ask('POST', `${path}/rule`, {})).status).toBe(403)
  expect((await send('/removal', {})).html).toContain('Unmapped.')
  expect(await ruleOf()).toBeUndefined()
  expect((await get(path)).status).toBe(404)
})
