import { monthName } from '#billing/period.ts'
import { collectFrom } from '#sync/sources/collect-sources.ts'
import type { Command } from './command.ts'
import { checkSourcesAllowed, sourceNamed, tenantNamed } from './named.ts'
import { periodAsked } from './period.ts'

export const sourcesCollectCommand: Command = {
  name: 'sources collect',
  about: 'Ask a platform’s API now and store what it says; every run does so by itself.',
  arguments: [{ value: 'SOURCE', about: 'a source of kind http, by id or name' }],
  options: {
    tenant: { value: 'T', required: true, about: 'whose source it is' },
    period: { value: 'YYYY-MM', about: 'the month to ask for, else the one that is billed' },
  },
  async run(call) {
    const { deps } = await call.open()
    const tenant = await tenantNamed(deps.db, call.required('tenant'))
    const scope = { db: deps.db, tenant: tenant.id }
    const source = await sourceNamed(scope, call.argument(0) ?? '')
    await checkSourcesAllowed(deps, [source])
    const period = periodAsked(call, source, tenant, deps.now())
    const row = await collectFrom(deps, scope, source, { period })
    const { id, accountCount: accounts, readingCount: readings, complete } = row
    call.print(
      { snapshot: id, period, accounts, readings, complete },
      `${source.name} told ${row.kind} of ${monthName(period)}, ${complete ? 'complete' : 'partial, so it lowers nothing'}: ${accounts} accounts, ${readings} readings.`,
    )
    return 0
  },
}
