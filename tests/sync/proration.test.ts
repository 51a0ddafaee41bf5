import { afterEach, describe, expect, it } from 'vitest'
import { ruleText } from '#billing/rule.ts'
import { listLogs } from '#db/logs.ts'
import { listPlanRows } from '#db/plans.ts'
import { approvePlan, dismissPlan } from '#sync/approve/approve.ts'
import { choose, isConflict } from '#sync/approve/choose.ts'
import { finishRun } from '#sync/sync.ts'
import { lateCommit, reset, wrongEcho } from '../sandbox/manage/faults.ts'
import { wholeLife } from '../start.ts'
import { eachStore, openMemory } from '../stores.ts'
import { givenProrated } from './prorated.ts'
import { firstReason, horizon, listOpen, live, patches, post, posts } from './tools.ts'

type Options = Parameters<typeof givenProrated>[1]
type Prorated = Awaited<ReturnType<typeof givenProrated>>

let app: Prorated | undefined
afterEach(() => app?.close())
const november = { agreement: { nextInvoiceDate: '2026-11-01' } }

eachStore((open) => {
  const prorated = async (options: Options = {}) => {
    app = await givenProrated(open, options)
    return app
  }

  it('PR20: a held rise approved three days later keeps the day it was first seen', async () => {
    const app = await prorated()
    const run = await app.count('2026-11-17', 19)
    expect(run).toMatchObject({ state: 'held', changes: { held: 2, created: 0 } })
    app.set('2026-11-20')
    await approvePlan(app.deps, app.scope, run.plan ?? '', { member: 'Fay' })
    await app.clock.run(finishRun(app.deps, app.scope, run.run, wholeLife))
    expect(app.lines()).toEqual(['19', '9 from 2026-11-17 to 2026-11-30'])
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { unchanged: 1, created: 0 } })
    expect(app.invoice()).toBe(232)
  })

  it('V5: what a month missed is offered every night, until somebody dismisses a plan with it', async () => {
    const app = await prorated({ agreement: { prorateFlag: false } })
    await app.count('2026-11-20', 11)
    const offered = await app.count('2026-11-21', 11)
    expect(offered).toMatchObject({ state: 'held', changes: { held: 1 } })
    await dismissPlan(app.deps, app.scope, offered.plan ?? '', 'Fay')
    expect(await app.count('2026-11-22', 11)).toMatchObject({ state: 'done', changes: { held: 0, created: 0 } })
    expect(await app.count('2026-11-23', 12)).toMatchObject({ state: 'held', changes: { updated: 1, held: 1 } })
    expect(app.lines()).toEqual(['12'])
  })

  it('R2: a dated line whose answer was lost is found by its marker and not made again', async () => {
    const app = await prorated()
    app.manage.faults.add({ match: { ...post, times: 1 }, fault: lateCommit(300_000) })
    expect(await app.count('2026-11-17', 12)).toMatchObject({ changes: { unknown: 1, updated: 1 } })
    expect(await app.sync()).toMatchObject({ changes: { unknown: 1, created: 0 } })
    await live(app, horizon + 120_000)
    expect(app.lines()).toEqual(['12', '2 from 2026-11-17 to 2026-11-30'])
    await app.count('2026-11-17', 13)
    expect(app.lines()).toEqual(['13', '3 from 2026-11-17 to 2026-11-30'])
    expect([posts(app).length, await listOpen(app)]).toEqual([1, []])
  })

  it('R3: a process killed between the end of a line and the rise goes on with the rise', async () => {
    const app = await prorated(november)
    await app.count('2026-11-17', 12)
    app.invoice()
    app.manage.requests.length = 0
    app.deps.at = (point) => {
      if (point === 'outcome.saved') throw new Error('killed')
    }
    await expect(app.count('2026-11-18', 12)).rejects.toThrow('killed')
    expect(app.lines()).toEqual(['10', '2 from 2026-11-17 to 2026-11-30'])
    app.deps.at = () => undefined
    await app.tick()
    expect(app.lines()).toEqual(['12', '2 from 2026-11-17 to 2026-11-30'])
    expect(patches(app)).toHaveLength(2)
  })
})

describe('a dated line', () => {
  const prorated = async (options: Options = {}) => {
    app = await givenProrated(openMemory, options)
    return app
  }

  it('is billed and worded as its standing line is when it is made', async () => {
    const app = await prorated()
    const like = { taxableFlag: true, invoiceDescription: 'Awareness training', billCustomer: 'NoCharge' as const }
    app.manage.edit(app.addition, { ...like, unitPrice: 11 })
    await app.count('2026-11-17', 12)
    expect(app.world.additions.get(302)).toMatchObject({ ...like, unitPrice: 11, unitCost: 4, quantity: 2 })
  })

  it('that never arrived is sent again with the day it was counted on', async () => {
    const app = await prorated()
    app.manage.faults.add({ match: { ...post, times: 1 }, fault: reset('beforeCommit') })
    await app.count('2026-11-17', 12)
    await live(app, horizon + 13 * 3_600_000)
    expect(app.lines()).toEqual(['12', '2 from 2026-11-17 to 2026-11-30'])
    expect(posts(app)).toHaveLength(2)
  })

  it('is not made while its period is open and was invoiced between plan and approval', async () => {
    const app = await prorated(november)
    const run = await app.count('2026-11-17', 19)
    app.set('2026-11-18')
    app.invoice()
    await approvePlan(app.deps, app.scope, run.plan ?? '', { member: 'Fay' })
    const late = await app.clock.run(finishRun(app.deps, app.scope, run.run, wholeLife))
    expect(firstReason(late)).toContain('changed since the plan: its period was invoiced')
    await app.count('2026-11-18', 19, { approveAs: 'Fay' })
    expect(app.lines()).toEqual(['19', '9 from 2026-11-17 to 2026-11-30'])
    expect(app.invoice()).toBe(232)
  })

  it('that a person ended is not ended again', async () => {
    const app = await prorated(november)
    await app.count('2026-11-17', 12)
    app.manage.edit(app.world.additions.get(302) ?? app.addition, { cancelledDate: '2026-11-20T00:00:00Z' })
    app.invoice()
    await app.count('2026-11-18', 12)
    expect(app.lines()).toEqual(['12', '2 from 2026-11-17 to 2026-11-20'])
  })

  it('U18: an amount that is not as estimated is a warning and takes the place of the estimate', async () => {
    const app = await prorated()
    app.manage.faults.add({ match: { ...post, times: 1 }, fault: wrongEcho({ extendedProratePrice: 8.67 }) })
    await app.count('2026-11-17', 12)
    expect(app.lines()).toEqual(['12', '2 from 2026-11-17 to 2026-11-30'])
    const logs = await listLogs(app.scope, { since: 0, level: 'warning', readable: 'all' }, { size: 20, number: 1 })
    expect(logs.map(({ text }) => text).join()).toContain('ConnectWise prorates addition 302 by 7.1 % differently')
    expect(logs.map(({ text }) => text).join()).not.toContain('8.67')
  })

  it('U23: a day that comes back as another one stops dated lines until the instance is connected again', async () => {
    const app = await prorated()
    app.manage.faults.add({ match: { ...post, times: 1 }, fault: wrongEcho({ effectiveDate: '2026-11-16T00:00:00Z' }) })
    const run = await app.count('2026-11-17', 12)
    expect(run).toMatchObject({ state: 'failed', changes: { failed: 1, updated: 1 } })
    const next = await app.count('2026-11-18', 13, { approveAs: 'Fay' })
    expect(next).toMatchObject({ state: 'held', changes: { held: 1, updated: 1 } })
    expect(next.details.find(({ outcome }) => outcome === 'held')?.reason).toContain(
      'G14: no dated lines until ConnectWise was connected again: ConnectWise keeps 2026-11-16 where 2026-11-17 was sent',
    )
    expect(app.lines()).toEqual(['13', '2 from 2026-11-17 to 2026-11-30'])
  })

  it('is made from the day prorate was switched on, not for what was counted before', async () => {
    const app = await prorated()
    const plain = { write: ['quantity' as const] }
    await app.map({ ...app.mapping, rule: plain, confirmedRule: ruleText(plain) })
    await app.count('2026-11-09', 12)
    expect(app.lines()).toEqual(['12'])
    await app.map(app.mapping)
    await app.count('2026-11-10', 12)
    await app.count('2026-11-17', 13)
    expect(app.lines()).toEqual(['13', '1 from 2026-11-17 to 2026-11-30'])
    expect(app.invoice()).toBe(134.67)
  })
})

describe('a person’s yes to prorated lines', () => {
  const prorated = async (options: Options = {}) => {
    app = await givenProrated(openMemory, options)
    return app
  }

  it('that comes after the next invoice raises no line, so that this invoice is billed for its parts (I5, V5)', async () => {
    const app = await prorated({ since: '2026-11-20' })
    const run = await app.count('2026-11-30', 30)
    expect(app.invoice()).toBe(100)
    app.clock.set(Date.parse('2026-11-30T15:00:00Z'))
    await approvePlan(app.deps, app.scope, run.plan ?? '', { member: 'Fay' })
    const late = await app.clock.run(finishRun(app.deps, app.scope, run.run, wholeLife))
    expect(late.details[1]?.reason).toContain('its next invoice date was 2026-12-01 and is 2027-01-01 now')
    expect(app.lines()).toEqual(['10', '20 from 2026-11-30 to 2026-11-30'])
    await app.count('2026-12-01', 30, { approveAs: 'Fay' })
    expect(app.lines()).toEqual(['30', '20 from 2026-11-30 to 2026-11-30', '20 from 2026-12-01 to 2026-12-31'])
    expect(app.invoice()).toBe(506.67)
  })

  it('in a conflict ends the dated lines that the standing line takes over (4.11)', async () => {
    const app = await prorated(november)
    await app.count('2026-11-17', 12)
    app.invoice()
    app.manage.edit(app.addition, { quantity: 11 })
    const run = await app.count('2026-12-01', 12)
    const rows = await listPlanRows(app.scope, run.plan ?? '')
    expect(rows.map((row) => [row.additionId, isConflict(row)])).toEqual([
      [302, false],
      [301, true],
    ])
    await choose(app.deps, app.scope, { plan: run.plan ?? '', seq: 1 }, 'Fay', { choice: 'take' })
    await app.clock.run(finishRun(app.deps, app.scope, run.run, wholeLife))
    expect(app.lines()).toEqual(['12', '2 from 2026-11-17 to 2026-11-30'])
  })
})
