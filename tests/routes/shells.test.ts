import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '#server/app.ts'
import { type App, startApp } from '../start.ts'
import { openMemory } from '../stores.ts'

let app: App
beforeEach(async () => {
  app = await startApp(openMemory)
})
afterEach(() => app.close())

const get = async (path: string) => {
  const answer = await createApp({ ...app.deps, release: 'r1' }).request(path)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}
const attribute = (text: string, name: string) => new RegExp(`<body[^>]* ${name}="([^"]*)"`).exec(text)?.[1]

describe('a shell (TRUST 7.1.1)', () => {
  it('holds nothing of a tenant but its slug and origin, and is framed by that origin alone', async () => {
    const { status, headers, text } = await get('/company?tenant=acme&as=pod&screen=company&id=250')
    expect(status).toBe(200)
    expect(headers.get('content-security-policy')).toMatch(/ frame-ancestors https:\/\/na\.myconnectwise\.net$/)
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe/)
    expect(headers.get('x-frame-options')).toBeNull()
    expect(headers.get('set-cookie')).toBeNull()
    expect(attribute(text, 'class')).toBe('pod')
    expect(attribute(text, 'data-host')).toBe('https://na.myconnectwise.net')
    expect(attribute(text, 'data-at')).toBe('/companies/250')
    expect(text).toContain('/app.js?v=r1')
    expect(text).not.toMatch(/ style=| on\w+=|hx-on/)
  })

  it.each([
    ['/agreement?tenant=acme&id=87', '/agreements/87'],
    ['/hub?tenant=acme&as=tab&id=[cw_id]', '/dashboard'],
    ['/company?tenant=acme&id=250&at=/plans/7', '/plans/7'],
    ['/hub?tenant=acme&at=//evil.com', '/dashboard'],
    ['/hub?tenant=acme&at=/operator', '/dashboard'],
    ['/hub?tenant=acme&at=/plans/../session', '/dashboard'],
    ['/company?tenant=acme&id=007', undefined],
    ['/company?tenant=acme&id=250%22%3E%3Cb', undefined],
    ['/company?tenant=acme&id=99999999999', undefined],
    ['/company?tenant=acme&screen=ticket&id=250', undefined],
  ])('%s begins with %s', async (path, at) => {
    const { status, text } = await get(path)
    expect([status, attribute(text, 'data-at')]).toEqual([200, at])
  })

  it('is framed by nobody and names nothing when the tenant is unknown', async () => {
    for (const path of ['/company', '/company?tenant=', '/hub?tenant=ACME', '/agreement?tenant=acme%20']) {
      const { status, headers, text } = await get(path)
      expect(status).toBe(404)
      expect(headers.get('content-security-policy')).toMatch(/ frame-ancestors 'none'$/)
      expect(text).toContain('There is no ConnectWise of this name here.')
    }
  })
})
