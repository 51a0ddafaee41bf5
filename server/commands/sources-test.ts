import { Problem } from '#server/problem.ts'
import { testFailed, testPassed } from '#sync/settings/connect.ts'
import { isPulled } from '#sync/sources/heard.ts'
import { testHttpSource } from '#sync/sources/http-sources.ts'
import type { SourceSample } from '#sync/sources/source-sample.ts'
import type { Command } from './command.ts'
import { checkSourcesAllowed, sourceNamed, tenantNamed } from './named.ts'
import { periodAsked } from './period.ts'

export const sourcesTestCommand: Command = {
  name: 'sources test',
  about: 'Ask a platform’s API for its first pages and show what it says; nothing is stored.',
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
    const { name, settings, billingPeriod } = source
    const period = periodAsked(call, source, tenant, deps.now())
    const given = { name, settings, billingPeriod }
    if (!isPulled(source)) throw new Problem('invalid', `${name} is not asked: it tells by itself.`)
    const tested = await testHttpSource({ deps, scope, member: 'operator' }, given, period, source)
    if (!tested.ok) throw new Problem('invalid', `${testFailed} ${tested.cause}`)
    call.print(tested.sample, [testPassed, ...wordsOf(tested.sample)].join('\n'))
    return 0
  },
}

const wordsOf = ({ period, accounts, readings, people, state, pages, first }: SourceSample): string[] => [
  `${period}: ${accounts} accounts, ${readings} readings, ${people} people on ${pages} ${pages === 1 ? 'page' : 'pages'}; ${state}.`,
  ...first.map(({ id, name, says }) => `  ${id}  ${name}  ${says}`),
]
