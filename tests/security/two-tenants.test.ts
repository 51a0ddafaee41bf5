import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '#server/app.ts'
import { createConnections } from '#server/connections.ts'
import { connectLine, type Ran, typer } from '../commands/given.ts'
import { type Contoso, givenContoso, quantities } from '../given.ts'
import { addAddition, addAgreement, addCompany, addProduct } from '../sandbox/manage/build.ts'
import { createManage, defaultKeys, type Manage } from '../sandbox/manage/manage.ts'
import { emptyWorld } from '../sandbox/manage/world.ts'
import { openMemory } from '../stores.ts'

/** The very ids of Contoso, in another company's ConnectWise. */
function twinOf(clock: Contoso['clock']): Manage {
  const world = emptyWorld()
  const product = addProduct(world, { id: 512, identifier: 'TWIN-USER' })
  const company = addCompany(world, { id: 250, identifier: 'Twin', name: 'Twin Secret Ltd' })
  const agreement = addAgreement(
    world,
    { id: 87, company, name: 'Twin', startDate: '2026-01-01T00:00:00Z' },
    '2026-11-17',
  )
  addAddition(world, { id: 301, agreement, product, quantity: 40, unitPrice: 10, unitCost: 4 })
  return createManage({ clock, world, companyId: 'beta', publicKey: 'betaPub', privateKey: 'betaPriv' })
}

describe('two tenants of one database, with the same ids in both ConnectWises', () => {
  let acme: Contoso
  let beta: Manage
  let tokens: Record<'acme' | 'beta', string>
  let type: (...args: string[]) => Promise<Ran>
  beforeEach(async () => {
    acme = await givenContoso(openMemory, 12)
    beta = twinOf(acme.clock)
    // One host serves both, as ConnectWise's cloud does: the company in the address or the keys tells whom a call is for.
    const fetch = (request: Request) => {
      const basic = atob(request.headers.get('authorization')?.slice('Basic '.length) ?? '')
      const isBeta = basic.startsWith('beta+') || request.url.endsWith('/companyinfo/beta')
      return (isBeta ? beta : acme.manage).fetch(request)
    }
    const { deps, clock } = acme
    deps.connectWise = createConnections(deps, { ...clock, fetch, random: () => 0.5, log: deps.log })
    type = (...args) => typer(acme)([...args, '--json'], { fetch })
    const keys = { 'company-id': 'beta', 'public-key': 'betaPub', 'private-key': 'betaPriv' }
    expect((await type(...connectLine(keys))).json()).toEqual({ tenant: 'beta', state: 'connected' })
    const add = async (tenant: string) =>
      (await type('sources', 'add', 'push', '--tenant', tenant, '--name', 'Pushed')).json().token
    tokens = { acme: await add('acme'), beta: await add('beta') }
    for (const tenant of ['acme', 'beta']) {
      await acme.deps.db.run(sql`delete from mappings where tenant_id = ${tenant}`)
      const row = {
        source: 'Pushed',
        account: 'A-17',
        reads: { metric: 'users' },
        company: 250,
        agreement: 87,
        addition: 301,
      }
      const input = JSON.stringify([{ ...row, include: true }])
      const ran = await typer(acme)(['mappings', 'import', '--tenant', tenant, '--json'], { input, fetch })
      expect(ran.json()).toMatchObject({ added: 1 })
    }
  })

  const push = async (tenant: 'acme' | 'beta', quantity: number, key = 'same-key') => {
    const counts = [{ metric: 'users', quantity }]
    const body = { kind: 'counts', period: '2026-11', takenAt: '2026-11-17T12:00:00Z', complete: true }
    const headers = {
      authorization: `Bearer ${tokens[tenant]}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    }
    const answer = await createApp(acme.deps).request('http://127.0.0.1:4600/api/v1/snapshots', {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...body, accounts: [{ id: 'A-17', name: `${tenant} customer`, counts }] }),
    })
    return answer.status
  }
  const held = () =>
    [quantities(acme, 87), quantities({ ...acme, world: beta.world }, 87)].map(([one]) => one?.quantity)

  /** Every row that carries this tenant's id. */
  const ownedBy = async (tenant: string): Promise<string> => {
    const { db } = acme.deps
    const names = await db.all<[string]>(sql`select m.name from sqlite_master m where m.type = 'table'
      and exists (select 1 from pragma_table_info(m.name) where name = 'tenant_id')`)
    const found = await Promise.all(
      names.map(([name]) => db.all(sql`select * from ${sql.identifier(name)} where tenant_id = ${tenant}`)),
    )
    return JSON.stringify([found, await db.all(sql`select * from tenants where id = ${tenant}`)])
  }

  it('each gets its own count, and a push, sync, approval or dismissal of one leaves the other as it was', async () => {
    const before = await ownedBy('acme')
    const calls = acme.manage.requests.length
    expect(await push('beta', 41)).toBe(202)
    expect((await type('sync', '--tenant', 'beta')).exit).toBe(0)
    expect(await push('beta', 400, 'two')).toBe(202)
    const { plan } = (await type('sync', '--tenant', 'beta')).json()
    expect((await type('plans', 'dismiss', plan, '--as', 'ann')).exit).toBe(0)
    const again = (await type('sync', '--tenant', 'beta')).json()
    await type('plans', 'approve', again.plan, '--as', 'ann')
    await type('kill-switch', 'on', '--tenant', 'beta')
    expect(held()).toEqual([12, 400])
    expect(await ownedBy('acme')).toBe(before)
    expect(acme.manage.requests.length).toBe(calls)

    expect(await push('acme', 15)).toBe(202)
    const theirs = await ownedBy('beta')
    expect((await type('sync', '--tenant', 'acme')).exit).toBe(0)
    expect(held()).toEqual([15, 400])
    expect(await ownedBy('beta')).toBe(theirs)
  })

  it('what one is told, in answers, errors and logs, names nothing of the other', async () => {
    acme.lines.length = 0
    await push('beta', 41)
    const said = [
      await type('sync', '--tenant', 'beta'),
      await type('sync', '--tenant', 'beta', '--account', 'A-18'),
      await type('sync', '--tenant', 'beta', '--source', 'src'),
      await type('mappings', 'export', '--tenant', 'beta'),
      await type('doctor', '--tenant', 'beta'),
    ]
    const log = acme.lines.filter((line) => line.includes('"beta"')).join('\n')
    for (const text of [...said.map(({ out, err }) => out + err), log]) {
      expect(text).not.toMatch(/acme|Contoso|SEC-USER/)
      expect(text).not.toContain(defaultKeys.companyId)
    }
  })

  it("a night in which one tenant's keys are refused pauses that one alone", async () => {
    beta.world.keys.clear()
    await Promise.all([push('acme', 15), push('beta', 41)])
    await acme.clock.run(acme.deps.db.run(sql`update schedules set last_day = '2026-11-16'`))
    await acme.clock.run(acme.deps.db.run(sql`update tenants set mode = 'live'`))
    await acme.tick()
    expect(held()).toEqual([15, 40])
    const states = await acme.deps.db.all(sql`select id, state from tenants order by id`)
    expect(states).toEqual([
      ['acme', 'connected'],
      ['beta', 'attention'],
    ])
  })
})
