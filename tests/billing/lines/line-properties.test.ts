import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, multiply } from '#billing/decimal.ts'
import type { InvoiceLine, LineMapping } from '#billing/lines/line.ts'
import type { PlanRow } from '#billing/plan.ts'
import { anAddition, anAgreement, LineWorld } from './line-world.ts'

const runs = { numRuns: 1000 }
const mostly = <T>(usual: T, ...rare: T[]) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, fc.constantFrom(...rare))

const line = fc.record({
  id: fc.constantFrom('L-1', 'L-2', 'L-3', 'L-4'),
  account: fc.constantFrom('A-1', 'A-2'),
  month: fc.constantFrom('2026-10', '2026-11', '2026-12'),
  chargeType: fc.constantFrom(
    'CycleFee',
    'CycleFee',
    'PurchaseFee',
    'UsageFee',
    'OneTimeFee',
    'Correction',
    'SetupFee',
  ),
  subscription: fc.constantFrom('S-1', 'S-2'),
  offer: fc.constantFrom('BACKUP', 'OFFICE'),
  quantity: fc.integer({ min: -1, max: 40 }).map((n) => String(n / 2)),
  unitPrice: fc.integer({ min: 0, max: 5000 }).map((cents) => String(cents / 100)),
  currency: mostly('USD', 'EUR'),
  place: fc
    .record({
      mapping: mostly<LineMapping>('mapped', 'unmapped', 'excluded', 'response-error', 'parked'),
      agreementId: mostly(87, 88, 99),
      productId: mostly(512, 513, 514),
      isNamed: mostly(false, true),
    })
    .map(({ isNamed, ...place }) => (isNamed ? { ...place, additionId: 301 } : place)),
  leftOut: mostly(false, true),
  gone: mostly(false, true),
})

type Said = typeof line extends fc.Arbitrary<infer T> ? T : never

const month = fc.uniqueArray(line, {
  selector: ({ id, account, month }) => `${account}/${month}/${id}`,
  maxLength: 10,
})

function load(world: LineWorld, lines: readonly Said[]): void {
  for (const { id, account, month, place, leftOut, gone, ...said } of lines)
    world.load(
      { id, ...said, invoicedOn: `${month}-05`, chargeStart: `${month}-03` },
      { account, place, fields: { leftOut, gone } },
    )
}

function worldOf(lines: readonly Said[]): LineWorld {
  const world = new LineWorld({ nextInvoiceOn: '2026-10-01' }, [anAddition()])
  const euros = anAgreement({ id: 88, currency: 'EUR', nextInvoiceOn: '2026-10-01' })
  world.agreements.set(88, { agreement: euros, additions: [] })
  for (const account of ['A-1', 'A-2']) world.trust(account)
  load(world, lines)
  return world
}

const textOf = (rows: readonly PlanRow[]): string => JSON.stringify(rows)

describe('whatever lines there are', () => {
  it('each is in exactly one row, or posted, and no two rows are for one thing', () => {
    fc.assert(
      fc.property(month, month, (first, then) => {
        const world = worldOf(first)
        for (const lines of [first, then]) {
          if (lines === then) load(world, then)
          const asked = world.lines.map(({ id }) => id).sort()
          const { rows, posted } = world.apply()
          const told = [...rows, ...posted].flatMap(({ posting }) => posting?.lines ?? []).sort()
          expect(told).toEqual(asked)
          expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
        }
        expect(new Set(world.remembered.map(({ identity }) => identity)).size).toBe(world.remembered.length)
      }),
      runs,
    )
  })

  it('posting them twice changes nothing (X9, Q4, I4)', () => {
    fc.assert(
      fc.property(month, (lines) => {
        const world = worldOf(lines)
        world.apply()
        const held = JSON.stringify([...world.agreements])
        expect(world.propose().rows.filter(({ change, holds }) => change && !holds.some(({ block }) => block))).toEqual(
          [],
        )
        world.lines = []
        load(world, lines)
        const again = world.plan().filter(({ change, holds }) => change && !holds.some(({ block }) => block))
        const newer = again.filter(({ posting }) =>
          world.remembered.some(({ identity }) => identity === posting?.identity),
        )
        expect(newer).toEqual([])
        expect(JSON.stringify([...world.agreements])).toBe(held)
      }),
      runs,
    )
  })

  it('the order in which they are loaded does not matter', () => {
    fc.assert(
      fc.property(
        month.chain((lines) => fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length }))),
        ([lines, shuffled]) => {
          expect(textOf(worldOf(shuffled).plan())).toBe(textOf(worldOf(lines).plan()))
        },
      ),
      runs,
    )
  })
})

describe('a month that is posted whole', () => {
  const plainLine = fc.record({
    chargeType: fc.constantFrom('CycleFee', 'PurchaseFee', 'UsageFee', 'ItemFee', 'OneTimeFee', 'Correction'),
    quantity: fc.integer({ min: 1, max: 400 }).map((n) => String(n / 4)),
    unitPrice: fc.integer({ min: -3000, max: 5000 }).map((cents) => String(cents / 100)),
    currency: fc.constantFrom('USD', 'EUR'),
  })
  const months = fc.array(fc.array(plainLine, { maxLength: 8 }), { minLength: 1, maxLength: 3 })

  it('bills per currency to the cent what its source does (P2, P10, P16)', () => {
    fc.assert(
      fc.property(months, (all) => {
        const world = worldOf([])
        world.agreements.get(87)?.additions.pop()
        all.forEach((lines, n) => {
          const month = `2026-1${n}`
          const said = lines.map((one, at) => ({
            ...one,
            id: `${month}-${at}`,
            subscription: `S-${one.currency}-${at}`,
          }))
          for (const one of said)
            world.load(
              { ...one, invoicedOn: `${month}-05`, chargeStart: `${month}-03` },
              { place: { agreementId: one.currency === 'USD' ? 87 : 88 } },
            )
          const before = new Set(
            [...world.agreements.values()].flatMap(({ additions }) => additions.map(({ id }) => id)),
          )
          world.apply()
          expect(world.lines).toEqual([])
          expect(billed(world, said, before)).toEqual(sums(said))
        })
      }),
      runs,
    )
  })

  /** What the additions bill that these lines were written to. */
  function billed(world: LineWorld, said: readonly Partial<InvoiceLine>[], before: ReadonlySet<number>) {
    const subscriptions = new Set(said.map(({ subscription, chargeType }) => `${subscription}/${chargeType}`))
    const isOfMonth = (identity: string): boolean => {
      const [, , subscription, , type] = JSON.parse(identity) as string[]
      return subscriptions.has(`${subscription}/${type}`)
    }
    const additions = world.remembered.filter(({ additionId, kind, identity }) =>
      kind === 'persistent' ? isOfMonth(identity) : !before.has(additionId),
    )
    return sums(
      additions.map(({ additionId, agreementId }) => ({
        quantity: world.addition(additionId).quantity,
        unitPrice: world.addition(additionId).unitPrice ?? '0',
        currency: agreementId === 87 ? 'USD' : 'EUR',
      })),
    )
  }

  function sums(of: readonly Partial<InvoiceLine>[]): Record<string, string> {
    const total: Record<string, string> = { USD: '0', EUR: '0' }
    for (const { quantity = '0', unitPrice = '0', currency = '' } of of)
      total[currency] = add(total[currency] ?? '0', multiply(quantity, unitPrice))
    return total
  }
})
