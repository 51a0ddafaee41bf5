import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Addition, Agreement } from '#billing/existing.ts'
import { type DuplicateInput, duplicatesOf, type Purpose, whyKept } from '#billing/lines/duplicates.ts'
import { addDays } from '#billing/period.ts'

const agreementOf = (id: number): Agreement => ({
  ...{ id, name: `Agreement ${id}`, companyId: 250, companyName: 'Contoso', typeName: 'Cloud', status: 'Active' },
  ...{ startOn: '2026-01-01', endOn: undefined, billStartOn: '2026-01-01', nextInvoiceOn: '2026-12-01' },
  ...{ billProducts: 'Billable', billingCycle: 'Monthly', prorate: false, currency: 'USD', currencyDecimals: 2 },
  parentId: undefined,
})

const additionOf = (id: number, fields: Partial<Addition> = {}): Addition => ({
  ...{ id, agreementId: 87, productId: 512, description: 'Seats', quantity: '5', lessIncluded: '0' },
  ...{ unitCost: '4', unitPrice: '10', billCustomer: 'Billable', effectiveOn: '2026-03-01', cancelledOn: undefined },
  ...{ serialNumber: '', updatedBy: undefined, updatedAt: undefined },
  ...fields,
})

const line = (additionId: number, fields: Partial<Purpose> = {}): Purpose => ({
  ...{ additionId, as: 'line', identity: `seats ${additionId}`, isOpen: true },
  ...fields,
})

const found = (additions: Addition[], purposes: Purpose[] = [], more: Partial<DuplicateInput> = {}) =>
  duplicatesOf({ agreements: [agreementOf(87), agreementOf(88)], additions, purposes, ...more })

describe('the duplicate finder', () => {
  it('names what is billed twice and why, with the money (V6, Q4)', () => {
    const cases: [string, Addition[], Purpose[], number][] = [
      ['beside-hand-made', [additionOf(1), additionOf(2)], [line(2)], 2],
      ['product', [additionOf(1), additionOf(2)], [], 1],
      ['serial', [additionOf(1, { serialNumber: 'S' }), additionOf(2, { serialNumber: 'S', productId: 9 })], [], 1],
      ['line-twice', [additionOf(1), additionOf(2)], [line(1, { line: 'L' }), line(2, { line: 'L' })], 1],
      [
        'subscription-twice',
        [additionOf(1), additionOf(2)],
        [line(1, { identity: 'x', isOpen: false }), line(2, { identity: 'x' })],
        2,
      ],
      [
        'two-agreements',
        [additionOf(1), additionOf(2, { agreementId: 88 })],
        [line(1, { identity: 'x', isOpen: false }), line(2, { identity: 'x' })],
        2,
      ],
    ]
    for (const [cause, additions, purposes, keep] of cases) {
      const [one, ...rest] = found(additions, purposes)
      expect(rest, cause).toEqual([])
      expect(one, cause).toMatchObject({
        cause,
        keep,
        atStake: '50',
        currency: 'USD',
        from: '2026-03-01',
        companyId: 250,
      })
    }
  })

  it('does not call lines of several subscriptions, mapped splits, or what is left alone duplicates', () => {
    expect(found([additionOf(1), additionOf(2)], [line(1), line(2)])).toEqual([])
    expect(
      found(
        [additionOf(1), additionOf(2)],
        [
          { additionId: 1, as: 'mapping' },
          { additionId: 2, as: 'mapping' },
        ],
      ),
    ).toEqual([])
    expect(found([additionOf(1), additionOf(2)], [{ additionId: 1, as: 'known' }])).toEqual([])
    expect(found([additionOf(1), additionOf(2, { agreementId: 88 })], [])).toEqual([])
    expect(found([additionOf(1), additionOf(2, { quantity: '0' })], [line(2)])).toEqual([])
    expect(found([additionOf(1, { cancelledOn: '2026-05-31' }), additionOf(2, { effectiveOn: '2026-06-01' })])).toEqual(
      [],
    )
  })

  it('does not call what only shares days with a known part of a period a duplicate', () => {
    const chain = [
      additionOf(1, { effectiveOn: '2026-03-01', cancelledOn: '2026-03-20' }),
      additionOf(2, { effectiveOn: '2026-03-15', cancelledOn: '2026-04-15' }),
      additionOf(3, { effectiveOn: '2026-04-10' }),
    ]
    const part: Purpose = { additionId: 2, as: 'known' }
    expect(found(chain, [part, line(3)])).toEqual([])
    expect(found(chain, [part])).toEqual([])
    expect(found(chain, [line(3)])).toMatchObject([{ cause: 'beside-hand-made' }])
  })

  it('says when all of it is invoiced already, and puts the most money first', () => {
    const old = { effectiveOn: '2026-10-01', cancelledOn: '2026-10-31', productId: 9, unitPrice: '1' }
    const all = found([additionOf(1), additionOf(2), additionOf(3, old), additionOf(4, old)], [line(2), line(4)])
    expect(all.map(({ isInvoiced, atStake, to }) => [isInvoiced, atStake, to])).toEqual([
      [false, '50', undefined],
      [true, '5', '2026-10-31'],
    ])
  })

  it('keeps what TrueUp goes on writing', () => {
    expect(whyKept(undefined)).toBeUndefined()
    expect(whyKept(line(1, { isOpen: false }))).toBeUndefined()
    expect(whyKept(line(1))).toContain('next month’s lines')
    expect(whyKept({ additionId: 1, as: 'mapping' })).toContain('a mapping writes it')
  })

  const day = fc.integer({ min: 0, max: 60 }).map((n) => addDays('2026-10-01', n))
  const worlds = fc
    .array(
      fc.record({
        product: fc.constantFrom(512, 513),
        agreement: fc.constantFrom(87, 88),
        start: day,
        end: fc.option(day, { nil: undefined }),
        serial: fc.constantFrom('', '', 'S'),
        as: fc.constantFrom(undefined, 'line', 'mapping', 'known'),
        identity: fc.constantFrom('x', 'y', 'z'),
      }),
      { maxLength: 7 },
    )
    .map((rows) => ({
      additions: rows.map(({ product, agreement, start, end, serial }, i) =>
        additionOf(i + 1, {
          productId: product,
          agreementId: agreement,
          effectiveOn: start,
          cancelledOn: end,
          serialNumber: serial,
        }),
      ),
      purposes: rows.flatMap(({ as, identity }, i): Purpose[] =>
        as === undefined
          ? []
          : [{ additionId: i + 1, as: as as Purpose['as'], ...(as === 'line' ? { identity } : {}) }],
      ),
    }))

  it('names only additions that share days with another, each group once, in whatever order they come', () => {
    fc.assert(
      fc.property(worlds, ({ additions, purposes }) => {
        const all = found(additions, purposes)
        expect(found(additions.toReversed(), purposes.toReversed())).toEqual(all)
        const keys = all.map((one) => one.additions.map(({ id }) => id).join())
        expect(new Set(keys).size).toBe(keys.length)
        for (const { additions: several, keep } of all) {
          expect(several.map(({ id }) => id)).toContain(keep)
          for (const one of several) expect(several.some((other) => other !== one && overlaps(one, other))).toBe(true)
        }
      }),
    )
  })

  it('finds nothing any more once all but the kept ones bill nothing', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        let { additions } = world
        for (let round = 0; round < 10; round++) {
          const [first] = found(additions, world.purposes)
          if (!first) return
          const ended = new Set(first.additions.map(({ id }) => id).filter((id) => id !== first.keep))
          additions = additions.map((one) => (ended.has(one.id) ? { ...one, quantity: '0' } : one))
        }
        expect(found(additions, world.purposes)).toEqual([])
      }),
    )
  })
})

const overlaps = (a: Addition, b: Addition): boolean =>
  (a.effectiveOn ?? '') <= (b.cancelledOn ?? '9') && (b.effectiveOn ?? '') <= (a.cancelledOn ?? '9')
