import * as z from 'zod'
import { testConnection } from '#connectwise/test-connection.ts'
import { listSources } from '#db/sources.ts'
import { connect, testPassed } from '#sync/settings/connect.ts'
import { type Call, type Command, UsageProblem } from './command.ts'

export const connectCommand: Command = {
  name: 'connect',
  about: 'Test a ConnectWise instance and its API keys, and keep them when the test is successful.',
  options: {
    site: { value: 'URL', required: true, about: 'host of the ConnectWise login page, such as na.myconnectwise.net' },
    'company-id': { value: 'ID', required: true, about: 'company of the login page' },
    'public-key': { value: 'K', required: true, about: 'System › Members › API Members › API Keys' },
    'private-key': { value: 'K', about: 'shown there once; - reads it from stdin, else it is TRUEUP_PRIVATE_KEY' },
    'client-id': { value: 'GUID', about: 'clientId of the integration, else it is CONNECTWISE_CLIENT_ID' },
  },
  async run(call) {
    const clientId = clientIdOf(call)
    const privateKey = await privateKeyOf(call)
    const { deps, effects } = await call.open()
    const tenant = await connect(
      deps,
      (credentials) => testConnection(credentials, effects, deps.config.CONNECTWISE_HOSTS),
      {
        site: call.required('site'),
        companyId: call.required('company-id'),
        publicKey: call.required('public-key'),
        privateKey,
        clientId,
      },
    )
    const hasSource = (await listSources({ db: deps.db, tenant: tenant.id })).length > 0
    call.print(
      { tenant: tenant.id, state: tenant.state },
      [
        testPassed,
        `${tenant.companyId} at ${tenant.site} is connected as tenant ${tenant.id}; its time zone is ${tenant.zone}.`,
        ...(tenant.mode === 'observe' ? ['Nightly runs plan and write nothing until a first plan is approved.'] : []),
        `Set-up goes on at ${deps.config.PUBLIC_URL}/operator (trueup operator-code), or here:`,
        `Next: trueup ${hasSource ? 'sync' : 'sources add push'} --tenant ${tenant.id} ${hasSource ? '--dry-run' : '--name NAME'}`,
      ].join('\n'),
    )
    return 0
  },
}

function clientIdOf(call: Call): string | undefined {
  const own = call.option('client-id')
  if (own !== undefined && !z.guid().safeParse(own).success)
    throw new UsageProblem('--client-id must be a GUID such as 6f9619ff-8b86-d011-b42d-00cf4fc964ff.')
  if (own === undefined && !call.outside.config().CONNECTWISE_CLIENT_ID)
    throw new UsageProblem('There is no clientId: give --client-id or set CONNECTWISE_CLIENT_ID.')
  return own
}

/** A key among the arguments is seen by everybody who lists processes, so there are two other ways. */
async function privateKeyOf(call: Call): Promise<string> {
  const typed = call.option('private-key')
  const key =
    typed === '-' ? (await call.outside.readInput()).trim() : (typed ?? call.outside.variables.TRUEUP_PRIVATE_KEY)
  if (!key)
    throw new UsageProblem('--private-key is missing: give it, pipe it to --private-key -, or set TRUEUP_PRIVATE_KEY.')
  return key
}
