import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { listRoles } from '#db/roles.ts'
import * as schema from '#db/schema.ts'
import { createApp, routesOf } from '#server/app.ts'
import { type SignedIn, signIn } from '../session/signed-in.ts'
import { canary, givenTwoTenants, type TwoTenants } from './ids.ts'

/** What somebody may type where an id, a name or a search is expected (TRUST 7.6). */
const hostile = {
  'INJ-1': '" or 1=1 or name="',
  'INJ-2': ')',
  'INJ-3': '%_',
  'INJ-4': '1\n2',
  'INJ-7': '1/../2',
  'INJ-8': '1;drop table accounts',
  'INJ-9': "' or '1'='1' --",
  'INJ-10': '__proto__',
  'INJ-12': '/quantity/../unitPrice',
  'INJ-14': 'x\r\nSet-Cookie: a=b',
}
const fields = [
  ...['company', 'agreement', 'addition', 'product', 'mapping', 'plan', 'run', 'source', 'account', 'accounts'],
  ...[
    'search',
    'text',
    'status',
    'level',
    'days',
    'page',
    'sort',
    'show',
    'target',
    'version',
    'seq',
    'choice',
    'note',
  ],
  ...['fingerprint', 'action', 'scope', 'count', 'subject', 'name', 'role', 'member', 'site', 'time', 'zone', 'export'],
]
/** These take no field of those, and end the session that asks, or ask ConnectWise for long. */
const ends = ['/settings/disconnection', '/settings/authentication', '/settings/screens']

let app: TwoTenants
let jane: SignedIn
beforeAll(async () => {
  app = await givenTwoTenants()
  jane = await signIn(app, { member: 'jsmith', role: 'admin' })
})

const routes = () =>
  routesOf(app.deps).filter(
    ([, path, who]) => ['technician', 'finance', 'admin'].includes(who) && !ends.some((end) => path.startsWith(end)),
  )
/** A second later each time: changes are limited by the minute. */
const ask: SignedIn['ask'] = (method, path, form) => {
  app.clock.advance(1_000)
  return jane.ask(method, path, form)
}
const textOf = async (answer: Response) => (await answer.text()).replaceAll(/nonce="[^"]*"/g, '')
const told = async (path: string) => textOf(await ask('GET', path))

async function rowsOf(tenant: TwoTenants['scope']['tenant']): Promise<unknown[]> {
  const { accounts, mappings, plans, planRows, sources, roles, agreements, additions } = schema
  const tables = [accounts, mappings, plans, planRows, sources, roles, agreements, additions]
  return Promise.all(tables.map((table) => app.deps.db.select().from(table).where(eq(table.tenantId, tenant))))
}

describe('what somebody types', () => {
  it.each(Object.entries(hostile))('%s is taken to the letter in every address, query and form', async (_, text) => {
    const before = await rowsOf(app.strangers.tenant)
    const typed = new URLSearchParams(fields.map((name) => [name, text]))
    for (const [method, path] of routes()) {
      const filled = path.replaceAll(/:\w+/g, encodeURIComponent(text))
      const query = method === 'GET' ? `?${typed}` : ''
      const answer = await ask(method, filled + query, method === 'GET' ? undefined : typed)
      expect([
        method,
        path,
        answer.status,
        answer.status < 500 && ![401, 403, 415, 429].includes(answer.status),
      ]).toEqual([method, path, answer.status, true])
      if (path.includes(':')) expect([method, path, answer.ok && method !== 'GET']).toEqual([method, path, false])
      expect([path, answer.headers.has('set-cookie')]).toEqual([path, false])
      expect([path, (await answer.text()).includes(canary)]).toEqual([path, false])
    }
    await app.settled()
    expect(await rowsOf(app.strangers.tenant)).toEqual(before)
  })

  it('INJ-3 INJ-9 is searched for as it is typed', async () => {
    for (const [path, word, shown] of [
      ['/mappings/accounts?search=', 'A-17', 'Account A-17'],
      ['/logs/entries?text=', 'Run held', 'Run held: 1'],
    ] as const) {
      expect([path, (await told(path + word)).includes(shown)]).toEqual([path, true])
      for (const text of ['%', `_${word.slice(1)}`, `${word}%`, `${word}' or '1'='1`, '\\'])
        expect([text, (await told(path + encodeURIComponent(text))).includes(shown)]).toEqual([text, false])
    }
  })

  it('INJ-5 INJ-6 chooses no field and no order', async () => {
    const more = 'fields=privateKey&orderBy=name%20desc&sort=1&conditions=id%3E0&tenant=stranger&tenantId=stranger'
    for (const path of [
      '/mappings/accounts',
      '/plans',
      '/runs',
      '/logs/entries',
      '/pickers/companies',
      '/companies/250',
    ])
      expect([path, await told(`${path}?${more}`)]).toEqual([path, await told(path)])
  })

  it('INJ-11 is not two things at once', async () => {
    const twice = new URLSearchParams('company=250&company=9250&account=A-17&account=B')
    expect((await ask('POST', '/runs', twice)).status).toBe(422)
    expect((await ask('GET', '/pickers/agreements?company=250&company=9250')).status).toBe(422)
    expect((await ask('GET', '/logs?text=a&text=b')).status).toBe(422)
  })

  it('INJ-13 decides nothing that the form does not ask for', async () => {
    const { strangers } = app
    const before = await rowsOf(strangers.tenant)
    const more = { tenant: strangers.tenant, tenantId: strangers.tenant, approved: '1', state: 'approved', id: 'x' }
    const given = { subject: 'member', name: 'newcomer', role: 'technician', updatedBy: 'somebody', ...more }
    expect((await ask('POST', '/settings/roles', given)).status).toBe(200)
    const row = (await listRoles(app.scope)).find(({ name }) => name === 'newcomer')
    expect(row).toMatchObject({ role: 'technician', updatedBy: 'jsmith' })
    await ask('POST', '/runs', { ...more, mode: 'live', mapping: app.mapping.id })
    await app.settled()
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
    expect(await rowsOf(strangers.tenant)).toEqual(before)
  })

  it('INJ-14 is in no header of a download', async () => {
    const { headers } = await ask('GET', `/mappings/${app.mapping.id}/people.csv`)
    expect(headers.get('content-disposition')).toBe('attachment; filename="users.csv"')
  })

  it('INJ-16 takes no longer to refuse than any other text as long', async () => {
    const time = async (text: string) => {
      const form = new URLSearchParams(fields.map((name) => [name, text]))
      const startedAt = performance.now()
      for (const path of ['/settings/roles', '/settings/schedule', '/settings/sources']) await ask('POST', path, form)
      return performance.now() - startedAt
    }
    const plain = await time('x'.repeat(5_000))
    for (const bomb of [`${'a'.repeat(4_999)}!`, `${'1'.repeat(4_999)}.`, `${' '.repeat(4_999)}x`, 'a.'.repeat(2_500)])
      expect(await time(bomb)).toBeLessThan(150 + 3 * plain)
  })

  it('XSS-14 is no file: an SVG has no way in', async () => {
    const svg = new FormData()
    svg.set('file', new Blob(['<svg onload="alert(1)"/>'], { type: 'image/svg+xml' }), 'x.svg')
    // A file of a source is read as numbers; what begins with a tag is refused (tests/sources/csv.test.ts).
    const takeFiles = ['/sources/:id/preview', '/sources/:id/snapshots']
    for (const [method, path] of routes().filter(([method]) => method === 'POST')) {
      const headers = { authorization: `Bearer ${(await signIn(app, { member: 'jsmith' })).token}` }
      const answer = await createApp(app.deps).request(path.replaceAll(/:\w+/g, '1'), { method, headers, body: svg })
      expect([path, answer.status]).toEqual([path, takeFiles.includes(path) ? 404 : 415])
    }
  })
})

describe("another tenant's names", () => {
  it('ISO-2 ISO-4 are found by no search and in no list to pick from', async () => {
    const searches = ['/mappings/accounts?search=', '/logs/entries?text=', '/pickers/companies?search=']
    const more = ['/pickers/products?search=', '/pickers/agreements?company=250&search=']
    for (const path of [...searches, ...more]) {
      const [known, unknown] = [canary, 'Fabrikam Public 0000'].map((text) => told(path + encodeURIComponent(text)))
      expect([path, (await known)?.replaceAll(canary, '')]).toEqual([
        path,
        (await unknown)?.replaceAll('Fabrikam Public 0000', ''),
      ])
    }
  })

  it('ISO-5 ISO-6 come from no store on the way: no answer is kept, or compared with one that was', async () => {
    for (const path of ['/dashboard', '/companies/250', '/mappings', '/plans', '/logs', '/settings/roles']) {
      const { headers } = await ask('GET', path)
      const said = ['cache-control', 'etag', 'last-modified'].map((name) => headers.get(name))
      expect([path, said]).toEqual([path, ['no-store', null, null]])
    }
  })
})
