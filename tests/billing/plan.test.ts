import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Book, Statement } from '#billing/book.ts'
import { compare } from '#billing/decimal.ts'
import { type Addition, type Agreement, type Company, isOngoing, type Product } from '#billing/existing.ts'
import { guard } from '#billing/guard.ts'
import { defaultLimits, type Limits } from '#billing/limits.ts'
import { makePlan } from '#billing/make-plan.ts'
import { type Mapping, targetText } from '#billing/mapping.ts'
import type { Fields, LastValue, PlanInput, PlanRow } from '#billing/plan.ts'
import { type Rule, ruleText } from '#billing/rule.ts'
import { existingFields } from '#billing/wanted.ts'

const today = '2026-11-17'
const runs = { numRuns: 2000 }

const count = fc.oneof(
  fc.integer({ min: 0, max: 15 }),
  fc.integer({ min: 4, max: 12 }),
  fc.integer({ min: 1, max: 60 }).map((n) => n / 4),
)
const money = fc.integer({ min: 0, max: 2000 }).map((cents) => String(cents / 100))

const plain: Rule = { write: ['quantity'] }
const anyRule = fc.record(
  {
    write: fc.uniqueArray(fc.constantFrom('quantity', 'cost', 'price'), { minLength: 1 }),
    above: fc.integer({ min: 0, max: 5 }).map(String),
    included: fc.integer({ min: 0, max: 5 }).map(String),
    minimum: fc.integer({ min: 0, max: 8 }).map(String),
    packSize: fc.integer({ min: 1, max: 3 }).map(String),
    rounding: fc.constantFrom('up', 'down', 'nearest', 'none'),
  },
  { requiredKeys: ['write'] },
) as fc.Arbitrary<Rule>

const mostly = <T>(usual: T, rare: T) => fc.constantFrom(usual, usual, usual, usual, usual, usual, usual, rare)

const agreementIds = [87, 88]
const productIds = [512, 513, 514]
const accounts = ['A-1', 'A-2', 'A-3']

const agreementOf = (id: number, fields: Partial<Agreement> = {}): Agreement => ({
  id,
  name: `Agreement ${id}`,
  companyId: 250,
  companyName: 'Contoso',
  typeName: 'Managed',
  status: 'Active',
  startOn: '2026-01-01',
  endOn: undefined,
  billStartOn: undefined,
  nextInvoiceOn: '2026-12-01',
  billProducts: 'Monthly',
  billingCycle: 'Monthly',
  prorate: false,
  currency: 'USD',
  currencyDecimals: 2,
  parentId: undefined,
  ...fields,
})

const additions: fc.Arbitrary<Addition[]> = fc
  .array(
    fc.record({
      agreementId: fc.constantFrom(...agreementIds),
      productId: fc.constantFrom(...productIds),
      quantity: count.map(String),
      lessIncluded: mostly('0', '1'),
      unitCost: fc.option(money, { nil: undefined }),
      unitPrice: fc.option(money, { nil: undefined }),
      cancelledOn: fc.oneof(mostly(undefined, '2026-10-31'), mostly(undefined, '2026-12-31')),
    }),
    { maxLength: 5 },
  )
  .map((list) =>
    list.map((fields, i) => ({
      id: 301 + i,
      description: '',
      billCustomer: 'Billable',
      effectiveOn: '2026-01-01',
      serialNumber: '',
      updatedBy: undefined,
      updatedAt: undefined,
      ...fields,
    })),
  )

const stated = fc.record({ quantity: count, unitPrice: money, unitCost: money }, { requiredKeys: ['quantity'] })
const readings = fc
  .record({ users: fc.option(stated, { freq: 9 }), devices: fc.option(stated, { freq: 2 }) })
  .map((of) => Object.entries(of).flatMap(([metric, said]) => (said ? [{ metric, ...said }] : [])))

const snapshot = (complete: boolean) => ({
  id: complete ? 's-complete' : 's-partial',
  source: 'src',
  kind: 'counts' as const,
  period: '2026-11',
  takenAt: complete ? 1 : 2,
  takenOn: today,
  complete,
})

const statementsOf = (complete: boolean): fc.Arbitrary<Map<string, Statement>> =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...accounts), readings), {
      selector: ([account]) => account,
      minLength: complete ? 2 : 0,
    })
    .map(
      (list) =>
        new Map(
          list.map(([account, said]) => [
            account,
            {
              account,
              name: account,
              snapshot: snapshot(complete),
              readings: said.map(({ metric, quantity, ...stated }) => ({
                account,
                kind: 'metric' as const,
                name: metric,
                quantity: String(quantity),
                currency: 'USD',
                ...stated,
              })),
            },
          ]),
        ),
    )

const books: fc.Arbitrary<Book> = fc
  .record({
    complete: statementsOf(true),
    partial: fc.oneof(fc.constant(new Map<string, Statement>()), statementsOf(false)),
    unusable: mostly(undefined, { state: 'stale' as const, reason: 'of last month' }),
    shrunk: mostly(undefined, 'lists fewer'),
  })
  .map(({ complete, partial, unusable, shrunk }) => ({
    source: 'src',
    sourceName: 'Platform',
    newest: snapshot(partial.size === 0),
    statements: new Map([...complete, ...partial]),
    complete,
    ...(unusable ? { unusable } : {}),
    ...(shrunk ? { shrunk } : {}),
  }))

const mappings = (existing: readonly Addition[], shared: Rule): fc.Arbitrary<Mapping[]> =>
  fc
    .array(
      fc.record({
        account: fc.constantFrom(...accounts),
        metric: mostly('users', 'devices'),
        target: fc.oneof(
          fc.constantFrom(...existing, undefined).map((addition) => addition && { addition }),
          fc.record({ agreementId: fc.constantFrom(...agreementIds), productId: fc.constantFrom(...productIds) }),
        ),
        other: fc.option(anyRule, { freq: 1 }),
        include: mostly(true, false),
        confirmed: mostly(true, false),
      }),
      { maxLength: 6 },
    )
    .map((list) =>
      list.flatMap(({ account, metric, target, other, include, confirmed }, i) => {
        if (!target) return []
        const rule = other ?? shared
        const where =
          'addition' in target
            ? {
                agreementId: target.addition.agreementId,
                additionId: target.addition.id,
                targetKey: `addition:${target.addition.id}`,
              }
            : { ...target, targetKey: `product:${target.productId}` }
        const mapping: Mapping = {
          id: `m${i}`,
          source: 'src',
          account,
          reads: [{ metric }],
          companyId: 250,
          leaveAlone: [],
          include,
          rule,
          ...where,
        }
        return confirmed ? { ...mapping, confirmedTarget: targetText(mapping), confirmedRule: ruleText(rule) } : mapping
      }),
    )

const inputs: fc.Arbitrary<PlanInput> = fc
  .tuple(additions, fc.oneof(fc.constant(plain), anyRule))
  .chain(([existing, rule]) =>
    fc.record({
      existing: fc.constant(existing),
      mapped: mappings(existing, rule),
      book: books,
      status: mostly('Active' as const, 'Cancelled' as const),
      problem: mostly(undefined, 'page 2 failed'),
      lastOf: fc.array(fc.tuple(fc.nat({ max: 4 }), count.map(String)), { maxLength: 3 }),
      wholeQuantities: mostly(false, true),
    }),
  )
  .map(({ existing, mapped, book, status, problem, lastOf, wholeQuantities }) => {
    const of = (id: number) => existing.filter((addition) => addition.agreementId === id)
    const lastValues = lastOf.flatMap(([i, quantity]): LastValue[] => {
      const addition = existing[i]
      return addition ? [{ additionId: addition.id, agreementId: addition.agreementId, quantity }] : []
    })
    const company: Company = { id: 250, identifier: 'C', name: 'Contoso', statusName: 'Active', deleted: false }
    const product = (id: number): Product => ({
      id,
      identifier: `P-${id}`,
      description: '',
      productClass: 'Service',
      inactive: false,
    })
    return {
      today,
      mappings: mapped,
      accounts: [],
      books: new Map([['src', book]]),
      agreements: new Map([
        [87, { agreement: agreementOf(87), additions: of(87) }],
        [88, { agreement: agreementOf(88, { status }), additions: of(88), ...(problem ? { problem } : {}) }],
      ]),
      companies: new Map([[250, company]]),
      products: new Map(productIds.map((id) => [id, product(id)])),
      lastValues: new Map(lastValues.map((value) => [value.additionId, value])),
      currency: 'USD',
      wholeQuantities,
    }
  })

const isBlocked = ({ holds }: PlanRow) => holds.some((hold) => hold.block)
const isChange = (row: PlanRow) => row.change !== undefined
const findAddition = (input: PlanInput, id: number | undefined): Addition | undefined =>
  [...input.agreements.values()].flatMap((state) => state.additions).find((addition) => addition.id === id)

const withFields = (addition: Addition, { quantity, cost, price }: Fields): Addition => ({
  ...addition,
  quantity: quantity ?? addition.quantity,
  unitCost: cost ?? addition.unitCost,
  unitPrice: price ?? addition.unitPrice,
})

/** The world after somebody approved everything that can be approved and all of it was written. */
function applied(input: PlanInput): { input: PlanInput; blocked: PlanRow[] } {
  const { rows, resolve, park } = makePlan(input)
  const written = rows.filter((row) => isChange(row) && !isBlocked(row))
  const made = new Map(written.filter((row) => row.change === 'create').map((row, i) => [row.key, 900 + i]))
  const idOf = (row: PlanRow) => row.additionId ?? made.get(row.key)
  const resolved = new Map([
    ...resolve.map(({ mapping, additionId }) => [mapping, additionId] as const),
    ...written.flatMap((row) => row.mappings.map((mapping) => [mapping, idOf(row) ?? 0] as const)),
  ])
  const parked = new Map(park.map(({ mapping, reason }) => [mapping, reason]))
  const agreements = new Map(
    [...input.agreements].map(([id, state]) => {
      const own = written.filter((row) => row.agreementId === id)
      const updated = state.additions.map((addition) => {
        const row = own.find((candidate) => candidate.additionId === addition.id)
        return row ? withFields(addition, row.after) : addition
      })
      const added = own.flatMap((row) => (row.change === 'create' ? newAddition(row, made.get(row.key) ?? 0) : []))
      return [id, { ...state, additions: [...updated, ...added] }]
    }),
  )
  const mappings = input.mappings.map((mapping) => {
    const additionId = mapping.additionId ?? resolved.get(mapping.id)
    const reason = mapping.parkedReason ?? parked.get(mapping.id)
    return {
      ...mapping,
      ...(additionId === undefined ? {} : { additionId }),
      ...(reason === undefined ? {} : { parkedReason: reason }),
    }
  })
  return { input: { ...input, agreements, mappings }, blocked: rows.filter(isBlocked) }
}

function newAddition(row: PlanRow, id: number): Addition {
  const empty = {
    id,
    agreementId: row.agreementId ?? 0,
    productId: row.productId ?? 0,
    description: '',
    quantity: '0',
    lessIncluded: '0',
    unitCost: undefined,
    unitPrice: undefined,
    billCustomer: 'Billable',
    effectiveOn: row.effectiveOn,
    cancelledOn: undefined,
    serialNumber: 'TU-x',
    updatedBy: undefined,
    updatedAt: undefined,
  }
  return withFields(empty, row.after)
}

describe('a plan, whatever the world holds and the source says', () => {
  it('leaves nothing to change once it is written, but what is blocked', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const after = applied(input)
        const blocked = new Set(after.blocked.flatMap((row) => row.mappings))
        const again = makePlan(after.input).rows.filter(isChange)
        expect(again.filter((row) => !row.mappings.some((mapping) => blocked.has(mapping)))).toEqual([])
      }),
      runs,
    )
  })

  it('lowers a quantity only when every part of it is known (I6)', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        for (const { before, after, mappings } of makePlan(input).rows) {
          if (before.quantity === undefined || after.quantity === undefined) continue
          if (compare(after.quantity, before.quantity) >= 0) continue
          const own = input.mappings.filter((mapping) => mappings.includes(mapping.id))
          for (const { source, account, reads } of own) {
            const book = input.books.get(source)
            const statement = book?.statements.get(account)
            const names = reads.map((read) => 'metric' in read && read.metric)
            expect(book?.unusable).toBeUndefined()
            expect(statement?.snapshot.complete).toBe(true)
            expect(statement?.readings.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
          }
        }
      }),
      runs,
    )
  })

  it('changes nothing of an agreement that was not read, is closed, or is nobody’s (I6, I9)', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const open = [...input.agreements.values()].filter(
          ({ problem, agreement }) => problem === undefined && agreement.status === 'Active',
        )
        const ids = open.map(({ agreement }) => agreement.id)
        for (const row of makePlan(input).rows.filter(isChange)) expect(ids).toContain(row.agreementId)
      }),
      runs,
    )
  })

  it('says before each change exactly what is there, and changes nothing to what it is', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        for (const row of makePlan(input).rows.filter((candidate) => candidate.change === 'update')) {
          const addition = findAddition(input, row.additionId)
          const existing = addition ? existingFields(addition) : {}
          const fields = Object.keys(row.after) as (keyof Fields)[]
          expect(fields.length).toBeGreaterThan(0)
          for (const field of fields) {
            expect(row.before[field]).toBe(existing[field])
            expect(row.after[field]).not.toBe(existing[field])
          }
          expect(Object.keys(row.before).every((field) => field in row.after)).toBe(true)
        }
      }),
      runs,
    )
  })

  it('writes each addition and makes each line at most once', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const changes = makePlan(input).rows.filter(isChange)
        const lines = changes.map((row) => row.additionId ?? `${row.agreementId}/${row.productId}`)
        expect(new Set(lines).size).toBe(lines.length)
        expect(new Set(changes.map((row) => row.key)).size).toBe(changes.length)
      }),
      runs,
    )
  })

  it('makes a line only where the agreement holds no ongoing one of its product (4.15)', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        for (const row of makePlan(input).rows.filter(({ change }) => change === 'create')) {
          const there = input.agreements.get(row.agreementId ?? 0)?.additions ?? []
          const ongoing = there.filter((a) => a.productId === row.productId && isOngoing(a, today))
          expect(ongoing).toEqual([])
        }
      }),
      runs,
    )
  })

  it('is the same in whatever order the mappings come', () => {
    const said = (input: PlanInput) =>
      makePlan(input)
        .rows.map(({ key, change, before, after, outcome, holds }) => ({
          key,
          change,
          before,
          after,
          outcome,
          guards: holds.map((hold) => hold.guard).sort(),
        }))
        .sort((a, b) => (a.key < b.key ? -1 : 1))
    const shuffled = inputs.chain((input) =>
      fc.shuffledSubarray([...input.mappings], { minLength: input.mappings.length }).map((order) => ({ input, order })),
    )
    fc.assert(
      fc.property(shuffled, ({ input, order }) => {
        expect(said({ ...input, mappings: order })).toEqual(said(input))
      }),
      runs,
    )
  })
})

const lower = (limits: Limits, by: readonly number[]): Limits => {
  const [a = 1, b = 1, c = 1, d = 1, e = 1, f = 1, g = 1] = by
  return {
    ...limits,
    rise: { units: limits.rise.units * a, percent: limits.rise.percent * b },
    fall: { units: limits.fall.units * c, percent: limits.fall.percent * d },
    amount: limits.amount * e,
    share: { percent: limits.share.percent * f, from: Math.floor(limits.share.from * g) },
    costPercent: limits.costPercent * a,
  }
}

describe('the guard', () => {
  const guarded = (input: PlanInput, limits: Limits) => {
    const { rows, mapped } = makePlan(input)
    return guard(rows, input, { limits, mapped, observing: false, stops: [] })
  }

  it('loses no hold when a limit is lowered', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 })
    fc.assert(
      fc.property(inputs, shares, (input, by) => {
        const strict = guarded(input, lower(defaultLimits, by))
        for (const [i, row] of guarded(input, defaultLimits).entries()) {
          const guards = strict[i]?.holds.map((hold) => hold.guard)
          for (const hold of row.holds) expect(guards).toContain(hold.guard)
          if (row.outcome === 'held') expect(strict[i]?.outcome).toBe('held')
        }
      }),
      runs,
    )
  })

  it('lets nothing become 0, jump, or be written for the first time unseen', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        for (const row of guarded(input, defaultLimits).filter(
          ({ outcome, change }) => change && outcome === 'pending',
        )) {
          const was = Number(row.before.quantity ?? 0)
          const will = Number(row.after.quantity ?? was)
          if (row.after.quantity !== undefined) expect(will).toBeGreaterThan(0)
          expect(will - was).toBeLessThanOrEqual(Math.max(5, was * 0.2))
          expect(was - will).toBeLessThanOrEqual(Math.max(2, was * 0.1))
          expect(row.change === 'update' ? row.after.price : undefined).toBeUndefined()
          const own = input.mappings.filter((mapping) => row.mappings.includes(mapping.id))
          for (const mapping of own) expect(mapping.confirmedTarget).toBe(targetText(mapping))
        }
      }),
      runs,
    )
  })
})
