import type { Finding } from '#connectwise/finding.ts'
import { probe } from '#connectwise/probes.ts'
import type { Scope } from '#db/db.ts'
import { listMappings } from '#db/mappings.ts'
import { listTenants, type Tenant } from '#db/tenants.ts'
import { readConnection } from '#server/connections.ts'
import { reasonOf } from '#server/log.ts'
import { Problem } from '#server/problem.ts'
import { type Call, type Command, type ExitCode, type Opened, UsageProblem } from './command.ts'
import { examineInstall, examineTenant } from './doctor-install.ts'
import { tenantNamed } from './named.ts'
import { counted, table } from './text.ts'

/** Findings of one subject: the install, or a tenant. */
interface Examined {
  tenant: string | null
  findings: Finding[]
}

export const doctorCommand: Command = {
  name: 'doctor',
  about:
    'Examine the database, the keys, the clock, the rights and what ConnectWise answers; nothing but a test agreement is written there.',
  options: {
    tenant: { value: 'T', about: 'only this tenant' },
    'test-agreement': { value: 'ID', about: 'try writing to this agreement, which nobody bills; needs --tenant' },
  },
  async run(call) {
    const opened = await call.open()
    const { deps } = opened
    const named = call.option('tenant')
    const testAgreement = testAgreementOf(call)
    const tenants = named === undefined ? await listTenants(deps.db) : [await tenantNamed(deps.db, named)]
    const examined: Examined[] = [{ tenant: null, findings: await examineInstall(deps) }]
    for (const tenant of tenants)
      examined.push({ tenant: tenant.id, findings: await examine(opened, tenant, testAgreement) })
    return report(call, examined)
  },
}

/** The id of the agreement to write to; undefined: none. */
function testAgreementOf(call: Call): number | undefined {
  const given = call.option('test-agreement')
  if (given === undefined) return undefined
  if (!/^[1-9]\d{0,9}$/.test(given)) throw new UsageProblem('--test-agreement takes the id of an agreement')
  if (call.option('tenant') === undefined) throw new UsageProblem('--test-agreement needs --tenant')
  return Number(given)
}

async function examine(
  { deps, effects }: Opened,
  tenant: Tenant,
  testAgreement: number | undefined,
): Promise<Finding[]> {
  const scope: Scope = { db: deps.db, tenant: tenant.id }
  const own = await examineTenant(scope, tenant)
  const connection = await readConnection(deps, scope).catch((error: unknown) => unopened(error))
  if ('probe' in connection) return [...own, connection]
  const agreements = [...new Set((await listMappings(scope)).map((mapping) => mapping.agreementId))]
  const { hasAdditionsReport, lineSettings } = tenant
  const { crossReferences } = lineSettings
  const known = { hasAdditionsReport, agreements, crossReferences }
  const found = await probe(connection, effects, testAgreement === undefined ? known : { ...known, testAgreement })
  return [...own, ...found]
}

const unopened = (error: unknown): Finding => ({
  probe: 'connection',
  state: 'attention',
  result: error instanceof Problem ? error.message : `the stored keys cannot be opened: ${reasonOf(error)}`,
  means: 'ConnectWise cannot be asked.',
  next: 'Run trueup connect again.',
})

function report(call: Call, examined: readonly Examined[]): ExitCode {
  const all = examined.flatMap(({ findings }) => findings)
  const waiting = all.filter(({ state }) => state === 'attention').length
  const isUnreachable = all.some(({ state }) => state === 'unreachable')
  const text = examined.map(({ tenant, findings }) =>
    [tenant ?? 'This install', table(findings.map(rowOf)), ''].join('\n'),
  )
  const verdict = isUnreachable
    ? 'ConnectWise cannot be reached.'
    : waiting > 0
      ? `${counted(waiting, 'finding')} for a person.`
      : 'Nothing needs a person.'
  call.print({ ok: !isUnreachable && waiting === 0, examined }, [...text, verdict].join('\n'))
  if (isUnreachable) return 1
  return waiting > 0 ? 2 : 0
}

const signs = { ok: 'ok', attention: 'LOOK', unknown: '?', unreachable: 'FAILED' }

const rowOf = ({ probe: name, state, result, means, next }: Finding): string[] => [
  `  ${signs[state]}`,
  name,
  [`${result.replace(/\.$/, '')}.`, means, next].filter(Boolean).join(' '),
]
