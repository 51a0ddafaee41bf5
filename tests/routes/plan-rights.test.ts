import { afterEach, describe, expect, it } from 'vitest'
import { findPlan } from '#db/plans.ts'
import { findTenant } from '#db/tenants.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { addAddition } from '../sandbox/manage/build.ts'
import { setLevel } from '../sandbox/manage/rights.ts'
import { addStaff } from '../sandbox/manage/world.ts'
import { signIn } from '../session/signed-in.ts'
import type { Options } from '../start.ts'
import { openMemory } from '../stores.ts'
import { wordsOf } from './words.ts'

let app: Contoso | undefined
afterEach(() => app?.close())

async function given(options: Options = {}) {
  const made = await givenContoso(openMemory, 10, options)
  app = made
  addStaff(made.world)
  const fay = await signIn(made, { member: 'ffin', role: 'finance' })
  const read = async (path: string) => wordsOf(await (await fay.ask('GET', path)).text())
  return Object.assign(made, { fay, read })
}

/** ConnectWise keeps prices from this member, who may read the agreement. */
const hidePrices = ({ manage }: Contoso, member: string) =>
  manage.faults.add({
    match: { path: /\/additions/ },
    fault: {
      name: 'prices hidden',
      answer: async ({ request }, pass) =>
        request.headers.get('cookie')?.includes(`memberId=${member}`) ? Response.json([{ id: 301 }]) : pass(),
    },
  })

/** A plan that waits because of a price. */
async function priced(app: Contoso, price = '11.11') {
  await app.map({ ...app.mapping, rule: { write: ['quantity', 'price'] }, confirmedRule: null })
  await app.say({ 'A-17': 12 }, { money: { unitPrice: price, currency: 'USD' } })
  const { plan } = await app.sync()
  return { id: plan ?? '', fingerprint: (await findPlan(app.scope, plan ?? ''))?.fingerprint ?? '' }
}

describe('finance, from whom ConnectWise keeps prices', () => {
  it('sees none in a plan or the list of plans, and cannot approve what it does not see, but dismiss it', async () => {
    const made = await given()
    hidePrices(made, 'ffin')
    const { id, fingerprint } = await priced(made)
    const shown = await made.read(`/plans/${id}`)
    expect(shown).toContain('You cannot approve it: 1 of its changes has costs or prices that you may not see')
    for (const text of [shown, await made.read('/plans')]) expect(text).not.toMatch(/11\.11|USD|Approve 1/)
    const refused = await made.fay.ask('POST', `/plans/${id}/approval`, { fingerprint })
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('You cannot approve it')])
    await made.settled()
    expect(made.held()).toEqual([{ id: 301, quantity: 10 }])
    expect((await made.fay.ask('POST', `/plans/${id}/dismissal`)).status).toBe(200)
  })

  it('is not offered the source’s price in a conflict, cannot take it, and reads why', async () => {
    const made = await given()
    const jane = await signIn(made, { member: 'jsmith', role: 'finance' })
    const first = await priced(made)
    await jane.ask('POST', `/plans/${first.id}/approval`, { fingerprint: first.fingerprint })
    await made.settled()
    made.manage.edit(made.addition, { unitPrice: 9 }, 'Pat')
    hidePrices(made, 'ffin')
    const { id } = await priced(made, '11.22')
    const html = await (await made.fay.ask('GET', `/plans/${id}`)).text()
    expect(wordsOf(html)).toContain("The source's value cannot be taken: it has costs or prices")
    expect(html).not.toMatch(/Take the source|11\.22/)
    const taken = await made.fay.ask('POST', /hx-post="([^"]+choice)"/.exec(html)?.[1] ?? '', { choice: 'take' })
    expect([taken.status, await taken.text()]).toEqual([403, expect.stringContaining('may not see in ConnectWise')])
    expect(made.addition.unitPrice).toBe(9)
  })
})

it('the list of plans leaves out plans of agreements that the member may not read, with their money', async () => {
  const made = await given()
  await made.say({ 'A-17': 20 })
  await made.sync()
  expect(await made.read('/plans')).toContain('+100.00 USD a month')
  setLevel(made.world, 'ffin', 'Finance > Agreements', 'inquire', 'None')
  made.clock.advance(301_000)
  const text = await made.read('/plans')
  expect(text).toContain('Not shown: 1 about companies or agreements that you may not read')
  expect(text).not.toMatch(/USD|1 changes/)
})

it('a plan of nothing but blocks is approved by nobody, and does not let schedules write (G16)', async () => {
  const made = await given({ observe: true })
  await made.map({ ...made.mapping, rule: { write: ['quantity', 'cost'] }, confirmedRule: null })
  await made.say({ 'A-17': 12 }, { money: { unitCost: '4.25', currency: 'EUR' } })
  const { plan } = await made.sync()
  expect(await made.read(`/plans/${plan}`)).toContain('1 of these cannot be approved, only put right')
  const fingerprint = (await findPlan(made.scope, plan ?? ''))?.fingerprint ?? ''
  const answer = await made.fay.ask('POST', `/plans/${plan}/approval`, { fingerprint })
  expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('nothing in it can be approved')])
  expect((await findTenant(made.deps.db, made.scope.tenant))?.mode).toBe('observe')
  expect((await findPlan(made.scope, plan ?? ''))?.state).toBe('waiting')
})

it('of two waiting plans, each line of an agreement offers the choice of its own conflict', async () => {
  const made = await given()
  const other = addAddition(made.world, { id: 302, agreement: 87, product: 512, quantity: 5, unitPrice: 10 })
  const second = await made.map({ account: 'B-1', agreementId: 87, additionId: 302 })
  await made.say({ 'A-17': 12, 'B-1': 6 })
  await made.sync()
  made.manage.edit(made.addition, { quantity: 11 }, 'Pat')
  made.manage.edit(other, { quantity: 2 }, 'Pat')
  await made.say({ 'A-17': 13, 'B-1': 7 })
  await made.sync({ mappings: [made.mapping.id] })
  await made.sync({ mappings: [second.id] })
  const html = await (await made.fay.ask('GET', '/agreements/87')).text()
  const takes = [...html.matchAll(/hx-post="([^"]+choice)"[^>]*>Take the source&#39;s: (\d+)/g)]
  expect(takes.map(([, , wanted]) => wanted)).toEqual(['13', '7'])
  const [, path = ''] = takes[0] ?? []
  expect(await (await made.fay.ask('POST', path, { choice: 'take' })).text()).toContain('Taken: 13 is written now.')
  await made.settled()
  expect(made.held()).toEqual([
    { id: 301, quantity: 13 },
    { id: 302, quantity: 2 },
  ])
})
