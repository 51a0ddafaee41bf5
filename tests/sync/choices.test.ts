import { afterEach, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { brokenAt, listLedger } from '#db/ledger.ts'
import { findPlan, listPlanRows } from '#db/plans.ts'
import { approvePlan } from '#sync/approve/approve.ts'
import { choose, type Decision } from '#sync/approve/choose.ts'
import { goOn } from '#sync/start-run.ts'
import { type Contoso, givenContoso, killSwitchStatements } from '../given.ts'
import { addAddition } from '../sandbox/manage/build.ts'
import { eachStore } from '../stores.ts'
import { patches } from './tools.ts'

const dayMs = 86_400_000

eachStore((open) => {
  let app: Contoso | undefined
  afterEach(() => app?.close())

  /** 15 written, a person set 14, the source says 15 (E8). */
  const conflict = async (wanted = 15) => {
    const made = await givenContoso(open, 14, { at: '2026-12-01T12:00:00Z' })
    app = made
    await made.say({ 'A-17': 15 })
    await made.sync()
    made.manage.edit(made.addition, { quantity: 14 }, 'Pat')
    await made.say({ 'A-17': wanted })
    const run = await made.sync()
    expect(run).toMatchObject({ state: 'held', changes: { held: 1 } })
    return Object.assign(made, { plan: run.plan ?? '' })
  }
  const decide = async (made: Contoso & { plan: string }, decision: Decision, seq = 0) => {
    const plan = await choose(made.deps, made.scope, { plan: made.plan, seq }, 'Fay', decision)
    goOn(made.deps, made.scope, plan.runId)
    await made.settled()
  }
  const quantity = (made: Contoso) => made.held()[0]?.quantity
  const later = async (made: Contoso, said: number, days = 1) => {
    made.clock.advance(days * dayMs)
    await made.say({ 'A-17': said })
    return made.sync()
  }

  it('E8, X10, 4.11: kept, 14 stays until the reading is no longer 15, and 15 is written when it comes back', async () => {
    const made = await conflict()
    await decide(made, { choice: 'keep' })
    expect((await findPlan(made.scope, made.plan))?.state).toBe('done')
    expect(await listPlanRows(made.scope, made.plan)).toMatchObject([
      { outcome: 'skipped', outcomeReason: 'kept by Fay: ConnectWise keeps quantity 14, the source says 15' },
    ])
    const kept = await later(made, 15)
    expect(kept).toMatchObject({ state: 'done', changes: { skipped: 1, held: 0 } })
    expect(kept.details[0]?.reason).toBe('kept by Fay: ConnectWise keeps quantity 14, the source says 15')
    expect(quantity(made)).toBe(14)

    expect(await later(made, 16)).toMatchObject({ state: 'done', changes: { updated: 1 } })
    expect(quantity(made)).toBe(16)
    expect(await later(made, 15)).toMatchObject({ state: 'done', changes: { updated: 1 } })
    expect(quantity(made)).toBe(15)
    const ledger = await listLedger(made.scope)
    expect(brokenAt(ledger)).toBeUndefined()
    expect(ledger.find(({ event, body }) => event === 'accepted' && body.includes('"member":"Fay"'))).toBeDefined()
  })

  it("E8, 4.11: taken, the source's 15 is written now, that row alone, as an approved change", async () => {
    const made = await conflict()
    const before = patches(made).length
    await decide(made, { choice: 'take' })
    expect(quantity(made)).toBe(15)
    expect(patches(made).length - before).toBe(1)
    expect((await findPlan(made.scope, made.plan))?.state).toBe('done')
    const approved = (await listLedger(made.scope)).filter(({ event }) => event === 'approved')
    expect(approved.at(-1)?.body).toContain('"member":"Fay","note":null,"rows":[0]')
    expect(await later(made, 15)).toMatchObject({ state: 'done', changes: { unchanged: 1 } })
  })

  it('E8, 4.11: pinned until 31 December, 14 stays whatever the source says, and is a conflict again afterwards', async () => {
    const made = await conflict()
    await decide(made, { choice: 'pin', until: '2026-12-31' })
    const pinned = await later(made, 17, 29)
    expect(pinned.details[0]?.reason).toBe(
      'pinned until 2026-12-31 by Fay: ConnectWise keeps quantity 14, the source says 17',
    )
    expect(await later(made, 18)).toMatchObject({ state: 'done', changes: { skipped: 1 } })
    expect(quantity(made)).toBe(14)
    const over = await later(made, 18)
    expect(over).toMatchObject({ state: 'held', changes: { held: 1 } })
    expect(over.details[0]?.reason).toContain('G9: TrueUp last wrote quantity 15, ConnectWise holds 14')
    expect(quantity(made)).toBe(14)
  })

  it('a choice is made once, by one person, in the newest plan, and for a day that is allowed', async () => {
    const made = await conflict()
    const place = { plan: made.plan, seq: 0 }
    const asked = (decision: Decision) => choose(made.deps, made.scope, place, 'Gil', decision)
    await expect(asked({ choice: 'pin', until: '2026-12-01' })).rejects.toThrow('a day from 2026-12-02 to 2027-12-02')
    await expect(asked({ choice: 'pin', until: '2027-12-03' })).rejects.toThrow('a day from 2026-12-02 to 2027-12-02')
    const both = await Promise.allSettled([asked({ choice: 'keep' }), asked({ choice: 'take' })])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await expect(asked({ choice: 'keep' })).rejects.toThrow('Somebody has chosen here already')
  })

  it('a choice for one row leaves the others waiting, and what has moved since is not overwritten', async () => {
    const made = await conflict()
    addAddition(made.world, { id: 302, agreement: made.agreement, product: 512, quantity: 5 })
    await made.map({ ...made.mapping, leaveAlone: [302] })
    await made.map({ account: 'B-1', agreementId: 87, additionId: 302, leaveAlone: [301] })
    await made.say({ 'A-17': 15, 'B-1': 20 })
    const run = await made.sync()
    const rows = await listPlanRows(made.scope, run.plan ?? '')
    const seq = rows.find((row) => row.additionId === 301)?.seq ?? -1
    made.manage.edit(made.addition, { quantity: 13 }, 'Pat')
    made.clock.advance(11 * 60_000)
    await decide(Object.assign(made, { plan: run.plan ?? '' }), { choice: 'take' }, seq)
    expect(made.held()).toEqual([
      { id: 301, quantity: 13 },
      { id: 302, quantity: 5 },
    ])
    const after = await listPlanRows(made.scope, made.plan)
    expect(after.map(({ outcome }) => outcome)).toEqual(['held', 'held'])
    expect(after.find((row) => row.seq === seq)?.outcomeReason).toBe('changed since the plan: it holds 13 now')
    expect((await findPlan(made.scope, made.plan))?.state).toBe('waiting')
    await approvePlan(made.deps, made.scope, made.plan, { member: 'Fay' })
    await made.tick()
    expect(made.held()).toContainEqual({ id: 302, quantity: 20 })
  })

  it('G24: with the kill switch on the source’s value cannot be taken', async () => {
    const made = await conflict()
    await save(made.deps.db, killSwitchStatements(made, 'tenant', true))
    const run = await made.sync()
    const place = { plan: run.plan ?? '', seq: 0 }
    await expect(choose(made.deps, made.scope, place, 'Fay', { choice: 'take' })).rejects.toThrow(
      'This line cannot be written: the kill switch is on.',
    )
    expect(quantity(made)).toBe(14)
  })
})
