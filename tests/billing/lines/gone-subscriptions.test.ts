import { describe, expect, it } from 'vitest'
import { subscriptionKey } from '#billing/lines/line.ts'
import type { FullMonths } from '#billing/lines/posting.ts'
import { guards, LineWorld } from './line-world.ts'

/** October is posted as addition 1000, and November is known completely without it. */
function world(full: Partial<FullMonths> = {}): LineWorld {
  const made = new LineWorld({ nextInvoiceOn: '2026-10-01' })
  const line = made.load({ chargeType: 'CycleFee', invoicedOn: '2026-10-05', chargeStart: '2026-10-03' })
  made.apply()
  const months = { source: 'src', month: '2026-11', isBeforeComplete: true, accounts: new Set(['A-1']) }
  made.full = [{ ...months, before: new Set([subscriptionKey(line)]), now: new Set(), ...full }]
  return made
}

describe('a subscription that is gone (4.4, P15)', () => {
  it('ends with the last day of the month before, waits for a person, and says why', () => {
    const row = world().row()
    expect(row).toMatchObject({
      ...{
        key: 'addition:1000',
        change: 'cancel',
        before: { cancelledOn: null },
        after: { cancelledOn: '2026-10-31' },
      },
      ...{ outcome: 'held', amount: '-20', posting: { closes: true, lines: [], period: '2026-11' } },
    })
    expect(row.holds).toEqual([
      {
        guard: 'G3',
        text: 'ends on 2026-10-31: no line of its subscription in November 2026, and one in October 2026',
      },
    ])
    expect(row.reason).toContain('no line of its subscription in November 2026, and one in October 2026; lands on')
  })

  it('is looked for in full runs alone (X5)', () => {
    const partial = world()
    partial.full = []
    expect(partial.plan()).toEqual([])
  })

  it('stays while its account is not named, its month before was not complete, or it has a line', () => {
    const [key = ''] = world().full[0]?.before ?? []
    expect(world({ accounts: new Set() }).plan()).toEqual([])
    expect(world({ isBeforeComplete: false }).plan()).toEqual([])
    expect(world({ now: new Set([key]) }).plan()).toEqual([])
    expect(world({ before: new Set() }).plan()).toEqual([])
    expect(world({ source: 'other' }).plan()).toEqual([])
  })

  it('stays where it ends already, its end was typed, or nobody could read its agreement', () => {
    const ended = world()
    ended.edit(1000, { cancelledOn: '2026-12-31' })
    expect(ended.plan()).toEqual([])
    const typed = world()
    typed.remembered = typed.remembered.map((one) => ({ ...one, isEndTyped: true }))
    expect(typed.plan()).toEqual([])
    const unread = world()
    const state = unread.agreements.get(87)
    if (state) state.problem = 'no answer'
    expect(unread.plan()).toEqual([])
  })

  it('does not end before it began', () => {
    const later = world()
    later.edit(1000, { effectiveOn: '2026-11-15' })
    expect(later.row().after).toEqual({ cancelledOn: '2026-11-15' })
  })

  it('is ended on no agreement that takes nothing (G21)', () => {
    const closed = world()
    const state = closed.agreements.get(87)
    if (state) state.agreement = { ...state.agreement, status: 'Cancelled' }
    expect(guards(closed.row())).toEqual(['G3', 'G21'])
  })

  it('seen again later gets a new addition from its new start, and the ended one is left alone (U22)', () => {
    const back = world()
    back.apply()
    expect(back.addition(1000).cancelledOn).toBe('2026-10-31')
    back.full = []
    back.load({ id: 'L-9', chargeType: 'CycleFee', invoicedOn: '2026-12-05', chargeStart: '2026-12-03' })
    back.today = '2026-12-06'
    expect(back.row()).toMatchObject({ change: 'create', effectiveOn: '2026-12-03', holds: [] })
  })
})
