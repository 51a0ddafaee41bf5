import { describe, expect, it } from 'vitest'
import { basic, givenManage, site } from './caller.ts'
import { defaultKeys } from './manage/manage.ts'
import { lifelikeWorld } from './manage/world.ts'
import { createManagePage } from './page/manage-page.tsx'

const origin = 'http://127.0.0.1:4601'
const trueup = 'https://trueup.example'

/** The page over a lifelike world, asked as a browser in which somebody is logged in. */
function givenPage() {
  const given = givenManage({ world: lifelikeWorld() })
  const page = createManagePage({ manage: given.manage, now: given.clock.now })
  const ask = (path: string, member: string, form?: Record<string, string>) =>
    page.fetch(
      new Request(`${origin}${path}`, {
        headers: { cookie: `sandbox-member=${member}` },
        ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      }),
    )
  const see = async (path: string, member = 'jsmith') => (await ask(path, member)).text()
  const register = (screenId: number, type: string, more: object = {}) =>
    given.call('POST', '/system/connectwisehostedsetups', {
      screenId,
      type,
      description: 'TrueUp',
      url: `${trueup}/x?screen=[cw_screen]&id=[cw_id]`,
      origin: trueup,
      ...more,
    })
  const framed = async (path: string) => {
    const text = /data-host="([^"]*)"/.exec(await see(path))?.[1] ?? '{"frames":[]}'
    return JSON.parse(text.replaceAll('&quot;', '"').replaceAll('&amp;', '&')).frames
  }
  return { ...given, page, ask, see, register, framed }
}

describe('the Manage page', () => {
  it('frames what is registered for a screen, its tokens replaced, and nothing else', async () => {
    const { register, framed } = givenPage()
    expect(await framed('/companies/250')).toEqual([])
    await register(1, 'Pod', { podHeight: 400 })
    await register(1, 'Tab', { disabledFlag: true })
    await register(5, 'Tab')
    await register(3, 'Tab')
    await register(1, 'ToolbarButton')
    expect(await framed('/companies/250')).toEqual([
      expect.objectContaining({
        hostedAs: 'pod',
        height: 400,
        url: `${trueup}/x?screen=company&id=250`,
        origin: trueup,
      }),
    ])
    expect(await framed('/agreements/80')).toMatchObject([
      { hostedAs: 'tab', height: 320, url: `${trueup}/x?screen=agreement&id=80` },
    ])
    expect(await framed('/today')).toMatchObject([{ url: `${trueup}/x?screen=connectwisetoday&id=` }])
  })

  it('finds companies by name, id and number, and lists no deleted one', async () => {
    const { see } = givenPage()
    expect(await see('/companies?search=contoso')).toContain('2 companies')
    expect(await see('/companies?search=ContosoLtd2')).toContain('href="/companies/251"')
    expect(await see('/companies?search=286')).toContain('0 companies')
    expect(await see('/companies/286')).toContain('There is no such record')
    expect(await see('/companies?search=%3Cb%3E')).toContain('&lt;b&gt;Bold&lt;/b&gt; Moves')
  })

  it('shows the additions of an agreement as they are now, and marks what the API wrote', async () => {
    const { see, call, world } = givenPage()
    const [seats] = world.additions.of(80)
    const change = [{ op: 'replace', path: 'quantity', value: 777 }]
    expect(await see('/agreements/80')).not.toContain('<mark>')
    await call('PATCH', `/finance/agreements/80/additions/${seats?.id}`, change)
    const shown = await see('/agreements/80')
    expect(shown).toContain('value="777"')
    expect(shown).toContain('<mark>API: TrueUp</mark>')
  })

  it('saves a phone number and a quantity as the person who typed them, by the rules of the API', async () => {
    const { ask, world } = givenPage()
    expect((await ask('/companies/250', 'ttech', { phoneNumber: '+1 555' })).status).toBe(303)
    expect(world.companies.get(250)).toMatchObject({ phoneNumber: '+1 555', _info: { updatedBy: 'ttech' } })
    const refused = await ask('/companies/250', 'ttech', { phoneNumber: '5'.repeat(31) })
    expect(await refused.text()).toContain('must not be longer than 30')
    const [seats, other] = world.additions.of(80)
    await ask('/agreements/80', 'ffin', { [`quantity-${seats?.id}`]: '31' })
    expect([seats?.quantity, seats?._info.updatedBy, other?._info.updatedBy]).toEqual([31, 'ffin', 'jsmith'])
    const forbidden = await ask('/agreements/80', 'ttech', { [`quantity-${seats?.id}`]: '1' })
    expect(await forbidden.text()).toContain('You may not see agreements')
    expect(seats?.quantity).toBe(31)
  })

  it('shows a technician no agreements and a stranger no record', async () => {
    const { see } = givenPage()
    expect(await see('/companies/250')).toContain('Managed Services')
    for (const path of ['/companies/250', '/agreements', '/today']) {
      const shown = await see(path, 'ttech')
      expect(shown).toContain('You may not see agreements')
      expect(shown).not.toContain('Managed Services')
    }
    for (const path of ['/companies', '/companies/250', '/agreements/80', '/today'])
      expect(await see(path, 'stranger')).not.toMatch(/Contoso|Security awareness/)
  })

  it('lets frames be anywhere and runs only its own script and style', async () => {
    const { ask } = givenPage()
    const policy = (await ask('/today', 'jsmith')).headers.get('content-security-policy')
    expect(policy).toContain('frame-src *')
    expect(policy).not.toContain('unsafe')
    expect(await (await ask('/page.js', 'jsmith')).text()).toContain('getmemberauthentication')
    const away = await ask('/member', 'jsmith', { member: 'ffin', back: '//evil.example' })
    expect([away.headers.get('location'), away.headers.get('set-cookie')]).toEqual([
      '/',
      expect.stringContaining('sandbox-member=ffin'),
    ])
  })
})

describe('whoever is logged in at the page', () => {
  const ofMember = async (given: ReturnType<typeof givenPage>, member: string) => {
    const { companyid, memberid, memberHash, memberContext } = await (await given.ask('/authentication', member)).json()
    const cookie = `companyName=${companyid}; memberId=${memberid}; memberHash=${memberHash}; memberContext=${memberContext}`
    return { authorization: '', cookie }
  }

  it.each([
    ['jsmith', 200, 200, 200],
    ['ffin', 200, 200, 200],
    ['ttech', 200, 200, 403],
    ['iformer', 401, 401, 401],
    ['stranger', 401, 401, 401],
  ])('%s calls the API under rights of their own', async (member, me, companies, agreements) => {
    const given = givenPage()
    const headers = await ofMember(given, member)
    const status = async (path: string) => (await given.call('GET', path, undefined, headers)).status
    expect([
      await status('/system/myMembers/info'),
      await status('/company/companies/250'),
      await status('/finance/agreements/80'),
    ]).toEqual([me, companies, agreements])
  })

  it('is known by cookies that are URL-encoded, and by Basic; a broken escape is a 401', async () => {
    const { page, call } = givenPage()
    const { memberHash, memberContext } = page.login('ffin')
    expect(page.login('ffin').memberHash).toBe(memberHash)
    const cookie = `companyName=acme; memberId=%66fin; memberHash=${memberHash}; memberContext=${memberContext}`
    const info = '/system/myMembers/info'
    const asked = [{ authorization: '', cookie }, { authorization: basic('ffin', memberHash) }]
    for (const headers of asked)
      expect((await call('GET', info, undefined, headers)).body).toMatchObject({ identifier: 'ffin' })
    expect(
      (await call('GET', info, undefined, { authorization: '', cookie: 'companyName=acme; memberId=%' })).status,
    ).toBe(401)
  })

  it('gets a new hash when the old one has ended', async () => {
    const given = givenPage()
    const before = await ofMember(given, 'ffin')
    given.world.sessions.clear()
    expect((await given.call('GET', '/system/myMembers/info', undefined, before)).status).toBe(401)
    const after = await ofMember(given, 'ffin')
    expect((await given.call('GET', '/system/myMembers/info', undefined, after)).status).toBe(200)
  })

  it('reaches the REST API at the same origin', async () => {
    const { page } = givenPage()
    const headers = {
      authorization: basic(defaultKeys.publicKey, defaultKeys.privateKey),
      clientId: defaultKeys.clientId,
    }
    const asked = (at: string) => page.fetch(new Request(`${at}/v4_6_release/apis/3.0/system/info`, { headers }))
    expect([(await asked(origin)).status, (await asked(site)).status]).toEqual([200, 200])
  })
})
