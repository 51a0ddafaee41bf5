import { describe, expect, it } from 'vitest'
import { brokenAt, listLedger } from '#db/ledger.ts'
import { givenNewLine, quantities } from '../given.ts'
import { addAddition, addAgreement } from '../sandbox/manage/build.ts'
import { reset } from '../sandbox/manage/faults.ts'
import type { App } from '../start.ts'
import { openMemory } from '../stores.ts'
import { type Between, between, horizon, listOpen, live, newest, post } from './tools.ts'

describe('a store that fails at any one batch', () => {
  const nightWith = async (hand: Between) => {
    const app = await givenNewLine(between(openMemory, hand))
    const agreement = addAgreement(app.world, { id: 88, company: 250 })
    addAddition(app.world, { id: 301, agreement, product: 512, quantity: 10 })
    await app.map({ account: 'B-1', agreementId: 88, additionId: 301 })
    await app.say({ 'A-17': 4, 'B-1': 12 })
    app.clock.set(Date.parse('2026-11-18T02:00:00Z'))
    return app
  }
  /** Its nth batch during this tick fails; false when the tick saves fewer. */
  const failAt = async (app: App, hand: Between, when: 'before' | 'after', nth: number) => {
    let seen = 0
    hand[when] = async () => {
      if (++seen === nth) throw new Error('disk I/O error')
    }
    await app.tick().catch(() => undefined)
    delete hand[when]
    return seen >= nth
  }
  const expectAllWell = async (app: App & { held(): object[] }, nth: number) => {
    expect([nth, app.held()]).toMatchObject([nth, [{ quantity: 4 }]])
    expect([nth, quantities(app, 88)]).toEqual([nth, [{ id: 301, quantity: 12 }]])
    expect([nth, await listOpen(app)]).toEqual([nth, []])
    expect([nth, await newest(app)]).toMatchObject([nth, { state: 'done', changes: { created: 1, updated: 1 } }])
    expect(brokenAt(await listLedger(app.scope))).toBeUndefined()
    await app.close()
  }

  it.each(['before', 'after'] as const)('of a night, %s it is kept, makes nothing twice and ends', async (when) => {
    for (let nth = 1, more = true; more; nth++) {
      const hand: Between = {}
      const app = await nightWith(hand)
      more = await failAt(app, hand, when, nth)
      await live(app, 2 * horizon)
      await expectAllWell(app, nth)
    }
  })

  it.each([
    ['before', reset('beforeCommit')],
    ['after', reset('beforeCommit')],
    ['before', reset('afterCommit')],
    ['after', reset('afterCommit')],
  ] as const)(
    'of a look at an unanswered creation, %s it is kept, makes nothing twice and ends',
    async (when, fault) => {
      for (let nth = 1, more = true; more; nth++) {
        const hand: Between = {}
        const app = await nightWith(hand)
        app.manage.faults.add({ match: { ...post, times: 1 }, fault })
        await app.tick()
        app.clock.advance(horizon)
        more = await failAt(app, hand, when, nth)
        await live(app, 2 * horizon)
        await expectAllWell(app, nth)
      }
    },
  )
})
