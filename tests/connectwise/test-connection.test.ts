import { describe, expect, it } from 'vitest'
import { testConnection } from '#connectwise/test-connection.ts'
import { Problem } from '#server/problem.ts'
import { connection, givenConnectWise, json, page } from './given.ts'

type Answer = Parameters<typeof givenConnectWise>[0]

const typed = {
  site: 'na.myconnectwise.net',
  companyId: 'acme',
  publicKey: connection.publicKey,
  privateKey: connection.privateKey,
  clientId: connection.clientId,
}

/** A ConnectWise in good order, apart from what the case says about some paths. */
const good = (different: Record<string, () => Response | Promise<Response>> = {}): Answer => {
  const answers: Record<string, () => Response | Promise<Response>> = {
    '/login/companyinfo/acme': () => json({ Codebase: 'v2025_1/', VersionNumber: 'v2025.8.1', IsCloud: 'True' }),
    '/system/info': () => json({ version: 'v2025.8.1', serverTimeZone: 'Eastern Standard Time' }),
    '/finance/agreements': () => json([{ id: 1, currency: { currencyIdentifier: 'USD' } }]),
    '/company/companies': () => json([]),
    '/procurement/catalog': () => json([]),
    '/system/reports/AgreementAdditions': () => json({ column_definitions: [], row_values: [] }),
    ...different,
  }
  return (url) => answers[url.pathname.replace('/v2025_1/apis/3.0', '')]?.() ?? json(null)
}

const test = async (answer: Answer, more: Partial<typeof typed> = {}) => {
  const { clock, effects, calls } = givenConnectWise(answer)
  return { result: await clock.run(testConnection({ ...typed, ...more }, effects, [])), calls }
}

const status = (code: number) => () => json({ code: 'Unauthorized', message: 'Unauthorized' }, { status: code })
const reset = () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } }))

describe('testing a connection', () => {
  it('says what to store when everything a night needs works', async () => {
    const { result, calls } = await test(good())
    expect(result).toEqual({
      ok: true,
      connection: { ...connection, site: 'https://na.myconnectwise.net' },
      version: 'v2025.8.1',
      zone: 'America/New_York',
      hasAdditionsReport: true,
      currency: 'USD',
    })
    expect(calls.every(({ request }) => request.method === 'GET')).toBe(true)
    expect(calls[0]?.request.headers.has('authorization')).toBe(false)
  })

  it('works without the report', async () => {
    const { result } = await test(good({ '/system/reports/AgreementAdditions': status(403) }))
    expect(result).toMatchObject({ ok: true, hasAdditionsReport: false })
  })

  it.each<[string, Answer, Partial<typeof typed>, string]>([
    ['a wrong key', good({ '/system/info': status(401) }), {}, 'does not accept the keys (401: Unauthorized)'],
    ['a wrong key answered as 404', good({ '/system/info': status(404) }), {}, 'does not accept the keys'],
    ['a wrong company', good(), { companyId: 'nobody' }, 'knows no company "nobody"'],
    ['a company as a path', good(), { companyId: '../x' }, 'knows no company "../x"'],
    ['a host that is not allowed', good(), { site: 'evil.example' }, 'site_not_allowed'],
    ['a private address', good(), { site: '169.254.169.254' }, 'site_not_allowed'],
    ['an empty key', good(), { privateKey: '' }, 'The private key is empty'],
    ['a host that cannot be reached', good({ '/login/companyinfo/acme': reset }), {}, 'its name does not exist'],
    ['a web page', good({ '/login/companyinfo/acme': page }), {}, 'a web page instead of data'],
    ['a web page later', good({ '/system/info': page }), {}, 'a web page instead of data'],
    [
      'a missing right',
      good({ '/company/companies': status(403) }),
      {},
      'lacks Companies › Company Maintenance › Inquire All',
    ],
    [
      'a refused address',
      () => Promise.reject(new Problem('invalid', 'site_not_allowed: private address')),
      {},
      'private address',
    ],
  ])('with %s names the cause and what to do', async (_, answer, more, cause) => {
    const { result } = await test(answer, more)
    expect(result).toMatchObject({
      ok: false,
      cause: expect.stringContaining(cause),
      next: expect.stringMatching(/\.$/),
    })
    expect(JSON.stringify(result)).not.toContain(typed.privateKey)
  })

  it('with a host that is not allowed calls nobody', async () => {
    const { calls } = await test(good(), { site: 'https://na.myconnectwise.net@evil.example' })
    expect(calls).toEqual([])
  })
})
