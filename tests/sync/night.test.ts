import { afterEach, expect, it } from 'vitest'
import { listLastValues } from '#db/last-values.ts'
import { takeLease } from '#db/leases.ts'
import { brokenAt, listLedger } from '#db/ledger.ts'
import { findPlan } from '#db/plans.ts'
import { findNewestRun, findRun } from '#db/runs.ts'
import { summaryOf } from '#sync/summary.ts'
import { givenContoso, killSwitchStatements } from '../given.ts'
import { addAddition, addAgreement, addCompany, addProduct } from '../sandbox/manage/build.ts'
import { failingPage, status, throttle429 } from '../sandbox/manage/faults.ts'
import { emptyWorld } from '../sandbox/manage/world.ts'
import { type App, type Options, startApp } from '../start.ts'
import { eachStore } from '../stores.ts'

const writes = ({ manage }: App) => manage.requests.filter(({ method }) => method !== 'GET')

eachStore((open) => {
  let app: App | undefined
  afterEach(() => app?.close())
  const contoso = async (quantity: number, options: Options = {}) => {
    const made = await givenContoso(open, quantity, options)
    app = made
    return made
  }
  /** `count` agreements with one addition of 10 each, mapped from accounts, … that say 11. */
  const many = async (count: number, options: Options = {}) => {
    const world = emptyWorld()
    const product = addProduct(world, { id: 512 })
    const company = addCompany(world, { id: 250 })
    const limits = { share: { percent: 100, from: 10 }, ...options.limits }
    const made = await startApp(open, { ...options, world, limits })
    app = made
    const said: Record<string, number> = {}
    for (let i = 1; i <= count; i++) {
      addAddition(world, {
        id: 1000 + i,
        agreement: addAgreement(world, { id: 100 + i, company }),
        product,
        quantity: 10,
      })
      await made.map({ id: `m${i}`, account: `A-${i}`, agreementId: 100 + i, additionId: 1000 + i })
      said[`A-${i}`] = 11
    }
    await made.say(said)
    return made
  }
  const newest = async (made: App) => {
    const run = await findNewestRun(made.scope)
    return run && summaryOf(made.scope, run)
  }

  it('X1: the nightly run comes at 02:00 of the tenant, once, however often the timer ticks', async () => {
    const app = await contoso(10, { zone: 'America/New_York' })
    await app.say({ 'A-17': 12 })
    app.clock.set(Date.parse('2026-11-18T06:59:00Z'))
    await app.tick()
    expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
    app.clock.set(Date.parse('2026-11-18T07:00:00Z'))
    await app.tick()
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
    const run = await newest(app)
    await app.tick()
    await app.tick()
    expect((await newest(app))?.run).toBe(run?.run)
  })

  it('daylight-saving days run once, forward and back', async () => {
    const app = await contoso(10, { at: '2026-03-07T20:00:00Z', zone: 'America/New_York' })
    const days: (string | null | undefined)[] = []
    for (const at of [
      '2026-03-08T06:30:00Z',
      '2026-03-08T07:30:00Z',
      '2026-03-08T08:30:00Z',
      '2026-11-01T06:30:00Z',
      '2026-11-01T07:30:00Z',
    ]) {
      app.clock.set(Date.parse(at))
      await app.tick()
      await app.tick()
      days.push((await findNewestRun(app.scope))?.localDay)
    }
    expect(days).toEqual([undefined, '2026-03-08', '2026-03-08', '2026-10-31', '2026-11-01'])
  })

  it('F7: ticks that were absent for three days bring one run', async () => {
    const app = await contoso(10)
    app.clock.set(Date.parse('2026-11-20T12:00:00Z'))
    await app.tick()
    const first = await findNewestRun(app.scope)
    expect(first?.localDay).toBe('2026-11-20')
    app.clock.advance(60_000)
    await app.tick()
    expect((await findNewestRun(app.scope))?.id).toBe(first?.id)
  })

  it('G16: scheduled runs of a new tenant plan and write nothing until somebody approved a plan', async () => {
    const app = await contoso(10, { observe: true })
    await app.say({ 'A-17': 12 })
    app.clock.set(Date.parse('2026-11-18T02:00:00Z'))
    await app.tick()
    const run = await newest(app)
    expect(run).toMatchObject({ state: 'held', changes: { held: 1 } })
    expect(run?.details[0]?.reason).toContain('G16')
    expect(writes(app)).toEqual([])
  })

  it('G16: a first plan that somebody takes ends the observing, even when nothing in it waits', async () => {
    const app = await contoso(10, { observe: true })
    await app.say({ 'A-17': 11 })
    expect(await app.sync({ approveAs: 'Fay' })).toMatchObject({ state: 'done', changes: { updated: 1 } })
    await app.say({ 'A-17': 12 })
    app.clock.set(Date.parse('2026-11-18T02:00:00Z'))
    await app.tick()
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
  })

  it('V18: one failing agreement does not stop the others', async () => {
    const app = await many(4)
    app.manage.faults.add({ match: { path: /agreements\/102\/additions/ }, fault: failingPage(500) })
    const run = await app.sync()
    expect(run).toMatchObject({ state: 'failed', changes: { updated: 3, failed: 1 } })
    expect(run.details.find(({ account }) => account === 'A-2')).toMatchObject({ outcome: 'failed' })
    app.manage.faults.clear()
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1, unchanged: 3 } })
  })

  it('a right that is missing pauses the tenant with its cause', async () => {
    const app = await many(2)
    app.manage.faults.add({
      match: { path: /additions/ },
      fault: status(403, { body: { code: 'Forbidden', message: 'no right' } }),
    })
    expect(await app.sync()).toMatchObject({ state: 'failed', changes: { updated: 0 } })
    expect(app.lines.some((line) => line.includes('tenant.paused'))).toBe(true)
  })

  it('E11: after a 429 nothing is asked for 30 s, then the rest follows, each written once', async () => {
    const app = await many(30)
    app.manage.faults.add({ match: { method: 'PATCH', nth: 13 }, fault: throttle429(30) })
    const run = await app.sync()
    expect(run).toMatchObject({ state: 'done', changes: { updated: 30 } })
    const sent = app.manage.requests.filter(({ method }) => method === 'PATCH')
    const throttled = sent.find(({ status }) => status === 429)?.at ?? 0
    expect(sent.filter(({ at }) => at > throttled && at < throttled + 30_000)).toEqual([])
    const succeeded = sent.filter(({ status }) => status === 200).map(({ path }) => path)
    expect(new Set(succeeded).size).toBe(30)
    expect(succeeded).toHaveLength(30)
    expect(sent.length).toBeLessThanOrEqual(36)
  })

  it('a 429 that never ends ends the run, failed with its reason, and the next run tries again', async () => {
    const app = await many(2)
    const storm = app.manage.faults.add({ match: { method: 'PATCH' }, fault: throttle429(600) })
    const run = await app.sync()
    expect(run).toMatchObject({ state: 'failed', changes: { failed: 2 } })
    expect(run.details[0]?.reason).toContain('kept asking to wait for 4 hours')
    expect(writes(app).length).toBeLessThan(100)
    storm.remove()
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 2 } })
  })

  it('F28: half an hour of 429 ends with every change written once and little waste', async () => {
    const app = await many(12)
    const from = app.clock.now()
    app.manage.faults.storm({ from, to: from + 30 * 60_000, retryAfter: 30 })
    app.clock.set(Date.parse('2026-11-18T02:00:00Z') - 10)
    app.manage.faults.storm({ from: app.clock.now(), to: app.clock.now() + 30 * 60_000 })
    await app.say(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`A-${i + 1}`, 12])))
    for (let minute = 0; minute < 90; minute++) {
      app.clock.advance(60_000)
      await app.tick()
    }
    const sent = writes(app)
    expect(sent.filter(({ status }) => status === 200)).toHaveLength(12)
    expect(sent.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(12)
    expect([...app.world.additions.values()].every(({ quantity }) => quantity === 12)).toBe(true)
  })

  it('G4: a run of some accounts is measured against all mapped additions of the tenant', async () => {
    const app = await many(40, { limits: { share: { percent: 30, from: 10 } } })
    const accounts = Array.from({ length: 12 }, (_, i) => `A-${i + 1}`)
    expect(await app.sync({ accounts: accounts.slice(0, 10) })).toMatchObject({
      state: 'done',
      changes: { updated: 10 },
    })
    expect(await app.sync()).toMatchObject({ state: 'held', changes: { held: 30 } })
  })

  it('two ticks at once make one run and send every write once (F4, F5)', async () => {
    const app = await many(6)
    app.clock.set(Date.parse('2026-11-18T02:00:00Z'))
    await Promise.all([app.tick(), app.tick(), app.tick()])
    expect(writes(app)).toHaveLength(6)
  })

  it('a tenant whose lease somebody holds is left alone', async () => {
    const app = await contoso(10)
    await app.say({ 'A-17': 12 })
    await takeLease(app.scope, 'another process', 90_000)
    await expect(app.sync()).rejects.toThrow('another run is working')
    app.clock.advance(91_000)
    expect(await app.sync()).toMatchObject({ state: 'done' })
  })

  it('a run that stops between two slices resumes where it was', async () => {
    const app = await many(20)
    let left = 2
    const { tick } = await import('#sync/tick.ts')
    app.clock.set(Date.parse('2026-11-18T02:00:00Z'))
    app.deps.at = (point) => {
      if (point === 'outcome.saved') left--
    }
    await app.clock.run(tick(app.deps, { stopping: () => left <= 0 }))
    expect(writes(app).length).toBeLessThan(12)
    expect((await newest(app))?.state).toBe('running')
    app.deps.at = () => undefined
    await app.tick()
    expect(await newest(app)).toMatchObject({ state: 'done', changes: { updated: 20 } })
    expect(writes(app)).toHaveLength(20)
  })

  it('I14: the ledger is an unbroken chain, and replaying it gives the last values', async () => {
    const app = await many(5)
    await app.sync()
    await app.say({ 'A-1': 12, 'A-2': 10, 'A-3': 11, 'A-4': 11, 'A-5': 13 })
    await app.sync({ approveAs: 'Fay' })
    const rows = await listLedger(app.scope)
    expect(brokenAt(rows)).toBeUndefined()
    const [row] = rows
    expect(brokenAt(rows.map((r) => (r === row ? { ...r, body: r.body.replace('10', '11') } : r)))).toBe(1)

    const replayed = new Map<number, { quantity: string | null }>()
    for (const { body } of rows) {
      const { values = [] } = JSON.parse(body)
      for (const value of [values].flat()) replayed.set(value.additionId, value)
    }
    const stored = await listLastValues(app.scope)
    expect(stored.map(({ additionId, quantity }) => [additionId, quantity])).toEqual(
      stored.map(({ additionId }) => [additionId, replayed.get(additionId)?.quantity]),
    )
  })

  it('keeps 460 days of history and the ledger for ever; what is mapped and trusted goes on', async () => {
    const app = await contoso(10)
    await app.say({ 'A-17': 11 })
    const first = await app.sync()
    const entries = (await listLedger(app.scope)).length
    app.clock.advance(459 * 86_400_000)
    await app.tick()
    expect(await findRun(app.scope, first.run)).toBeDefined()
    app.clock.advance(2 * 86_400_000)
    await app.tick()
    expect(await findRun(app.scope, first.run)).toBeUndefined()
    expect(await findPlan(app.scope, first.plan ?? '')).toBeUndefined()
    expect((await listLedger(app.scope)).length).toBeGreaterThanOrEqual(entries)
    await app.say({ 'A-17': 12 })
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
  })

  it('the kill switch ends a night without a write, and the next night catches up', async () => {
    const app = await contoso(10)
    const { save } = await import('#db/db.ts')
    await save(app.deps.db, killSwitchStatements(app, 'install', true))
    await app.say({ 'A-17': 12 })
    app.clock.set(Date.parse('2026-11-18T02:00:00Z'))
    await app.tick()
    expect(writes(app)).toEqual([])
    await save(app.deps.db, killSwitchStatements(app, 'install', false))
    app.clock.set(Date.parse('2026-11-19T02:00:00Z'))
    await app.tick()
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
  })
})
