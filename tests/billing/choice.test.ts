import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Choice, changedChoice } from '#billing/choice.ts'
import type { Addition } from '#billing/existing.ts'
import { makePlan } from '#billing/make-plan.ts'
import { addDays } from '#billing/period.ts'
import type { Fields, LastValue, PlanInput, PlanRow } from '#billing/plan.ts'

const firstDay = '2026-11-01'
const wasWritten: LastValue = { additionId: 301, agreementId: 87, quantity: '15', price: '10' }

/** What happens before one night: what the source says by then, and what a person set in ConnectWise. */
interface Night {
  said: { quantity: string; price: string }
  complete: boolean
  silent: boolean
  edited: Partial<{ quantity: string; price: string }>
}

const quantity = fc.integer({ min: 12, max: 17 }).map(String)
const price = fc.constantFrom('10', '10', '10', '11')
const nights: fc.Arbitrary<Night[]> = fc.array(
  fc.record({
    said: fc.record({ quantity: fc.oneof(fc.constant('15'), quantity), price }),
    complete: fc.constantFrom(true, true, true, false),
    silent: fc.constantFrom(false, false, false, true),
    edited: fc.oneof(fc.constant({}), fc.record({ quantity, price }, { requiredKeys: [] })),
  }),
  { minLength: 1, maxLength: 12 },
)

/** Contoso's agreement with its one addition, between two nights. */
interface World {
  existing: { quantity: string; price: string }
  last: LastValue
  choice: Choice | undefined
}

const additionOf = ({ existing }: World): Addition => ({
  ...{ id: 301, agreementId: 87, productId: 512, description: '', quantity: existing.quantity, lessIncluded: '0' },
  ...{ unitCost: '4', unitPrice: existing.price, billCustomer: 'Billable', serialNumber: '' },
  ...{ effectiveOn: '2026-01-01', cancelledOn: undefined, updatedBy: 'Pat', updatedAt: undefined },
})

function inputOf(world: World, { said, complete, silent }: Night, today: string): PlanInput {
  const snapshot = {
    id: 's',
    source: 'src',
    kind: 'counts' as const,
    period: '2026-11',
    takenAt: 1,
    takenOn: today,
    complete,
  }
  const reading = { account: 'A-17', kind: 'metric' as const, name: 'users', quantity: said.quantity }
  const statement = {
    ...{ account: 'A-17', name: 'Contoso', snapshot },
    readings: silent ? [] : [{ ...reading, unitPrice: said.price, currency: 'USD' }],
  }
  return {
    today,
    mappings: [
      {
        ...{ id: 'm', source: 'src', account: 'A-17', reads: [{ metric: 'users' }], companyId: 250, agreementId: 87 },
        ...{ additionId: 301, targetKey: 'addition:301', leaveAlone: [], include: true },
        rule: { write: ['quantity', 'price'] },
      },
    ],
    accounts: [],
    books: new Map([
      [
        'src',
        {
          source: 'src',
          sourceName: 'Platform',
          newest: snapshot,
          statements: new Map([['A-17', statement]]),
          complete: new Map(),
        },
      ],
    ]),
    agreements: new Map([
      [
        87,
        {
          additions: [additionOf(world)],
          agreement: {
            ...{
              id: 87,
              name: 'Managed',
              companyId: 250,
              companyName: 'Contoso',
              typeName: 'M',
              status: 'Active' as const,
            },
            ...{ startOn: undefined, endOn: undefined, billStartOn: undefined, nextInvoiceOn: undefined },
            ...{
              billProducts: 'Billable',
              billingCycle: 'Monthly',
              prorate: false,
              currency: 'USD',
              currencyDecimals: 2,
            },
            parentId: undefined,
          },
        },
      ],
    ]),
    companies: new Map(),
    products: new Map(),
    lastValues: new Map([[301, world.last]]),
    ...(world.choice ? { choices: new Map([[301, world.choice]]) } : {}),
    wholeQuantities: false,
  }
}

/** A partial snapshot says something only where it raises. */
const isRaise = ({ existing }: World, { said, edited }: Night): boolean =>
  Number(said.quantity) > Number(edited.quantity ?? existing.quantity)

const changeIn = (rows: readonly PlanRow[]) => rows.find((row) => row.change !== undefined)

/** One night: what is not in conflict is written, and what the plan says of choices is remembered. */
function pass(before: World, night: Night, today: string): { world: World; written: Fields } {
  const edited = { ...before, existing: { ...before.existing, ...night.edited } }
  const { rows, adopt, choices } = makePlan(inputOf(edited, night, today))
  const row = changeIn(rows)
  const written = row && row.holds.length === 0 ? row.after : {}
  const [left] = choices
  const isOver = left && Object.keys(left.desired).length === 0
  const world: World = {
    existing: { ...edited.existing, ...written },
    last: { ...edited.last, ...adopt[0], ...written },
    choice: isOver ? undefined : (left ?? before.choice),
  }
  return { world, written }
}

/** 15 was written, somebody set 14, and a member chooses. */
const chosen = (choice: Choice): World => ({
  existing: { quantity: '14', price: '10' },
  last: choice.choice === 'keep' ? { ...wasWritten, quantity: '14' } : wasWritten,
  choice,
})
const made = { additionId: 301, member: 'Fay', at: 1 }
const keep: Choice = { ...made, choice: 'keep', desired: { quantity: '15' } }
const pinUntil = (until: string): Choice => ({ ...made, choice: 'pin', desired: { quantity: '15' }, until })

describe('a choice in a conflict, whatever the source says and people do afterwards', () => {
  it('4.11, keep: the field is not written as long as the source wants what it wanted then', () => {
    fc.assert(
      fc.property(nights, (list) => {
        let world = chosen(keep)
        let hasChanged = false
        for (const [i, night] of list.entries()) {
          const { world: after, written } = pass(world, night, addDays(firstDay, i))
          if (!hasChanged && (night.silent || night.said.quantity === '15')) expect(written.quantity).toBeUndefined()
          else if (!night.silent && (night.complete || isRaise(world, night))) hasChanged = true
          world = after
        }
      }),
      { numRuns: 300 },
    )
  })

  it('4.11, keep: once the source wanted something else the choice is over, and its first value is wanted again', () => {
    const quiet = { complete: true, silent: false, edited: {} }
    const say = (quantity: string): Night => ({ ...quiet, said: { quantity, price: '10' } })
    fc.assert(
      fc.property(
        quantity.filter((n) => n !== '15' && n !== '14'),
        (other) => {
          const changed = pass(chosen(keep), say(other), firstDay)
          expect(changed).toMatchObject({ written: { quantity: other }, world: { choice: undefined } })
          expect(pass(changed.world, say('15'), firstDay).written).toEqual({ quantity: '15' })
        },
      ),
    )
  })

  it('4.11, pin: nothing of the addition is written before its end; then it is as if nobody had pinned', () => {
    fc.assert(
      fc.property(nights, fc.integer({ min: 0, max: 12 }), (list, days) => {
        const until = addDays(firstDay, days)
        let world = chosen(pinUntil(until))
        for (const [i, night] of list.entries()) {
          const today = addDays(firstDay, i)
          const unpinned = makePlan(inputOf({ ...world, choice: undefined }, night, today)).rows
          const pinned = makePlan(inputOf(world, night, today)).rows
          if (today <= until) expect(changeIn(pinned)).toBeUndefined()
          else expect(pinned).toEqual(unpinned)
          const { world: after, written } = pass(world, night, today)
          if (today <= until) expect(written).toEqual({})
          world = after
        }
      }),
      { numRuns: 300 },
    )
  })

  it('4.11: the difference stays visible while it is left alone', () => {
    const world = chosen(pinUntil('2026-12-31'))
    const night = { said: { quantity: '17', price: '11' }, complete: true, silent: false, edited: {} }
    expect(makePlan(inputOf(world, night, firstDay)).rows).toMatchObject([
      {
        ...{ outcome: 'skipped', before: { quantity: '14', price: '10' }, after: { quantity: '17', price: '11' } },
        reason:
          'pinned until 2026-12-31 by Fay: ConnectWise keeps quantity 14, the source says 17; ConnectWise keeps price 10, the source says 11',
      },
    ])
  })

  it('4.11, keep: each field for itself', () => {
    const both: Choice = { ...keep, desired: { quantity: '15', price: '11' } }
    expect(changedChoice(both, { quantity: '15', price: '11' }, firstDay)).toBeUndefined()
    expect(changedChoice(both, { quantity: '15' }, firstDay)).toBeUndefined()
    expect(changedChoice(both, { quantity: '16', price: '11' }, firstDay)?.desired).toEqual({ price: '11' })
  })
})
