import { describe, expect, it } from 'vitest'
import { parseSite } from '#connectwise/hosts.ts'

const allowed = ['https://manage.msp.example', 'http://127.0.0.1:4601']

describe('the site a person types', () => {
  it.each([
    ['na.myconnectwise.net', 'https://na.myconnectwise.net', 'https://api-na.myconnectwise.net'],
    ['https://eu.myconnectwise.net', 'https://eu.myconnectwise.net', 'https://api-eu.myconnectwise.net'],
    ['api-au.myconnectwise.net', 'https://au.myconnectwise.net', 'https://api-au.myconnectwise.net'],
    ['staging.connectwisedev.com', 'https://staging.connectwisedev.com', 'https://api-staging.connectwisedev.com'],
    ['manage.msp.example', 'https://manage.msp.example', 'https://manage.msp.example'],
    ['http://127.0.0.1:4601', 'http://127.0.0.1:4601', 'http://127.0.0.1:4601'],
  ])('%s is called at %s and %s', (text, site, apiOrigin) => {
    expect(parseSite(text, allowed)).toEqual({ site, apiOrigin })
  })

  it.each([
    ...['127.0.0.1', '2130706433', '0x7f000001', '017700000001', '127.1', '0', '[::1]', '[::ffff:127.0.0.1]'],
    ...['169.254.169.254', '10.0.0.1', '192.168.1.1', 'localhost', 'LOCALHOST', 'localhost.', 'evil.example', ''],
    ...['http://na.myconnectwise.net', 'ftp://na.myconnectwise.net', 'file:///etc/passwd', 'na.myconnectwise.net.'],
    ...[
      'https://user:pass@na.myconnectwise.net',
      'na.myconnectwise.net@evil.example',
      'na.myconnectwise.net.evil.example',
    ],
    ...['https://na.myconnectwise.net%2eevil.example', 'https://na.myconnectwise.net\\@evil.example'],
    ...['https://na.myconnectwise.net#@evil.example', 'na.myconnectwise.net:22', 'https://na.myconnectwise.net:8443'],
    ...['na。myconnectwise。net', 'nа.myconnectwise.net', 'xn--n-7sb.myconnectwise.net', 'NA.myconnectwise.net'],
    ...['http://127.0.0.1:4602', 'http://localhost:4601', ' na.myconnectwise.net', 'na.myconnectwise.net\n'],
  ])('%j is refused', (text) => {
    expect(() => parseSite(text, allowed)).toThrow(/^site_not_allowed: /)
  })

  it('with more than the host is refused with the host to use', () => {
    for (const text of ['https://na.myconnectwise.net/', 'na.myconnectwise.net/v4_6_release/services']) {
      expect(() => parseSite(text, [])).toThrow('Use na.myconnectwise.net, the host alone.')
    }
    expect(() => parseSite('manage.msp.example/v4_6_release', allowed)).toThrow('Use https://manage.msp.example, the')
  })
})
