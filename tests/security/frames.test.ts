import { beforeAll, describe, expect, it } from 'vitest'
import { tenants } from '#db/schema.ts'
import { createApp } from '#server/app.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { openMemory } from '../stores.ts'

let app: Contoso
let server: ReturnType<typeof createApp>
beforeAll(async () => {
  app = await givenContoso(openMemory, 12)
  server = createApp(app.deps)
})

/** Who may frame what an address answers, and whether the old header says otherwise. */
async function framers(path: string): Promise<[ancestors: string, xFrameOptions: string | null]> {
  const { headers } = await server.request(path)
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy.match(/frame-ancestors/g)).toEqual(['frame-ancestors'])
  expect(policy).not.toMatch(/unsafe|\*|data:/)
  return [/frame-ancestors ([^;]*)/.exec(policy)?.[1] ?? '', headers.get('x-frame-options')]
}
const nobody = ["'none'", 'SAMEORIGIN']

describe('a page', () => {
  it("is framed by its tenant's ConnectWise alone when it is a shell, and else by nobody", async () => {
    for (const path of ['/company', '/agreement', '/hub'])
      for (const query of [
        'tenant=acme',
        'tenant=acme&as=pod&id=250',
        'tenant=acme&id=x',
        'tenant=acme&site=https://evil.example',
      ])
        expect(await framers(`${path}?${query}`)).toEqual(['https://na.myconnectwise.net', null])
    for (const path of ['/', '/operator', '/help', '/session', '/nowhere']) expect(await framers(path)).toEqual(nobody)
  })

  it('MSG-12 is framed by nobody when its tenant is unknown, whatever is written there', async () => {
    const slugs = [
      'nobody',
      '',
      'acme;',
      'acme https://evil.example',
      'acme%0d%0aX-Evil: 1',
      "'self'",
      '*',
      'ACME',
      '%00',
    ]
    for (const slug of slugs) {
      const answer = await server.request(`/company?tenant=${encodeURIComponent(decodeURIComponent(slug))}&id=250`)
      expect([...answer.headers].join()).not.toMatch(/evil/i)
      expect(await framers(`/company?tenant=${encodeURIComponent(decodeURIComponent(slug))}`)).toEqual(nobody)
    }
    expect(await framers('/company')).toEqual(nobody)
    expect(await framers('/company?tenant=nobody&tenant=acme')).toEqual(nobody)
  })

  it('stays in its own ConnectWise when that is disconnected, to be connected again there', async () => {
    await app.deps.db.update(tenants).set({ state: 'disconnected' })
    expect((await framers('/company?tenant=acme&id=250'))[0]).toBe('https://na.myconnectwise.net')
    await app.deps.db.update(tenants).set({ state: 'connected' })
  })
})
