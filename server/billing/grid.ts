import { Temporal } from 'temporal-polyfill'
import type { Agreement, BillingOption } from './existing.ts'
import { addDays, type Day, daysBetween, firstOf, monthName, monthOf } from './period.ts'

/** A billing period: its first and last day, both billed. */
export interface Period {
  from: Day
  to: Day
}

/** Where an agreement's billing periods begin: at the anchor and every cycle after it. */
export interface Grid {
  anchor: Day
  unit: 'months' | 'weeks'
  count: number
}

const cycles: Record<BillingOption, Omit<Grid, 'anchor'> | undefined> = {
  Weekly: { unit: 'weeks', count: 1 },
  BiWeekly: { unit: 'weeks', count: 2 },
  Monthly: { unit: 'months', count: 1 },
  BiMonthly: { unit: 'months', count: 2 },
  Quarterly: { unit: 'months', count: 3 },
  SemiAnnual: { unit: 'months', count: 6 },
  Yearly: { unit: 'months', count: 12 },
  NotRecurring: undefined,
}

/** What an agreement says of its billing periods. */
type Cycle = Pick<Agreement, 'billingOption' | 'invoicingCycle' | 'billStartOn' | 'startOn'>

const someNewYear = '2000-01-01'

/** The period grid of FEATURES 4.1; undefined where the agreement's cycle or its anchor is not known. */
export function gridOf({ billingOption, invoicingCycle, billStartOn, startOn }: Cycle): Grid | undefined {
  const cycle = billingOption && cycles[billingOption]
  if (!cycle) return undefined
  const counted = cycle.unit === 'weeks' || invoicingCycle === 'ContractYear' ? (billStartOn ?? startOn) : undefined
  const anchor = cycle.unit === 'months' && invoicingCycle === 'CalendarYear' ? someNewYear : counted
  return anchor === undefined ? undefined : { ...cycle, anchor }
}

/** The period that holds a day. Starts are counted from the anchor, so that one on the 31st does not drift. */
export function periodAt(grid: Grid, day: Day): Period {
  const nth = Math.floor(elapsed(grid, day) / grid.count)
  const cycle = startOf(grid, nth) > day ? nth - 1 : nth
  return { from: startOf(grid, cycle), to: addDays(startOf(grid, cycle + 1), -1) }
}

/** Months or weeks from the anchor to a day; a month that has only begun counts. */
function elapsed({ anchor, unit }: Grid, day: Day): number {
  if (unit === 'weeks') return Math.floor(daysBetween(anchor, day) / 7)
  const [year = 0, month = 0] = day.split('-').map(Number)
  const [anchorYear = 0, anchorMonth = 0] = anchor.split('-').map(Number)
  return (year - anchorYear) * 12 + month - anchorMonth
}

/** The day is clamped to the month's end. */
const startOf = ({ anchor, unit, count }: Grid, nth: number): Day =>
  Temporal.PlainDate.from(anchor)
    .add({ [unit]: count * nth })
    .toString()

export const nextPeriod = (grid: Grid, { to }: Period): Period => periodAt(grid, addDays(to, 1))

/** How many days a period has, both ends counted. */
export const daysIn = ({ from, to }: Period): number => daysBetween(from, to) + 1

/** `November 2026`, or `2026-11-15 to 2026-12-14` where it is no calendar month. */
export function periodName({ from, to }: Period): string {
  const isMonth =
    from === firstOf(monthOf(from)) && monthOf(to) === monthOf(from) && monthOf(addDays(to, 1)) > monthOf(to)
  return isMonth ? monthName(monthOf(from)) : `${from} to ${to}`
}
