import { afterEach, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { findNewestSnapshot, listSnapshots } from '#db/snapshots.ts'
import { saveSource } from '#db/sources.ts'
import { platformFaults } from '../sandbox/platform-faults.ts'
import type { App } from '../start.ts'
import { openMemory } from '../stores.ts'
import { givenVendor } from './http-given.ts'
import { live, newest } from './tools.ts'

let app: App | undefined
afterEach(() => app?.close())
const given = async (users: number) => {
  const made = await givenVendor(openMemory, users)
  app = made
  return made
}

it('4.10: a reading older than 36 hours is stale and writes nothing, although the platform answers', async () => {
  const app = await given(12)
  app.api.fault = ({ body }) => ({ ...body, takenAt: '2026-11-16T00:00:00Z' })
  expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
  app.platform.join('A-17')
  app.api.fault = ({ body }) => ({ ...body, takenAt: '2026-11-15T23:59:59Z' })
  const run = await app.sync()
  expect(run.details[0]).toMatchObject({ outcome: 'skipped' })
  expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
  app.api.fault = ({ body }) => ({ ...body, takenAt: '2026-11-16T00:00:00Z' })
  app.clock.advance(1000)
  expect((await app.sync()).details[0]?.reason).toContain(
    'the newest reading of Vendor is of 2026-11-16 00:00 UTC, more than 36 hours old',
  )
})

it('P22: the month before is asked for when that is billed, and the answer must be of it', async () => {
  const app = await given(12)
  await save(app.deps.db, [saveSource(app.scope, app.source, { billingPeriod: 'previous' })])
  expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
  expect(app.api.requests[0]?.url).toContain('/snapshots/2026-10?page=1')
  app.api.fault = ({ body }) => ({ ...body, period: '2026-11' })
  expect((await app.sync()).cause).toContain('asked for counts of October 2026 and gave counts of November 2026')
})

it('a run that is about something else does not ask it', async () => {
  const app = await given(12)
  await app.map({ account: 'P-1', agreementId: 87, additionId: 301, id: 'other', include: false })
  await app.sync({ source: 'src' })
  await app.sync({ mappings: ['other'] })
  expect(app.api.requests).toEqual([])
  await app.sync({ mappings: [app.mapping.id] })
  expect(app.api.requests).toHaveLength(2)
})

it('a Retry-After outlasts the lease without losing it, and the night is one run', async () => {
  const app = await given(12)
  let left = 2
  app.api.fault = (page) =>
    left-- > 0 ? Response.json({}, { status: 429, headers: { 'retry-after': '240' } }) : page.body
  app.clock.set(Date.parse('2026-11-18T02:00:00Z'))
  await app.tick()
  expect(await newest(app)).toMatchObject({ state: 'done', changes: { updated: 1 } })
  await live(app, 3_600_000)
  expect(await listSnapshots(app.scope, app.source, '2026-11', { since: 0 })).toHaveLength(1)
})

it('F49: a platform that is wrong in any way lowers nothing, and the snapshot before it stays in force', async () => {
  const app = await given(12)
  await app.sync()
  const before = await findNewestSnapshot(app.scope, app.source, { complete: true })
  app.platform.leave('A-17', 'A-17-1')
  const { 'busy twice': _, 'down twice': __, ...wrong } = platformFaults
  for (const [name, fault] of Object.entries(wrong)) {
    app.clock.advance(60_000)
    app.api.fault = fault
    const { state, cause } = await app.sync()
    const isPartial = name === 'says half'
    expect([name, state, cause === undefined]).toEqual([name, isPartial ? state : 'failed', isPartial])
    expect([name, app.held()]).toEqual([name, [{ id: 301, quantity: 12 }]])
    const after = await findNewestSnapshot(app.scope, app.source, { complete: true })
    expect([name, after?.id]).toEqual([name, before?.id])
  }
})

it('F51: a count that is corrected downward is followed, and waits for a person where it falls far', async () => {
  const app = await given(12)
  await app.sync()
  for (const user of ['A-17-12', 'A-17-11']) app.platform.leave('A-17', user)
  app.clock.advance(60_000)
  expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
  for (const n of [10, 9, 8, 7]) app.platform.leave('A-17', `A-17-${n}`)
  app.clock.advance(60_000)
  const run = await app.sync()
  expect(run.details.find(({ account }) => account === 'A-17')?.reason).toContain('G2')
  expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
})

it('F49: a platform that lists far fewer accounts than before holds all of its plan (G7)', async () => {
  const app = await given(12)
  await app.sync()
  app.platform.join('A-17')
  app.clock.advance(60_000)
  app.api.fault = ({ body }) => ({ ...body, total: 20, pages: 1 })
  const run = await app.sync()
  expect(run.details.find(({ account }) => account === 'A-17')?.reason).toContain('G7')
  expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
})

it('V18: a run that stopped before ConnectWise was read does not ask it again', async () => {
  const app = await given(12)
  const { at } = app.deps
  app.api.fault = ({ body }) => {
    app.clock.advance(1)
    return body
  }
  app.deps.at = (point) => {
    app.deps.at = at
    if (point === 'agreements.read') throw new Error('killed')
  }
  await app.deps.db.run("update schedules set last_day = '2026-11-16'")
  await app.tick()
  app.deps.at = at
  const { length } = app.api.requests
  app.clock.advance(600_000)
  await app.tick()
  expect([length, app.api.requests.length]).toEqual([2, 2])
  expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
})
