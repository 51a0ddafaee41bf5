import { expect, it } from 'vitest'
import { findViewer } from '#session/find-viewer.ts'
import { listMoneyReadable, listReadable, maySeeMoney, requireReadable } from '#session/rights.ts'
import { SessionOver } from '#session/session-over.ts'
import type { Role, Viewer } from '#session/viewer.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { shortPages, status, unauthorized401 } from '../sandbox/manage/faults.ts'
import { addAgreement, addCompany, addStaff, setLevel } from '../sandbox/manage/world.ts'
import { eachStore, openMemory } from '../stores.ts'
import { signIn } from './signed-in.ts'

async function viewerFor(app: Contoso, member: string, role?: Role): Promise<Viewer> {
  const { token } = await signIn(app, { member, ...(role ? { role } : {}) })
  const viewer = await findViewer(app.deps, `Bearer ${token}`)
  if (!viewer) throw new Error('no viewer')
  return viewer
}

eachStore((open) => {
  it('a member is shown what they may read in ConnectWise, asked as them and remembered for five minutes', async () => {
    const app = await givenContoso(open, 12)
    addStaff(app.world)
    const { deps, clock, manage } = app
    const fay = await viewerFor(app, 'ffin', 'finance')
    const tom = await viewerFor(app, 'ttech')
    expect([fay.role, tom.role]).toEqual(['finance', 'technician'])

    const asked = manage.requests.length
    expect(await clock.run(listReadable(deps, fay, 'agreement', [87, 88, 87]))).toEqual(new Set([87]))
    expect(await clock.run(listReadable(deps, fay, 'agreement', [88, 87]))).toEqual(new Set([87]))
    expect(manage.requests.length).toBe(asked + 1)
    expect(manage.requests.at(-1)).toMatchObject({ headers: { hasCookie: true, hasAuthorization: false } })
    expect(await clock.run(maySeeMoney(deps, fay, 87))).toBe(true)

    expect(await clock.run(listReadable(deps, tom, 'agreement', [87]))).toEqual(new Set())
    await clock.run(requireReadable(deps, tom, 'company', 250))
    await expect(clock.run(requireReadable(deps, tom, 'agreement', 87))).rejects.toThrow(
      'Finance › Agreements › Inquire',
    )
    expect(await clock.run(maySeeMoney(deps, tom, 87))).toBe(false)

    setLevel(app.world, 'ffin', 'Finance > Agreements', 'inquire', 'None')
    clock.advance(299_000)
    expect((await clock.run(listReadable(deps, fay, 'agreement', [87]))).size).toBe(1)
    clock.advance(2_000)
    expect((await clock.run(listReadable(deps, fay, 'agreement', [87]))).size).toBe(0)
    expect(await clock.run(maySeeMoney(deps, fay, 87))).toBe(false)
  })
})

it('what ConnectWise said in the last quarter of an hour counts while it cannot be asked, and nothing older', async () => {
  const app = await givenContoso(openMemory, 12)
  const { deps, clock } = app
  const jane = await viewerFor(app, 'jsmith')
  await clock.run(listReadable(deps, jane, 'company', [250]))
  app.manage.faults.add({ fault: status(503) })
  clock.advance(14 * 60_000)
  expect(await clock.run(listReadable(deps, jane, 'company', [250]))).toEqual(new Set([250]))
  const message = 'Your rights in ConnectWise cannot be checked right now'
  await expect(clock.run(listReadable(deps, jane, 'company', [250, 251]))).rejects.toThrow(message)
  clock.advance(60_001)
  await expect(clock.run(listReadable(deps, jane, 'company', [250]))).rejects.toThrow(message)
})

it('hundreds of records are asked for 200 at a time, also when lists are cut short', async () => {
  const app = await givenContoso(openMemory, 12)
  const ids = Array.from({ length: 450 }, (_, n) => 1_000 + n)
  for (const id of ids) if (id % 3 > 0) addCompany(app.world, { id, identifier: `c${id}`, name: `Company ${id}` })
  const jane = await viewerFor(app, 'jsmith')
  const before = app.manage.requests.length
  const readable = await app.clock.run(listReadable(app.deps, jane, 'company', ids))
  expect([...readable].sort((a, b) => a - b)).toEqual(ids.filter((id) => id % 3 > 0))
  expect(app.manage.requests.length - before).toBeLessThanOrEqual(6)
  app.manage.faults.add({ fault: shortPages() })
  app.clock.advance(301_000)
  expect((await app.clock.run(listReadable(app.deps, jane, 'company', ids))).size).toBe(readable.size)
})

it('a member whom ConnectWise refuses in the middle has no session any more', async () => {
  const app = await givenContoso(openMemory, 12)
  const jane = await viewerFor(app, 'jsmith')
  app.manage.faults.add({ fault: unauthorized401() })
  await expect(app.clock.run(listReadable(app.deps, jane, 'company', [250]))).rejects.toThrow(SessionOver)
})

it('an answer that holds no records shows no prices', async () => {
  const app = await givenContoso(openMemory, 12)
  const jane = await viewerFor(app, 'jsmith', 'finance')
  for (const body of ['{}', 'null', '"maintenance"', '{"code":"Forbidden"}', '[{"id":"x"}]']) {
    const fault = app.manage.faults.add({ fault: status(200, { body: JSON.parse(body) }) })
    await expect(app.clock.run(maySeeMoney(app.deps, jane, 87))).rejects.toThrow('cannot be checked right now')
    fault.remove()
  }
  expect(await app.clock.run(maySeeMoney(app.deps, jane, 87))).toBe(true)
})

it('prices are shown to whom every record tells one, and an empty list tells nothing where we hold additions', async () => {
  const app = await givenContoso(openMemory, 12)
  const { clock, deps, manage, world } = app
  const jane = await viewerFor(app, 'jsmith', 'finance')
  const sees = async (body: object) => {
    const fault = manage.faults.add({ match: { path: /additions/ }, fault: status(200, { body }) })
    clock.advance(301_000)
    const seen = await clock.run(maySeeMoney(deps, jane, 87))
    fault.remove()
    return seen
  }
  expect(await sees([])).toBe(true)
  await app.say({ 'A-17': 12 })
  await app.sync()
  for (const hidden of [[], [{ id: 301 }], [{ id: 301, unitPrice: null }], [{ id: 301, unitPrice: 10 }, { id: 302 }]])
    expect([hidden, await sees(hidden)]).toEqual([hidden, false])
  expect(await sees([{ id: 301, unitPrice: 0 }])).toBe(true)

  const [company] = world.companies.rows()
  if (!company) throw new Error('no company')
  addAgreement(world, { id: 86, company, name: 'Empty', startDate: '2026-01-01T00:00:00Z' }, '2026-11-17')
  manage.faults.add({ match: { path: /additions/ }, fault: status(200, { body: [] }) })
  clock.advance(301_000)
  expect(await clock.run(listMoneyReadable(deps, jane, [86, 87]))).toEqual(new Set())
})
