import { afterEach, expect, it } from 'vitest'
import { ruleText } from '#billing/rule.ts'
import { listIntents } from '#db/intents.ts'
import { givenContoso, givenNewLine } from '../given.ts'
import {
  hang,
  html200,
  lateCommit,
  reset,
  status,
  throttle429,
  truncatedJson,
  wrongEcho,
} from '../sandbox/manage/faults.ts'
import type { App } from '../start.ts'
import { eachStore } from '../stores.ts'
import { horizon, live, patch, post, posts } from './tools.ts'

eachStore((open) => {
  let app: App | undefined
  afterEach(() => app?.close())
  const newLine = async () => {
    const made = await givenNewLine(open)
    app = made
    await made.say({ 'A-17': 4 })
    return made
  }
  const contoso = async () => {
    const made = await givenContoso(open, 10)
    app = made
    await made.say({ 'A-17': 12 })
    return made
  }
  it.each([
    ['a timeout after the commit', hang('afterCommit')],
    ['an answer lost after the commit', reset('afterCommit')],
    ['a 500 after the commit', status(500, { when: 'afterCommit' })],
    ['an HTML page instead of the answer', html200()],
    ['a truncated answer', truncatedJson()],
  ])('%s makes no second addition', async (_, fault) => {
    const app = await newLine()
    app.manage.faults.add({ match: { ...post, times: 1 }, fault })
    expect(await app.sync()).toMatchObject({ state: 'failed', changes: { unknown: 1, created: 0 } })

    expect(await app.sync()).toMatchObject({ changes: { created: 0 } })
    await live(app, horizon + 120_000)
    expect(app.held()).toMatchObject([{ quantity: 4 }])
    expect(posts(app)).toHaveLength(1)
    expect(await listIntents(app.scope, { open: true })).toEqual([])
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { unchanged: 1 } })
  })

  it('a late commit inside the horizon makes no second addition', async () => {
    const app = await newLine()
    app.manage.faults.add({ match: { ...post, times: 1 }, fault: lateCommit(300_000) })
    await app.sync()
    await live(app, horizon + 120_000)
    expect(app.held()).toMatchObject([{ quantity: 4 }])
    expect(posts(app)).toHaveLength(1)
  })

  it('a create that never arrived is sent again after the horizon, under the same marker', async () => {
    const app = await newLine()
    app.manage.faults.add({ match: { ...post, times: 1 }, fault: reset('beforeCommit') })
    const run = await app.sync()
    expect(run).toMatchObject({ changes: { unknown: 1 } })
    await live(app, 600_000)
    expect(posts(app)).toHaveLength(1)
    await live(app, 600_000)
    expect(posts(app)).toHaveLength(2)
    const markers = posts(app).map(({ body }) => (body as { serialNumber: string }).serialNumber)
    expect(markers[0]).toMatch(/^TU-.{26}$/)
    expect(markers[1]).toBe(markers[0])
    expect(app.held()).toMatchObject([{ quantity: 4 }])
  })

  it('an addition that might be the lost create, without its marker, is left to a person', async () => {
    const app = await newLine()
    app.manage.faults.add({ match: { ...post, times: 1 }, fault: reset('afterCommit') })
    await app.sync()
    const [made] = [...app.world.additions.values()]
    if (made) app.manage.edit(made, { serialNumber: '' })
    await live(app, horizon + 120_000)
    expect(posts(app)).toHaveLength(1)
  })

  it('an update whose answer was lost is looked up, not sent twice', async () => {
    const app = await contoso()
    app.manage.faults.add({ match: { ...patch, times: 1 }, fault: reset('afterCommit') })
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
    expect(app.manage.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
  })

  it('an update that never arrived is sent again, and given up after three attempts', async () => {
    const app = await contoso()
    app.manage.faults.add({ match: { ...patch, times: 1 }, fault: reset('beforeCommit') })
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
    await app.say({ 'A-17': 13 })
    app.manage.faults.add({ match: patch, fault: reset('beforeCommit') })
    const run = await app.sync()
    expect(run).toMatchObject({ state: 'failed', changes: { failed: 1 } })
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
  })

  it('a refused write is failed with the cause ConnectWise gave, and is not repeated', async () => {
    const app = await contoso()
    const body = {
      code: 'InvalidObject',
      message: 'Addition object is invalid',
      errors: [{ code: 'X', message: 'no way' }],
    }
    app.manage.faults.add({ match: patch, fault: status(400, { body }) })
    const run = await app.sync()
    expect(run).toMatchObject({ state: 'failed', changes: { failed: 1 } })
    expect(run.details[0]?.reason).toContain('no way')
    expect(app.manage.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
  })

  it('F45: an answer that differs from what was asked is looked up before it is believed', async () => {
    const app = await contoso()
    app.manage.faults.add({ match: { ...patch, times: 1 }, fault: wrongEcho({ quantity: 11 }) })
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
  })

  it('F38: an addition edited between plan and write is not overwritten', async () => {
    const app = await contoso()
    await app.say({ 'A-17': 30 })
    const held = await app.sync()
    expect(held).toMatchObject({ state: 'held' })
    app.manage.edit(app.world.additions.get(301) as never, { quantity: 11 } as never)
    app.clock.advance(11 * 60_000)
    const { approvePlan } = await import('#sync/approve/approve.ts')
    const { finishRun } = await import('#sync/sync.ts')
    await approvePlan(app.deps, app.scope, held.plan ?? '', { member: 'Fay' })
    const run = await app.clock.run(finishRun(app.deps, app.scope, held.run, { stopping: () => false }))
    expect(run.details[0]).toMatchObject({ outcome: 'held', reason: 'changed since the plan: it holds 11 now' })
    expect(app.held()).toEqual([{ id: 301, quantity: 11 }])
  })

  it('401 in the middle of a run pauses the tenant; nothing more is sent until it is connected again', async () => {
    const app = await contoso()
    app.manage.faults.add({ match: patch, fault: status(401, { body: { code: 'Unauthorized', message: 'no' } }) })
    expect(await app.sync()).toMatchObject({ state: 'failed', changes: { failed: 1 } })
    app.manage.faults.clear()
    app.manage.requests.length = 0
    expect(await app.sync()).toMatchObject({ state: 'failed' })
    expect(app.manage.requests).toEqual([])
  })

  it('a throttled create reads by its marker before it is sent again', async () => {
    const app = await newLine()
    app.manage.faults.add({ match: { ...post, times: 1 }, fault: throttle429(30) })
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { created: 1 } })
    expect(app.held()).toMatchObject([{ quantity: 4 }])
  })

  it('a quantity that JSON cannot hold exactly is refused alone, and is no write without an answer (I10)', async () => {
    const app = await contoso()
    const rule = { write: ['quantity' as const], minimum: '123456789012345.1234' }
    await app.map({ ...app.mapping, rule, confirmedRule: ruleText(rule) })
    const run = await app.sync({ approveAs: 'Fay' })
    expect(run).toMatchObject({ state: 'failed', changes: { failed: 1 } })
    expect(run.details[0]?.reason).toContain('cannot be sent to ConnectWise exactly')
    expect(await listIntents(app.scope, { open: true })).toEqual([])
    expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
  })
})
