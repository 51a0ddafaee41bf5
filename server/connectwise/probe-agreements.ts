import { z } from 'zod'
import { type Day, daysBetween, firstOf, monthOf, shiftMonth } from '#billing/period.ts'
import type { Api } from './api.ts'
import { writeCondition } from './conditions.ts'
import { expectOk, parseBody } from './expect.ts'
import { type Finding, nothingToDo } from './finding.ts'
import { day, id, loosely, named, text } from './wire.ts'

const mostAgreements = 100

const dated = z.object({
  id,
  startDate: day,
  billStartDate: day,
  nextInvoiceDate: loosely,
  invoicingCycle: text,
  billingCycle: named,
  parentAgreement: z.object({ id: id.nullish() }).nullish(),
})
type Dated = z.output<typeof dated>

const cycles = z.array(z.object({ id, billingOptions: text }))

/** Whether next invoice dates lie where periods begin (U16, U17), and which agreements are children (U28). */
export async function probeAgreements(api: Api, mapped: readonly number[]): Promise<Finding[]> {
  const agreements = await readAgreements(api, mapped)
  const options = await readCycles(api)
  const invoices = await api.read({
    path: '/system/reports/AgreementInvoice',
    query: { pageSize: 1 },
    mayBeAbsent: true,
  })
  const whose = mapped.length > 0 ? 'mapped' : 'seen'
  return [invoicedThrough(agreements, options, whose, invoices.kind === 'ok'), children(agreements, whose)]
}

async function readAgreements(api: Api, mapped: readonly number[]): Promise<Dated[]> {
  const ids = mapped.slice(0, mostAgreements)
  const query = {
    fields: Object.keys(dated.shape)
      .map((name) => (/Cycle$|^parent/.test(name) && name !== 'invoicingCycle' ? `${name}/id` : name))
      .join(','),
    pageSize: mostAgreements,
    conditions: ids.length > 0 ? writeCondition({ field: 'id', in: ids }) : undefined,
  }
  const what = 'agreements'
  return parseBody(z.array(dated), expectOk(await api.read({ path: '/finance/agreements', query }), what).body, what)
}

async function readCycles(api: Api): Promise<ReadonlyMap<number, string>> {
  const query = { fields: 'id,billingOptions', pageSize: 1000 }
  const answer = await api.read({ path: '/finance/billingCycles', query, mayBeAbsent: true })
  const parsed = cycles.safeParse(answer.kind === 'ok' ? answer.body : [])
  return new Map(parsed.data?.map((cycle) => [cycle.id, cycle.billingOptions]) ?? [])
}

function invoicedThrough(
  agreements: readonly Dated[],
  options: ReadonlyMap<number, string>,
  whose: string,
  hasReport: boolean,
): Finding {
  const answers = agreements.map((agreement) => ({ agreement, on: isOnGrid(agreement, options) }))
  const known = answers.filter(({ on }) => on !== undefined)
  const off = known.filter(({ on }) => on === false).map(({ agreement }) => agreement.id)
  const report = `the AgreementInvoice report is ${hasReport ? '' : 'not '}readable`
  return {
    probe: 'invoiced-through',
    state: known.length === 0 ? 'unknown' : 'ok',
    result: `${known.length - off.length} of ${known.length} ${whose} agreements have their next invoice date where a period begins${off.length > 0 ? `, not ${off.slice(0, 10).join(', ')}` : ''}; ${report}`,
    means: 'Quantities are written either way; dated lines would only be made where the dates agree.',
    next: nothingToDo,
  }
}

function children(agreements: readonly Dated[], whose: string): Finding {
  const ids = agreements.filter((agreement) => agreement.parentAgreement?.id).map((agreement) => agreement.id)
  return {
    probe: 'child',
    state: 'ok',
    result: ids.length === 0 ? `no ${whose} agreement is a child` : `child agreements: ${ids.slice(0, 10).join(', ')}`,
    means: 'Child agreements get quantities and never dated lines.',
    next: nothingToDo,
  }
}

const monthsOf: Record<string, number> = { Monthly: 1, BiMonthly: 2, Quarterly: 3, SemiAnnual: 6, Yearly: 12 }
const daysOf: Record<string, number> = { Weekly: 7, BiWeekly: 14 }

/** Whether the next invoice date is the first day of a period (FEATURES 4.1); undefined when that cannot be said. */
function isOnGrid(agreement: Dated, options: ReadonlyMap<number, string>): boolean | undefined {
  const { nextInvoiceDate: next, billStartDate, startDate, invoicingCycle } = agreement
  const option = options.get(agreement.billingCycle?.id ?? 0) ?? ''
  const months = monthsOf[option]
  const isCalendar = invoicingCycle === 'CalendarYear' && months !== undefined
  const anchor = isCalendar ? next && `${next.slice(0, 4)}-01-01` : (billStartDate ?? startDate)
  if (next === undefined || anchor === undefined) return undefined
  if (months !== undefined) return monthsBetween(anchor, next) % months === 0 && next === sameDayIn(anchor, next)
  const days = daysOf[option]
  return days === undefined ? undefined : daysBetween(anchor, next) % days === 0
}

const monthsBetween = (from: Day, to: Day): number => monthNumber(to) - monthNumber(from)
const monthNumber = (on: Day): number => Number(on.slice(0, 4)) * 12 + Number(on.slice(5, 7))

/** The anchor's day in the other's month, or that month's last day. */
function sameDayIn(anchor: Day, other: Day): Day {
  const month = monthOf(other)
  const length = daysBetween(firstOf(month), firstOf(shiftMonth(month, 1)))
  const dayOfMonth = Math.min(Number(anchor.slice(8)), length)
  return `${month}-${String(dayOfMonth).padStart(2, '0')}`
}
