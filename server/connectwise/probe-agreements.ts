import * as z from 'zod'
import type { BillingOption } from '#billing/existing.ts'
import { gridOf, periodAt } from '#billing/grid.ts'
import type { Api } from './api.ts'
import { listBillingCycles } from './billing-cycles.ts'
import { writeCondition } from './conditions.ts'
import { expectOk, parseBody } from './expect.ts'
import { type Finding, nothingToDo } from './finding.ts'
import { day, id, loosely, named, oneOf } from './wire.ts'

const mostAgreements = 100

const dated = z.object({
  id,
  startDate: day,
  billStartDate: day,
  nextInvoiceDate: loosely,
  invoicingCycle: oneOf('ContractYear', 'CalendarYear'),
  billingCycle: named,
  parentAgreement: z.object({ id: id.nullish() }).nullish(),
})
type Dated = z.output<typeof dated>

type BillingOptions = Readonly<Record<number, BillingOption>>

/** Whether next invoice dates lie where periods begin (U16, U17), and which agreements are children (U28). */
export async function probeAgreements(api: Api, mapped: readonly number[]): Promise<Finding[]> {
  const agreements = await readAgreements(api, mapped)
  const options = (await listBillingCycles(api)) ?? {}
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

function invoicedThrough(
  agreements: readonly Dated[],
  options: BillingOptions,
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
    means: 'Quantities are written either way; dated lines are only made where the dates agree.',
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

/** Whether the next invoice date is the first day of a period (FEATURES 4.1); undefined when that cannot be said. */
function isOnGrid(agreement: Dated, options: BillingOptions): boolean | undefined {
  const { nextInvoiceDate: next, billStartDate, startDate, invoicingCycle } = agreement
  const billingOption = options[agreement.billingCycle?.id ?? 0]
  const grid = gridOf({ billingOption, invoicingCycle, billStartOn: billStartDate, startOn: startDate })
  return next === undefined || grid === undefined ? undefined : periodAt(grid, next).from === next
}
