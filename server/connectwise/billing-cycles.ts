import * as z from 'zod'
import type { BillingOption } from '#billing/existing.ts'
import { Problem } from '#server/problem.ts'
import type { Api } from './api.ts'
import { parseBody } from './expect.ts'
import { listAll } from './paging.ts'
import { id, oneOf } from './wire.ts'

const what = 'billing cycles'

const record = z.object({
  id,
  billingOptions: oneOf(
    'Weekly',
    'BiWeekly',
    'Monthly',
    'BiMonthly',
    'Quarterly',
    'SemiAnnual',
    'Yearly',
    'NotRecurring',
  ),
})

/** How long each billing cycle is, by its id; undefined when ConnectWise does not tell us. */
export async function listBillingCycles(api: Api): Promise<Record<number, BillingOption> | undefined> {
  const parse = (body: unknown) => parseBody(z.array(record), body, what)
  const list = { path: '/finance/billingCycles', query: { fields: 'id,billingOptions' }, what, parse, orderBy: 'id' }
  try {
    const cycles = await listAll(api, { ...list, mayBeAbsent: true })
    return Object.fromEntries(
      cycles.flatMap((cycle) => (cycle.billingOptions ? [[cycle.id, cycle.billingOptions]] : [])),
    )
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}
