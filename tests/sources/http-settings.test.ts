import { describe, expect, it } from 'vitest'
import { http } from '#sources/http.ts'
import { givenPlatformApi, origin, ownLayout } from './http-given.ts'

const plain = { base: `${origin}/v1`, kind: 'counts' }

function problems(settings: Record<string, string>): string[] {
  const parsed = http.settings.safeParse(settings)
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('the settings of a source over HTTP', () => {
  it('are the address and the kind, and the platform’s own layout where it has one', () => {
    expect(problems(plain)).toEqual([])
    expect(problems({ ...ownLayout, kind: 'counts' })).toEqual([])
    const usage = { account: 'a[].id', sku: 'a[].u[].sku', quantity: 'a[].u[].n', term: 'a[].u[].term' }
    expect(problems({ ...plain, kind: 'usage', ...usage })).toEqual([])
    const line = { account: '[].customer', id: '[].id', offer: '[].offer', chargeType: '[].type', quantity: '[].n' }
    expect(problems({ ...plain, kind: 'invoice-lines', ...line, chargeStart: '[].from' })).toEqual([])
    expect(http.settings.parse(plain)).toEqual(plain)
  })

  it.each([
    [{ base: 'vendor' }, 'base: must be an address'],
    [{ base: 'file:///etc/passwd' }, 'base: must be an address'],
    [{ kind: 'seats' }, 'kind: must be counts, usage or invoice-lines'],
    [{ header: 'X Key' }, 'header: must be the name of a header'],
    [{ header: 'X\nHost' }, 'header: must be the name of a header'],
    [{ path: '//evil.example' }, 'path: must begin with one /'],
    [{ path: '/a b' }, 'path: must begin with one /'],
    [{ paging: 'page' }, 'paging: is given by the published contract'],
    [{ metric: 'a[].m' }, 'metric: needs account'],
    [{ account: 'a[].id' }, 'metric: is missing'],
    [{ ...ownLayout, quantity: 'other[].n' }, 'quantity: stands in other lists than'],
    [{ ...ownLayout, quantity: 'process.exit()' }, 'quantity: must be a path such as'],
    [{ ...ownLayout, total: 'customers[].total' }, 'total: must be names with dots between'],
    [{ ...ownLayout, sku: 'customers[].sku' }, 'sku: is nothing that counts have'],
    [{ ...ownLayout, paging: 'cursor' }, 'parameter: is missing'],
    [{ account: 'id', metric: '"users"', quantity: 'n' }, 'account: must stand in a list'],
    [{ code: 'x' }, 'code'],
  ])('are refused at the field that is wrong: %j', (given: Record<string, string>, message) => {
    expect(problems({ ...plain, ...given }).join('\n')).toContain(message)
  })
})

/** SSRF 1–32: nothing but what the operator allows, as it is written there. */
describe('the address of a source', () => {
  it.each([`${origin}/v1`, `${origin}/v1/`, origin, `${origin}/a/b-c`])(
    'of an allowed origin is called: %s',
    async (base) => {
      const { api, refusal } = givenPlatformApi()
      await refusal({ base })
      expect(new URL(api.requests[0]?.url ?? '').origin).toBe(origin)
    },
  )

  it.each([
    ...['https://127.0.0.1', 'https://2130706433', 'https://0x7f000001', 'https://017700000001', 'https://127.1'],
    ...['https://0', 'https://[::1]', 'https://[::ffff:127.0.0.1]', 'https://[::127.0.0.1]', 'https://[fd00:ec2::254]'],
    ...['https://169.254.169.254', 'https://168.63.129.16', 'https://100.100.100.200', 'https://10.0.0.1'],
    ...['https://192.168.1.1', 'https://localhost', 'https://LOCALHOST', 'https://localhost.', 'https://evil.example'],
    ...['http://api.vendor.example', 'ftp://api.vendor.example', 'file:///etc/passwd', 'https://api.vendor.example.'],
    ...['https://user:pass@api.vendor.example', 'https://api.vendor.example@evil.example'],
    ...['https://api.vendor.example.evil.example', 'https://api.vendor.example%2eevil.example'],
    ...['https://api.vendor.example\\@evil.example', 'https://api.vendor.example#@evil.example'],
    ...['https://api.vendor.example:22', 'https://api.vendor.example:8443', 'https://api。vendor。example'],
    ...['https://аpi.vendor.example', 'HTTPS://API.VENDOR.EXAMPLE', 'https://api.vendor.example/../x', '', 'vendor'],
    ...['https://api.vendor.example/a?b=c', ' https://api.vendor.example', 'https://api.vendor.example\n'],
  ])('%j is refused without a packet', async (base) => {
    const { api, refusal } = givenPlatformApi()
    expect(await refusal({ base })).toMatch(/^site_not_allowed: /)
    expect(api.requests).toEqual([])
  })

  it('is not called any more once the operator allows it no longer, and its password is not repeated', async () => {
    const { api, refusal } = givenPlatformApi()
    expect(await refusal({}, { allowed: [] })).toMatch(/^site_not_allowed: /)
    expect(await refusal({ base: `https://u:s3cret@api.vendor.example` })).not.toContain('s3cret')
    expect(api.requests).toEqual([])
  })

  it('is not left by the path', async () => {
    for (const path of ['/../../x', '/%2e%2e/x', '/@evil.example', '/\\evil.example']) {
      const { api, refusal } = givenPlatformApi()
      await refusal({ ...ownLayout, path })
      expect(api.requests.map(({ url }) => new URL(url).origin)).toEqual([origin])
    }
  })
})
