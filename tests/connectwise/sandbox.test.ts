import { describe, expect, it } from 'vitest'
import { connectWise, type Effects } from '#connectwise/connectwise.ts'
import { testConnection } from '#connectwise/test-connection.ts'
import { createClock } from '../clock.ts'
import * as fault from '../sandbox/manage/faults.ts'
import { createManage, defaultKeys } from '../sandbox/manage/manage.ts'
import { addAddition, addAgreement, generatedWorld, setLevel } from '../sandbox/manage/world.ts'

const origin = 'http://127.0.0.1:4601'

async function start(size = { agreements: 200, additionsEach: 5 }) {
  const clock = createClock('2026-11-21T22:00:00Z')
  const world = generatedWorld(size)
  const sandbox = createManage({ clock, world })
  const effects: Effects = { fetch: sandbox.fetch, now: clock.now, sleep: clock.sleep, random: () => 0.5 }
  const test = (more: object = {}) =>
    clock.run(testConnection({ site: origin, ...defaultKeys, ...more }, effects, [origin]))
  const tested = await test()
  if (!tested.ok) throw new Error(tested.cause)
  const options = { concurrency: 4, readTimeoutMs: 60_000, writeTimeoutMs: 30_000 }
  const manage = connectWise(tested.connection, effects, options)
  const agreements = world.agreements.rows().map(({ id }) => id)
  return { clock, world, sandbox, tested, test, manage, agreements }
}

describe('over the sandbox', () => {
  it('a night reads 200 agreements with one request and their additions with one each', async () => {
    const { clock, world, manage, agreements } = await start()
    const found = await clock.run(manage.listAgreements(agreements))
    expect(found).toHaveLength(200)
    expect(found[0]).toMatchObject({ status: 'Active', currency: 'USD', currencyDecimals: 2, billingCycle: 'Monthly' })
    expect(manage.requests()).toBe(1)
    const additions = (await clock.run(Promise.all(agreements.map((id) => manage.listAdditions(id))))).flat()
    expect(additions.map(({ id }) => id)).toEqual(world.additions.rows().map(({ id }) => id))
    expect(manage.requests()).toBe(201)
  })

  it('the report holds the same additions as the agreements', async () => {
    const { clock, manage, agreements } = await start()
    const report = await clock.run(manage.reportAdditions())
    expect(manage.requests()).toBe(1)
    const lists = (await clock.run(Promise.all(agreements.map((id) => manage.listAdditions(id))))).flat()
    expect(report).toEqual(lists)
  })

  it('the report is absent when it is switched off', async () => {
    const { clock, world, manage, test } = await start({ agreements: 2, additionsEach: 2 })
    world.reports = false
    expect(await clock.run(manage.reportAdditions())).toBeUndefined()
    expect(await test()).toMatchObject({ ok: true, hasAdditionsReport: false })
  })

  it('an addition is created, found, changed and ended', async () => {
    const { clock, world, manage, agreements } = await start({ agreements: 1, additionsEach: 1 })
    const [agreement = 0] = agreements
    const productId = world.products.rows()[0]?.id ?? 0
    const created = await clock.run(
      manage.createAddition(agreement, {
        ...{ productId, quantity: '2.5', effectiveOn: '2026-12-01', billCustomer: 'Billable', serialNumber: 'TU-1' },
      }),
    )
    if (created.outcome !== 'done') throw new Error(created.outcome)
    const { id } = created.addition
    expect(created.addition).toMatchObject({ quantity: '2.5', effectiveOn: '2026-12-01', serialNumber: 'TU-1' })
    const ended = await clock.run(manage.updateAddition(agreement, id, { quantity: '3', cancelledOn: '2026-12-31' }))
    expect(ended).toMatchObject({ outcome: 'done', addition: { id, quantity: '3', cancelledOn: '2026-12-31' } })
    expect(await clock.run(manage.findAddition(agreement, id))).toEqual(ended.outcome === 'done' && ended.addition)
    expect(await clock.run(manage.findAddition(agreement, id + 1000))).toBeUndefined()
  })

  it.each([
    ['cut at 25 rows', fault.shortPages()],
    ['without links', fault.noLink()],
    ['with numbers as text', fault.numbersAsStrings()],
    ['under another content type', fault.wrongContentType()],
  ])('lists %s come whole', async (_, kind) => {
    const { clock, world, sandbox, manage } = await start({ agreements: 1, additionsEach: 1 })
    const agreement = addAgreement(world)
    for (let n = 0; n < 1060; n++) addAddition(world, { agreement })
    sandbox.faults.add({ fault: kind })
    expect(await clock.run(manage.listAdditions(agreement.id))).toHaveLength(1060)
  })

  it.each([
    ['empty', fault.emptyPage()],
    ['from another host', fault.foreignLink()],
    ['leading back', fault.loopingLink()],
    ['failing', fault.failingPage()],
    ['cut off', fault.truncatedJson()],
    ['a web page', fault.html200()],
    ['huge', fault.hugeBody(12_000_000)],
    ['reset', fault.resetMidBody()],
    ['slow', fault.slowBody(1000)],
  ])('a list whose second page is %s is refused whole', async (_, kind) => {
    const { clock, world, sandbox, manage } = await start({ agreements: 1, additionsEach: 1 })
    const agreement = addAgreement(world)
    for (let n = 0; n < 2100; n++) addAddition(world, { agreement })
    sandbox.faults.add({ match: { page: 2, path: /additions\?/ }, fault: kind })
    await expect(clock.run(manage.listAdditions(agreement.id))).rejects.toMatchObject({ name: 'Problem' })
  })

  it('an absent right is named', async () => {
    const { world, test } = await start({ agreements: 1, additionsEach: 1 })
    setLevel(world, 'TrueUp', 'Finance > Agreements', 'inquire', 'None')
    expect(await test()).toMatchObject({
      ok: false,
      cause: expect.stringContaining('Finance › Agreements › Inquire All'),
    })
    expect(await test({ privateKey: 'wrong' })).toMatchObject({ ok: false, cause: expect.stringContaining('keys') })
    expect(await test({ companyId: 'other' })).toMatchObject({ ok: false, cause: expect.stringContaining('company') })
  })
})
