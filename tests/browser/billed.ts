import { ruleText } from '#billing/rule.ts'
import { save } from '#db/db.ts'
import { listMappingsOf, saveMappings } from '#db/mappings.ts'
import { addSource } from '#db/sources.ts'
import { push, sync } from '../sandbox/demo-night.ts'
import type { Demo } from '../sandbox/demo-parts.ts'

const prorated = { account: 'A-08', agreement: 87 }
const rule = { write: ['quantity' as const], prorate: true }

/** A customer whose agreement prorates, where somebody started after its period was invoiced: a dated line was made. */
export async function joinProrated(demo: Demo): Promise<void> {
  const { world, scope, platform } = demo
  const agreement = world.agreements.get(prorated.agreement)
  if (!agreement) throw new Error('The demo has no agreement 87')
  agreement.prorateFlag = true
  const rows = await listMappingsOf(scope, { agreement: agreement.id })
  const confirmed = rows.map((row) => ({ ...row, rule, confirmedRule: ruleText(rule) }))
  await save(scope.db, saveMappings(scope, confirmed))
  await sync(demo)
  platform.join(prorated.account, { name: 'Una Late' })
  await push(demo)
  await sync(demo)
}

/** A source whose numbers come in files; none was uploaded yet. */
export async function addFiles({ scope, trueup: { deps } }: Demo): Promise<void> {
  const added = { id: deps.id(), kind: 'csv' as const, name: 'Reseller', settings: {}, createdAt: deps.now() }
  const { saved } = addSource(scope, { ...added, billingPeriod: 'current' })
  await save(scope.db, [saved])
}
