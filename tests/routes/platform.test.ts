import { describe, expect, it } from 'vitest'
import { listLedger } from '#db/ledger.ts'
import { openSecret } from '#db/secrets.ts'
import { findNewestSnapshot } from '#db/snapshots.ts'
import { findSource } from '#db/sources.ts'
import { platformFaults } from '../sandbox/platform-faults.ts'
import { signIn } from '../session/signed-in.ts'
import { ownLayout } from '../sources/http-given.ts'
import { eachStore, type Open, openMemory } from '../stores.ts'
import { givenVendor, vendor, vendorKey } from '../sync/http-given.ts'

async function given(open: Open) {
  const app = await givenVendor(open, 12)
  const { ask: send } = await signIn(app, { member: 'jsmith', role: 'admin' })
  const ask = async (method: string, path: string, form?: Record<string, string>) => {
    const answer = await send(method, path, form)
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  return { app, ask }
}

const { base: _, header: __, ...layout } = ownLayout
const lines = Object.entries(layout).map(([name, value]) => `${name}=${value}`)
const form = {
  name: 'Second',
  base: `${vendor}/usage`,
  kind: 'usage',
  secret: vendorKey,
  header: '',
  layout: '',
}

eachStore((open) => {
  it('a platform is tested, saved only when that is successful, and its key is never shown (K4, K5, TRUST 7.3)', async () => {
    const { app, ask } = await given(open)
    expect((await ask('GET', '/settings/platform')).text).toContain(`Allowed: ${vendor}`)
    const tested = await ask('POST', '/settings/platform/tests', form)
    expect(tested.text).toContain('Test is successful.')
    expect(tested.text).toContain('November 2026: 25 accounts, 0 readings')
    expect(await findSource(app.scope, 'Second')).toBeUndefined()
    const short = await ask('POST', '/settings/platform/tests', { ...form, secret: 'k' })
    expect(short.text).toContain('Key must be 8 to 500 visible characters.')
    app.api.fault = platformFaults['wrong key']
    const refused = await ask('POST', '/settings/platform', form)
    expect([refused.status, refused.headers.get('hx-retarget')]).toEqual([422, null])
    expect(refused.text).toContain('Test is not successful.')
    expect(refused.text).toContain('refuses the key (401)')
    expect(await findSource(app.scope, 'Second')).toBeUndefined()
    app.api.fault = undefined
    const saved = await ask('POST', '/settings/platform', form)
    expect([saved.status, saved.headers.get('hx-retarget')]).toEqual([200, '#main'])
    const source = await findSource(app.scope, 'Second')
    expect(source).toMatchObject({ kind: 'http', settings: { base: `${vendor}/usage`, kind: 'usage' } })
    expect(await openSecret(app.scope, app.deps.seal, `source:${source?.id}`)).toBe(vendorKey)
    const shown = await ask('GET', `/settings/sources/${source?.id}/platform`)
    expect(shown.text).toContain(`ends in ${vendorKey.slice(-4)}`)
    const said = JSON.stringify([tested, refused, saved, shown, await listLedger(app.scope), app.lines])
    expect(said).not.toContain(vendorKey)
    await app.close()
  })
})

describe('a platform’s settings', () => {
  it('are its own layout, line by line, and what is wrong stands at its field', async () => {
    const { app, ask } = await given(openMemory)
    const path = `/settings/sources/${app.source}`
    const own = { ...form, name: 'Vendor', kind: 'counts', base: `${vendor}/v1`, header: 'X-Api-Key', secret: '' }
    const bad = await ask('POST', `${path}/platform`, { ...own, layout: 'account=customers[].id\npaging=magic' })
    expect(bad.status).toBe(422)
    expect(bad.text).toContain('paging must be none, link, page or cursor')
    expect(bad.text).toContain('paging=magic')
    expect((await ask('POST', `${path}/platform`, { ...own, layout: 'what?' })).text).toContain('line 1 must be a name')
    const tested = await ask('POST', `${path}/tests`, { ...own, layout: lines.join('\n') })
    expect(tested.text).toContain('25 accounts, 25 readings, 84 people on 2 pages; complete')
    expect(tested.text).toContain('Contoso Ltd (A-17): 12 users')
    expect((await ask('POST', `${path}/platform`, { ...own, layout: lines.join('\r\n') })).status).toBe(200)
    const { text } = await ask('GET', `${path}/platform`)
    for (const line of lines) expect(text).toContain(line.replaceAll('"', '&quot;'))
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
    await app.close()
  })

  it('SSRF: name only addresses the operator allows, and the stored key goes to no other', async () => {
    const { app, ask } = await given(openMemory)
    const other = { ...form, base: 'https://evil.example/usage' }
    for (const base of ['https://evil.example', 'https://127.0.0.1', `${vendor}@evil.example`, 'http://localhost:1']) {
      const answer = await ask('POST', '/settings/platform', { ...form, base })
      expect([base, answer.status]).toEqual([base, 422])
      expect(answer.text).toContain('must begin with an origin that the operator allows')
    }
    app.deps.config.SOURCE_HOSTS.push('https://evil.example')
    const moved = { ...other, name: 'Vendor', secret: '' }
    const answer = await ask('POST', `/settings/sources/${app.source}/platform`, moved)
    expect([answer.status, answer.text.includes('is missing for this address')]).toEqual([422, true])
    expect((await ask('POST', `/settings/sources/${app.source}/tests`, moved)).text).toContain('Key is missing')
    expect(app.api.requests).toEqual([])
    await app.close()
  })

  it('X17, X7: it is asked on demand for this month or the one before, and its trouble is shown until it is gone', async () => {
    const { app, ask } = await given(openMemory)
    const path = `/settings/sources/${app.source}/collection`
    const { text } = await ask('GET', '/settings/sources')
    expect(text).toContain('Ask Vendor for November 2026 now')
    expect((await ask('POST', path, { period: '2026-10' })).text).toContain(
      '25 accounts and 25 readings of October 2026',
    )
    expect(await findNewestSnapshot(app.scope, app.source)).toMatchObject({ period: '2026-10' })
    app.api.fault = platformFaults['web page']
    const failed = await ask('POST', path, { period: '2026-11' })
    expect(failed.status).toBe(422)
    expect(failed.text).toContain('Could not be read at 2026-11-17 12:00 UTC: The platform gave a web page')
    const dashboard = (await ask('GET', '/dashboard')).text
    expect(dashboard).toMatch(/Vendor[\s\S]*Failed[\s\S]*The platform gave a web page instead of data/)
    app.api.fault = undefined
    expect((await ask('POST', path, { period: '2026-10' })).text).toContain('Could not be read')
    expect((await ask('POST', path, { period: '2026-11' })).text).not.toContain('Could not be read')
    expect((await ask('GET', '/dashboard')).text).not.toContain('a web page')
    expect((await ask('POST', '/settings/sources/src/collection', { period: '2026-11' })).status).toBe(422)
    await app.close()
  })
})
