import { monthPattern } from '#billing/period.ts'
import type { Source } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import { billedMonth } from '#sync/sources/collect-sources.ts'
import { type Call, UsageProblem } from './command.ts'

/** The month somebody asked for, else the one whose numbers of this source are billed now. */
export function periodAsked(call: Call, source: Source, tenant: Tenant, now: number): string {
  const period = call.option('period') ?? billedMonth(source, tenant, now)
  if (monthPattern.test(period)) return period
  throw new UsageProblem('--period must be a month, YYYY-MM.')
}
