import Big from 'big.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Agreement, BillingOption } from '#billing/existing.ts'
import { daysIn, type Grid, gridOf, nextPeriod, type Period, periodAt } from '#billing/grid.ts'
import { addDays, type Day, dayIn, daysBetween, startOfDay } from '#billing/period.ts'
import { type Count, ProratedWorld } from './prorated-world.ts'

const runs = { numRuns: 1000 }
const patience = 180_000
const price = 10

const zones = [
  'UTC',
  'Pacific/Kiritimati',
  'America/Los_Angeles',
  'Asia/Kathmandu',
  'Europe/Berlin',
  'Pacific/Pago_Pago',
]
const weekly: BillingOption[] = ['Weekly', 'BiWeekly']
const monthly: BillingOption[] = ['Monthly', 'Monthly', 'BiMonthly', 'Quarterly', 'SemiAnnual', 'Yearly']

/** Starts of contracts, the 31st and leap days among them. */
const starts = fc.oneof(
  fc.constantFrom('2027-01-31', '2028-02-29', '2026-08-31', '2027-12-31', '2026-11-30'),
  fc.integer({ min: 0, max: 800 }).map((days) => addDays('2026-01-01', days)),
)

const agreements: fc.Arbitrary<Partial<Agreement>> = fc
  .record({
    billingOption: fc.constantFrom(...weekly, ...monthly),
    invoicingCycle: fc.constantFrom('ContractYear' as const, 'CalendarYear' as const),
    billStartOn: starts,
  })
  .map((fields) => ({ ...fields, startOn: fields.billStartOn }))

/** What is counted at a moment, that far into two periods. */
interface Moment {
  share: number
  hour: number
  users: number
  partial: boolean
}

const moments = (partial: fc.Arbitrary<boolean> = fc.constant(false)): fc.Arbitrary<Moment[]> =>
  fc.array(
    fc.record({
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      hour: fc.integer({ min: 0, max: 23 }),
      users: fc.integer({ min: 4, max: 18 }),
      partial,
    }),
    { maxLength: 6 },
  )

interface Story {
  agreement: Partial<Agreement>
  /** The first of the periods that are told. */
  first: Period
  periods: Period[]
  counts: Count[]
}

function gridFor({ agreement }: Pick<Story, 'agreement'>): Grid {
  const grid = gridOf(new ProratedWorld(agreement).agreement)
  if (!grid) throw new Error('no grid')
  return grid
}

const stories = (rising: boolean): fc.Arbitrary<Story> =>
  fc
    .record({
      agreement: agreements,
      skipped: fc.integer({ min: 1, max: 3 }),
      said: moments(rising ? fc.constant(false) : fc.constantFrom(false, false, false, true)),
      zone: fc.constantFrom(...zones),
    })
    .map(({ agreement, skipped, said, zone }) => {
      const grid = gridFor({ agreement })
      let first = periodAt(grid, agreement.billStartOn ?? '')
      for (let n = 0; n < skipped; n++) first = nextPeriod(grid, first)
      const periods = [first]
      for (const _ of [1, 2, 3]) periods.push(nextPeriod(grid, periods.at(-1) ?? first))
      const length = daysBetween(first.from, periods[1]?.to ?? '')
      const sorted = rising
        ? said.map(({ users }) => Math.max(10, users)).sort((a, b) => a - b)
        : said.map(({ users }) => users)
      const counts = said
        .map(({ share, hour, partial }) => ({ at: momentIn(first.from, 1 + share * (length - 2), hour), partial }))
        .sort((a, b) => a.at - b.at)
        .map(({ at, partial }, i) => ({ day: dayIn(zone, at), users: sorted[i] ?? 10, partial }))
      return { agreement, first, periods, counts }
    })

const momentIn = (from: Day, days: number, hour: number): number =>
  startOfDay(addDays(from, Math.floor(days))) + hour * 3_600_000

/** On which day a period is invoiced, in the evening. */
type Policy = (period: Period) => Day

/** On its first day, in the middle, and after its last day. */
const inTime: Policy[] = [
  ({ from }) => from,
  (period) => addDays(period.from, Math.floor(daysIn(period) / 2)),
  ({ to }) => addDays(to, 3),
]
const ahead: Policy = ({ from }) => addDays(from, -5)

/** The nights on which something can happen: counts, first days of periods, and the nights after an invoice. */
function nightsOf({ periods, counts, first }: Story, invoiceDays: readonly Day[]): Day[] {
  const days = [...periods.map(({ from }) => from), ...counts.map(({ day }) => day)]
  const after = invoiceDays.flatMap((day) => [day, addDays(day, 1)])
  return [...new Set([...days, ...after])].filter((day) => day >= first.from).sort()
}

/** All four periods counted and invoiced; in the last two nothing changes any more. */
function told(
  story: Story,
  policy: Policy,
  after: (world: ProratedWorld, count: Count) => void = () => undefined,
): ProratedWorld {
  const world = new ProratedWorld({ ...story.agreement, nextInvoiceOn: story.first.from })
  const invoiceDays = story.periods.map(policy)
  let count: Count = { day: story.first.from, users: 10 }
  for (const day of [...invoiceDays.filter((early) => early < story.first.from), ...nightsOf(story, invoiceDays)]) {
    const said = story.counts.filter((one) => one.day === day)
    for (const one of said.length ? said : [count]) {
      world.counts(day, one.users, one.partial ? { partial: true } : {})
      count = one
      after(world, { ...one, day })
    }
    for (const _ of invoiceDays.filter((invoiced) => invoiced === day)) world.invoice()
  }
  return world
}

/** What counts from which day on: the day's last word; a partial one never lowers. */
function effective({ counts, first }: Story): Map<Day, number> {
  const days = new Map<Day, number>([[first.from, 10]])
  let users = 10
  for (const one of counts) {
    users = one.partial ? Math.max(users, one.users) : one.users
    days.set(one.day, users)
  }
  return days
}

/** Each period bills what it began with, and every unit above the most it had so far from its day on. */
function owed(story: Story, so: (most: number, users: number) => number): Big {
  const changes = [...effective(story)].sort(([a], [b]) => (a < b ? -1 : 1))
  return story.periods.reduce((sum, period) => {
    const began = changes.findLast(([day]) => day <= period.from)?.[1] ?? 0
    const inside = changes.filter(([day]) => day > period.from && day <= period.to)
    const steps = [[period.from, began] as const, ...inside, [addDays(period.to, 1), 0] as const]
    let most = began
    let unitDays = 0
    for (const [i, [day, users]] of steps.slice(0, -1).entries()) {
      most = so(most, users)
      unitDays += most * daysBetween(day, steps[i + 1]?.[0] ?? day)
    }
    return sum.plus(new Big(price).times(unitDays).div(daysIn(period)))
  }, new Big(0))
}

const cents = (amount: Big) => Number(amount.round(2, Big.roundHalfUp))

const firstWeek = { from: '2026-01-08', to: '2026-01-14' }
const week = { billingOption: 'Weekly', billStartOn: '2026-01-01', startOn: '2026-01-01' } as const
const unruly = fc.array(
  fc.record({
    joined: fc.constantFrom(0, 0, 1, 2, 7),
    silent: fc.constantFrom(false, false, false, true),
    approving: fc.constantFrom(true, true, false),
    invoices: fc.constantFrom(0, 0, 0, 0, 1, 1, 2),
  }),
  { maxLength: 40 },
)

describe('proration, whatever is counted', () => {
  it(
    'bills nothing twice and loses nothing, whenever each period is invoiced',
    () => {
      fc.assert(
        fc.property(stories(false), fc.constantFrom(...inTime), (story, policy) => {
          expect(Math.abs(cents(told(story, policy).total) - cents(owed(story, Math.max)))).toBeLessThanOrEqual(0.01)
        }),
        runs,
      )
    },
    patience,
  )

  it(
    'bills price × user-days of who only joins, invoiced ahead or not',
    () => {
      fc.assert(
        fc.property(stories(true), fc.constantFrom(ahead, ahead, ...inTime), (story, policy) => {
          const userDays = owed(story, (_, users) => users)
          expect(Math.abs(cents(told(story, policy).total) - cents(userDays))).toBeLessThanOrEqual(0.01)
        }),
        runs,
      )
    },
    patience,
  )

  it(
    'writes nothing when a night is run again, and changes no line after its day',
    () => {
      fc.assert(
        fc.property(stories(false), fc.constantFrom(ahead, ...inTime), (story, policy) => {
          told(story, policy, (world, count) => {
            const changed = world.rows.filter(({ change, additionId }) => change === 'update' && additionId !== 301)
            const days = world.dated.filter(({ additionId }) => changed.some((row) => row.additionId === additionId))
            expect(days.every(({ day }) => day === count.day)).toBe(true)
            expect(world.plan(count)).toEqual([])
          })
        }),
        runs,
      )
    },
    patience,
  )

  it(
    'makes the same lines of several days at once as day by day, and of what waited for approval',
    () => {
      fc.assert(
        fc.property(stories(false), fc.integer({ min: 0, max: 200 }), (story, ahead) => {
          const next = periodAt(gridFor(story), addDays(story.first.from, ahead)).from
          const begun = () =>
            new ProratedWorld({ ...story.agreement, nextInvoiceOn: next }).counts(addDays(story.first.from, -1), 10)
          const days = [...effective(story)].map(([day, users]) => ({ day, users }))
          const [byDay, atOnce, held] = [begun(), begun(), begun()]
          for (const { day, users } of days) byDay.counts(day, users)
          const newest = days.at(-1) ?? { day: story.first.from, users: 10 }
          atOnce.earlier = days.slice(0, -1)
          atOnce.counts(newest.day, newest.users)
          held.approving = false
          for (const { day, users } of days) held.counts(day, users)
          held.approving = true
          held.counts(newest.day, newest.users)
          expect(atOnce.lines.sort()).toEqual(byDay.lines.sort())
          expect(held.lines.sort()).toEqual(byDay.lines.sort())
        }),
        runs,
      )
    },
    patience,
  )

  it(
    'bills user-days of who only joins, although nights are held or silent and invoices come at any time',
    () => {
      fc.assert(
        fc.property(unruly, fc.integer({ min: 0, max: 3 }), (nights, ahead) => {
          const world = new ProratedWorld({ ...week, nextInvoiceOn: firstWeek.from }).counts(firstWeek.from, 10)
          for (let n = 0; n < ahead; n++) world.invoice()
          let count: Count = { day: firstWeek.from, users: 10 }
          const counts = [count]
          for (const { joined, silent, approving, invoices } of nights) {
            const day = addDays(count.day, 1)
            const isSilent = silent && periodAt(gridFor({ agreement: week }), day).from !== day
            count = { day, users: count.users + (isSilent ? 0 : joined) }
            counts.push(count)
            world.approving = approving
            world.counts(day, count.users, { silent: isSilent })
            for (let n = 0; n < invoices && world.next.from < addDays(day, 21); n++) world.invoice()
          }
          world.approving = true
          const { users, day } = count
          for (let night = addDays(day, 1); world.next.from <= addDays(day, 35); night = addDays(night, 1))
            world.counts(night, users).invoice()
          const periods = Math.round(daysBetween(firstWeek.from, world.next.from) / 7)
          const missing = counts.reduce((sum, one) => sum + users - one.users, 0)
          expect(cents(world.total)).toBeCloseTo(price * (periods * users - missing / 7), 1)
        }),
        runs,
      )
    },
    patience,
  )
})
