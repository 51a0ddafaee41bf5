import { expect, it } from 'vitest'
import type { Scope } from '#db/db.ts'
import { snapshotAccounts, snapshots } from '#db/schema.ts'
import {
  addSnapshot,
  findNewestSnapshot,
  findSnapshotByKey,
  listAccounts,
  listSnapshots,
  listStatements,
  type NewSnapshot,
} from '#db/snapshots.ts'
import { eachStore } from '../stores.ts'
import { givenTenant } from './given.ts'

const people = [{ id: 'u1', name: 'Ann Łee 😀', services: ['training'] }, { id: 'u2' }]
const contoso = {
  id: 'A-17',
  name: 'Contoso "Ltd" & Söhne',
  readings: [
    { kind: 'metric' as const, name: 'devices', quantity: '3' },
    { kind: 'metric' as const, name: 'users', quantity: '12.5', unitCost: '2.1', currency: 'USD', people },
  ],
}
const said: NewSnapshot = { kind: 'counts', period: '2026-11', takenAt: 100, complete: true, accounts: [contoso] }

let serial = 0
async function given(scope: Scope, change: Partial<NewSnapshot> = {}, key: string | null = null) {
  const id = `snapshot-${++serial}`
  const receipt = { id, sourceId: 'source-1', receivedAt: serial, bodyHash: 'hash', idempotencyKey: key }
  return (await addSnapshot(scope, { ...said, ...change }, receipt)).id
}

eachStore((open) => {
  it('keeps readings exactly, and people only for who asks', async () => {
    const scope = await givenTenant((await open()).db)
    const id = await given(scope)
    const [devices, users] = contoso.readings
    const { people: _, ...bare } = users ?? {}
    const account = { account: 'A-17' }
    expect(await listStatements(scope, id)).toEqual([
      {
        ...account,
        name: contoso.name,
        readings: [
          { ...account, ...devices },
          { ...account, ...bare },
        ],
      },
    ])
    expect((await listStatements(scope, id, { people: true }))[0]?.readings[1]?.people).toEqual(people)
    expect(await listStatements(scope, id, { accounts: ['B', 'A-1'] })).toEqual([])
  })

  const invoiced = (id: string) => ({ id, offer: 'O', chargeType: 'CycleFee', quantity: '1' })

  it('counts accounts and readings, and the lines of invoices', async () => {
    const scope = await givenTenant((await open()).db)
    await given(scope)
    const lines = { id: 'B', name: 'B', readings: [], lines: [invoiced('L1'), invoiced('L2')] }
    await given(scope, { kind: 'invoice-lines', takenAt: 101, accounts: [lines] })
    const found = await listSnapshots(scope, 'source-1', '2026-11', { since: 0 })
    expect(found.map((row) => [row.accountCount, row.readingCount])).toEqual([
      [1, 2],
      [1, 2],
    ])
  })

  it('finds the newest of a period by the moment it was taken, not by arrival', async () => {
    const scope = await givenTenant((await open()).db)
    const newest = await given(scope, { takenAt: 300, complete: false })
    const complete = await given(scope, { takenAt: 200 })
    const before = await given(scope, { takenAt: 100 })
    await given(scope, { takenAt: 900, period: '2026-12' })
    const find = async (only?: Parameters<typeof findNewestSnapshot>[2]) =>
      (await findNewestSnapshot(scope, 'source-1', { period: '2026-11', ...only }))?.id
    expect(await find()).toBe(newest)
    expect(await find({ complete: true })).toBe(complete)
    expect(await find({ complete: true, before: 200 })).toBe(before)
    expect(await find({ before: 100 })).toBeUndefined()
    const since = await listSnapshots(scope, 'source-1', '2026-11', { since: 200 })
    expect(since.map((row) => row.id)).toEqual([newest, complete])
  })

  it('stores nothing when its idempotency key is taken', async () => {
    const scope = await givenTenant((await open()).db)
    const first = await given(scope, {}, 'key-1')
    await expect(given(scope, {}, 'key-1')).rejects.toThrow()
    expect((await findSnapshotByKey(scope, 'source-1', 'key-1'))?.id).toBe(first)
    expect(await scope.db.select().from(snapshots)).toHaveLength(1)
    expect(await scope.db.select().from(snapshotAccounts)).toHaveLength(1)
  })

  it('remembers when an account was first and last listed, and its newest name', async () => {
    const scope = await givenTenant((await open()).db)
    await given(scope)
    const [first] = await listAccounts(scope)
    await given(scope, { accounts: [{ ...contoso, name: 'Contoso Inc' }] })
    expect(await listAccounts(scope)).toMatchObject([{ name: 'Contoso Inc', firstSeenAt: first?.firstSeenAt }])
    expect((await listAccounts(scope))[0]?.lastSeenAt).toBeGreaterThan(first?.lastSeenAt ?? 0)
  })

  it('stores 5,000 accounts at once, and an account with 8,000 people', async () => {
    const scope = await givenTenant((await open()).db)
    const many = Array.from({ length: 5_000 }, (_, i) => ({ ...contoso, id: `A-${i}` }))
    expect(await listStatements(scope, await given(scope, { accounts: many }))).toHaveLength(5_000)
    const crowd = Array.from({ length: 8_000 }, (_, i) => ({
      id: `user-${i}`,
      name: `Person number ${i}`,
      email: `person.number.${i}@contoso.example`,
      services: ['training'],
    }))
    const big = { ...contoso, readings: [{ kind: 'metric' as const, name: 'users', quantity: '8000', people: crowd }] }
    const id = await given(scope, { takenAt: 101, accounts: [big] })
    expect((await listStatements(scope, id, { people: true }))[0]?.readings[0]?.people).toHaveLength(8_000)
  })

  it('shows one tenant nothing of another', async () => {
    const { db } = await open()
    const id = await given(await givenTenant(db))
    const zenith = await givenTenant(db, { companyId: 'Zenith' })
    expect(await listStatements(zenith, id)).toEqual([])
    expect(await findNewestSnapshot(zenith, 'source-1')).toBeUndefined()
    expect(await listAccounts(zenith)).toEqual([])
  })
})
