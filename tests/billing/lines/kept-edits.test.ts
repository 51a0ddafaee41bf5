import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Addition } from '#billing/existing.ts'
import { guards, LineWorld } from './line-world.ts'

const quantity = fc.constantFrom('3', '5', '6')
const price = fc.constantFrom('4', '4.5')
const end = fc.constantFrom(null, '2026-11-30', '2026-12-31')
const month = fc.record({ quantity, unitPrice: price, end: fc.constantFrom(undefined, 'never', '2026-12-31') })
const edit = fc.record({ quantity, unitPrice: price, cancelledOn: end }, { requiredKeys: [] })

const worldOf = (
  october: Loaded,
  changes: Partial<Record<'quantity' | 'unitPrice' | 'cancelledOn', string | null>>,
) => {
  const world = new LineWorld({ nextInvoiceOn: '2026-10-01' })
  load(world, '2026-10', october)
  world.apply()
  const { cancelledOn, ...values } = changes
  const ends = cancelledOn === undefined ? {} : { cancelledOn: cancelledOn ?? undefined }
  world.edit(1000, { ...(values as Partial<Addition>), ...ends })
  return world
}

type Loaded = typeof month extends fc.Arbitrary<infer T> ? T : never

const load = (world: LineWorld, of: string, { end: typed, ...said }: Loaded) =>
  world.load(
    { ...said, id: of, chargeType: 'CycleFee', invoicedOn: `${of}-05`, chargeStart: `${of}-03` },
    typed === undefined ? {} : { end: typed },
  )

describe('whatever a person changed of a subscription’s addition in ConnectWise', () => {
  it('is written over only with a yes, and an end never (4.11, X10, I7)', () => {
    fc.assert(
      fc.property(month, edit, month, (october, changes, november) => {
        const world = worldOf(october, changes)
        const [known] = world.remembered
        const last = world.lastValues.get(1000)
        load(world, '2026-11', november)
        const held = world.addition(1000)
        const [row] = world.plan()
        const { after = {}, change } = row ?? {}
        if (change === undefined) return
        const isForeign = (now: string | undefined, was: string | undefined, will: string | undefined): boolean =>
          will !== undefined && now !== was && now !== will
        const isEdited =
          isForeign(held.quantity, last?.quantity, after.quantity) ||
          isForeign(held.unitPrice, last?.price, after.price)
        if (isEdited) expect(row && guards(row)).toContain('G9')
        if (held.cancelledOn !== undefined && after.cancelledOn !== undefined)
          expect(held.cancelledOn).toBe(known?.cancelledOn)
        if (held.cancelledOn === undefined && after.cancelledOn !== undefined)
          expect(row && guards(row)).toContain(known?.cancelledOn ? 'G9' : 'G3')
      }),
      { numRuns: 2000 },
    )
  })

  it('comes to what the source says once every month is approved, but for an end and what is parked (I15)', () => {
    fc.assert(
      fc.property(month, edit, month, (october, changes, november) => {
        const world = worldOf(october, changes)
        load(world, '2026-11', november)
        world.apply()
        const { quantity, unitPrice } = world.addition(1000)
        if (world.lines.length === 0) expect({ quantity, unitPrice }).toEqual(pickOf(november))
        else expect(world.plan()).toMatchObject([{ outcome: 'skipped', attention: true }])
      }),
      { numRuns: 1000 },
    )
  })
})

const pickOf = ({ quantity, unitPrice }: Loaded) => ({ quantity, unitPrice })
