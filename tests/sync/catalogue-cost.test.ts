import { afterEach, describe, expect, it } from 'vitest'
import { plainData } from '#billing/data.ts'
import { save } from '#db/db.ts'
import { saveSource } from '#db/sources.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { reset } from '../sandbox/manage/faults.ts'
import { openMemory } from '../stores.ts'
import { live, patches } from './tools.ts'

const says = { unitCost: '2.5', currency: 'USD' }

describe('S6 the catalogue cost', () => {
  let app: Contoso | undefined
  afterEach(() => app?.close())
  const following = async (catalogueCost = true) => {
    const made = await givenContoso(openMemory, 4)
    app = made
    await save(made.deps.db, [saveSource(made.scope, 'src', { data: { ...plainData, catalogueCost } })])
    return made
  }
  const costIn = ({ world }: Contoso) => world.products.get(512)?.cost

  it('follows what the source states, once a person said yes (G13)', async () => {
    const app = await following()
    await app.say({ 'A-17': 4 }, { money: says })
    const waiting = await app.sync()
    expect([waiting.state, waiting.changes.held, costIn(app)]).toEqual(['held', 1, 2.1])
    await app.sync({ approveAs: 'ann' })
    expect([costIn(app), patches(app).map(({ path }) => path)]).toEqual([2.5, ['/procurement/catalog/512']])
    expect((await app.sync()).state).toBe('done')
  })

  it.each([
    ['with its switch off', false, { 'A-17': 4, 'B-1': 2 }, says],
    ['where no cost is stated (C16)', true, { 'A-17': 4, 'B-1': 2 }, { currency: 'USD' }],
    ['in another currency than the tenant\u2019s', true, { 'A-17': 4, 'B-1': 2 }, { ...says, currency: 'EUR' }],
  ])('is left alone %s', async (_, isOn, said, money) => {
    const app = await following(isOn)
    await app.say(said, { money })
    await app.sync({ approveAs: 'ann' })
    expect([costIn(app), patches(app)]).toEqual([2.1, []])
  })

  it('is not written over what a person changed since the plan, and sent once more after a lost request', async () => {
    const app = await following()
    await app.say({ 'A-17': 4 }, { money: says })
    const plan = await app.sync()
    expect(plan.state).toBe('held')
    const product = app.world.products.get(512)
    if (product) app.manage.edit(product, { cost: 3 })
    const run = await app.sync({ approveAs: 'ann' })
    expect([costIn(app), run.details.map(({ reason }) => reason).join()]).toEqual([
      3,
      expect.stringContaining('another cost'),
    ])
    if (product) app.manage.edit(product, { cost: 2.1 })
    app.manage.faults.add({ match: { method: 'PATCH', path: /catalog/, times: 1 }, fault: reset('beforeCommit') })
    await app.sync({ approveAs: 'ann' })
    await live(app, 600_000)
    expect(costIn(app)).toBe(2.5)
  })
})
