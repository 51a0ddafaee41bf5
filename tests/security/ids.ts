import { save } from '#db/db.ts'
import { agreements, companies } from '#db/schema.ts'
import { connectTenant, findTenant } from '#db/tenants.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { addLines } from '../lines-given.ts'
import { defaultKeys } from '../sandbox/manage/manage.ts'
import { addStaff } from '../sandbox/manage/world.ts'
import { openMemory } from '../stores.ts'
import { fill } from './owned.ts'

/** What stands behind an id in an address: a record of ours, one of another tenant, and none at all. */
interface Ids {
  own: string
  foreign: string
  unknown: string
}

export interface TwoTenants extends Contoso {
  /** By the part of the path before the id, `/plans/:id` is `plans`, else by its name. */
  ids: Record<string, Ids>
  strangers: Contoso['scope']
}

/** What nobody of ours may ever read. */
export const canary = 'Fabrikam Secret 7f3a'

/** Contoso with a plan that waits for a person, beside another tenant of the same ConnectWise cloud with records of its own. */
export async function givenTwoTenants(): Promise<TwoTenants> {
  const app = await givenContoso(openMemory, 12, { limits: {} })
  addStaff(app.world)
  await app.say({ 'A-17': 99 })
  const summary = await app.sync()
  await addLines(app.scope, [{ line: 'line' }])
  const strangers = await addStrangers(app)
  const numbers = (own: number) => ({ own: String(own), foreign: String(9_000 + own), unknown: '88888' })
  const texts = (own: string, foreign: string) => ({ own, foreign, unknown: 'nothing-of-this-name' })
  return Object.assign(app, {
    strangers,
    ids: {
      companies: numbers(250),
      agreements: numbers(87),
      reconciliations: numbers(87),
      moves: numbers(301),
      withdrawals: numbers(301),
      additions: numbers(301),
      products: numbers(512),
      lines: texts('line', 'posted'),
      rows: { own: '1', foreign: '1', unknown: '1' },
      mappings: texts(app.mapping.id, 'mapping'),
      plans: texts(summary.plan ?? '', 'plan'),
      runs: texts(summary.run, 'run'),
      sources: texts('src', 'source'),
      tenants: texts(app.scope.tenant, strangers.tenant),
      setup: { own: 'sources', foreign: 'nowhere', unknown: 'nothing-of-this-name' },
      roles: { own: 'member', foreign: 'member', unknown: 'member' },
      name: texts('afinance', 'ann'),
    },
  })
}

async function addStrangers({ deps, scope }: Contoso): Promise<Contoso['scope']> {
  const mine = await findTenant(deps.db, scope.tenant)
  if (!mine) throw new Error('no tenant')
  const { apiOrigin, companyId, codebase, clientId, zone, currency, hasAdditionsReport, limits } = mine
  const connection = { apiOrigin, companyId, codebase, clientId, zone, currency, hasAdditionsReport }
  const tenant = await connectTenant(
    deps.db,
    deps.seal,
    { ...connection, site: 'https://eu.myconnectwise.net' },
    { publicKey: defaultKeys.publicKey, privateKey: defaultKeys.privateKey },
    { limits, now: deps.now() },
  )
  const strangers = { db: deps.db, tenant: tenant.id }
  await fill(strangers, deps.seal)
  const body = { tenantId: tenant.id, readAt: 1, body: { name: canary } as never }
  await save(deps.db, [
    deps.db.insert(companies).values({ ...body, id: 9_250, name: canary }),
    deps.db.insert(agreements).values({ ...body, id: 9_087, companyId: 9_250, gone: false }),
  ])
  return strangers
}
