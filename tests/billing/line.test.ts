import { describe, expect, it } from 'vitest'
import type { Addition } from '#billing/existing.ts'
import { linesOf, worstOf } from '#billing/line.ts'
import type { Mapping } from '#billing/mapping.ts'
import type { PlanRow } from '#billing/plan.ts'
import { plainRule } from '#billing/rule.ts'
import { severalCandidates } from '#billing/target.ts'
import { holdWords, words } from '#billing/words.ts'

const row = (said: Partial<PlanRow>): PlanRow => ({
  ...{ key: 'addition:301', source: 'src', accounts: ['A-17'], mappings: ['m1'], before: {}, after: {}, holds: [] },
  ...{ reason: '', outcome: 'pending', attention: false },
  ...said,
})
const mapping = (id: string, additionId?: number): Mapping => ({
  ...{ id, source: 'src', account: 'A-17', reads: [{ metric: 'users' }], companyId: 250, agreementId: 87 },
  ...{ targetKey: 'product:512', productId: 512, leaveAlone: [], include: true, rule: plainRule },
  ...(additionId === undefined ? {} : { additionId }),
})
const addition = (id: number, unitPrice: string): Addition => ({
  ...{ id, agreementId: 87, productId: 512, description: 'Seat', quantity: '10', lessIncluded: '0', unitCost: '2' },
  ...{ unitPrice, billCustomer: 'Billable', effectiveOn: undefined, cancelledOn: undefined, serialNumber: '' },
  ...{ updatedBy: undefined, updatedAt: undefined },
})
const stateOf = (said: Partial<PlanRow>) => linesOf([row(said)], [], { resolve: [] })[0]

describe('how a line stands', () => {
  it.each<[string, Partial<PlanRow>, string]>([
    ['a change that nothing holds is pending', { change: 'update' }, 'pending'],
    ['a hold makes it held', { outcome: 'held', holds: [{ guard: 'G1', text: 'rises' }] }, 'held'],
    ['a conflict is told apart', { outcome: 'held', holds: [{ guard: 'G9', text: 'edited' }] }, 'conflict'],
    [
      'a block outweighs a conflict',
      {
        holds: [
          { guard: 'G9', text: '' },
          { guard: 'G20', text: '', block: true },
        ],
      },
      'blocked',
    ],
    ['an excluded mapping', { outcome: 'skipped', reason: 'excluded' }, 'excluded'],
    ['a parked one', { outcome: 'skipped', reason: 'parked: ended on 2026-10-31' }, 'parked'],
    ['an unknown reading', { outcome: 'skipped', reason: 'unknown: not listed' }, 'unknown'],
    ['a stale one', { outcome: 'skipped', reason: 'stale: of October' }, 'stale'],
    ['a partial one', { outcome: 'skipped', reason: 'partial: says 3' }, 'partial'],
    ['a choice to keep theirs', { outcome: 'skipped', reason: 'kept by ann: 14' }, 'kept'],
    ['an agreement that could not be read', { outcome: 'failed', reason: 'no answer' }, 'failed'],
  ])('%s', (_, said, state) => expect(stateOf(said)?.state).toBe(state))

  it('does not repeat the state in the reason', () => {
    expect(stateOf({ outcome: 'skipped', reason: 'excluded' })?.reasons).toEqual([])
    expect(stateOf({ outcome: 'skipped', reason: 'parked: it ended' })?.reasons).toEqual(['it ended'])
  })

  it('makes one equal line of mappings that a plan has nothing to say of, by their addition', () => {
    const lines = linesOf([], [mapping('m1', 301), mapping('m2', 301), mapping('m3')], {
      resolve: [{ mapping: 'm3', additionId: 302 }],
    })
    expect(lines.map(({ key, mappings, state }) => [key, mappings, state])).toEqual([
      ['addition:301', ['m1', 'm2'], 'equal'],
      ['addition:302', ['m3'], 'equal'],
    ])
  })

  it('says the worst word for several, and unmapped for none', () => {
    expect(worstOf([{ state: 'equal' }, { state: 'held' }, { state: 'pending' }])).toBe('held')
    expect(worstOf([])).toBe('unmapped')
  })
})

describe('words for who may not see money', () => {
  it('leave the prices of several candidates out', () => {
    const hold = severalCandidates([addition(301, '4.5'), addition(302, '4')])
    expect(holdWords(hold, true)).toContain('301 with 10 at 4.5; 302 with 10 at 4')
    expect(holdWords(hold, false)).toContain('301 with 10; 302 with 10')
  })

  it('keep a sentence that may tell a cost to themselves, and leave the others as they are', () => {
    expect(words('ConnectWise holds quantity 12, cost 4 instead of cost 5', false)).not.toMatch(/\d/)
    expect(words('rises by 20 from 10, above 5', false)).toBe('rises by 20 from 10, above 5')
  })
})
