import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createApp } from '#server/app.ts'
import contract from '#sources/platform.openapi.json' with { type: 'json' }
import { startApp } from '../start.ts'
import { openMemory } from '../stores.ts'
import { givenPlatformApi, key, origin } from './http-given.ts'

const { schemas } = contract.components
/** The schema of one page, with what it refers to. */
const page = z.fromJSONSchema(
  JSON.parse(JSON.stringify({ ...schemas.Page, $defs: schemas }).replaceAll('#/components/schemas/', '#/$defs/')),
)

const rows = {
  counts: { counts: [{ metric: 'users', quantity: 12, people: [{ id: 'u1', services: ['training'] }] }] },
  usage: { usage: [{ sku: 'M365', quantity: '1.5', unitCost: '2.10', currency: 'USD', term: 'P1Y' }] },
  'invoice-lines': { lines: [{ id: 'L', offer: 'O', chargeType: 'CycleFee', quantity: 1, chargeStart: '2026-11-01' }] },
}
const bodyOf = (kind: keyof typeof rows, change: object = {}, row: object = {}) => {
  const [[list = '', [first] = []] = []] = Object.entries(rows[kind]) as [string, object[]][]
  const account = { id: 'A-17', name: 'Contoso Ltd', [list]: [{ ...first, ...row }] }
  const head = { kind, period: '2026-11', takenAt: '2026-11-17T12:00:00Z', complete: true }
  return { ...head, accounts: [account], ...change }
}

describe('the published contract', () => {
  it('is what the sandbox platform answers, for every kind and page', async () => {
    const { api } = givenPlatformApi()
    for (const kind of Object.keys(rows))
      for (const number of [1, 2]) {
        const headers = { authorization: `Bearer ${key}` }
        const answer = await api.fetch(new Request(`${origin}/${kind}/snapshots/2026-11?page=${number}`, { headers }))
        expect(page.safeParse(await answer.json()).error).toBeUndefined()
      }
  })

  it('is taken and refused exactly where the program takes and refuses', async () => {
    const { ask } = givenPlatformApi()
    const bodies = (Object.keys(rows) as (keyof typeof rows)[]).flatMap((kind) => [
      bodyOf(kind),
      bodyOf(kind, { page: 1, pages: 1, total: 1 }),
      bodyOf(kind, { more: 1 }),
      bodyOf(kind, { complete: 'yes' }),
      bodyOf(kind, { period: '2026-13' }),
      bodyOf(kind, { takenAt: 'today' }),
      bodyOf(kind, { accounts: [{ id: 'A' }] }),
      bodyOf(kind, { accounts: [{ id: '', name: 'A', counts: [], usage: [], lines: [] }] }),
      ...['1e3', 'many', '-1'].map((quantity) => bodyOf(kind, {}, { quantity })),
      ...[-1, 0, 0.5, '0', '12.0001'].map((quantity) => bodyOf(kind, {}, { quantity })),
      bodyOf(kind, {}, { unknown: 1 }),
      bodyOf(kind, {}, { currency: 'usd' }),
      bodyOf(kind, {}, { unitCost: '-2' }),
    ])
    let takenAtAll = 0
    for (const body of bodies) {
      const settings = { base: `${origin}/x`, kind: body.kind }
      const taken = await ask(settings, {}, { fetch: async () => Response.json(body) }).then(
        () => true,
        () => false,
      )
      if (taken) takenAtAll++
      expect([JSON.stringify(body), page.safeParse(body).success]).toEqual([JSON.stringify(body), taken])
    }
    expect([takenAtAll, bodies.length]).toEqual([21, 57])
  })

  it('can be read by everybody who builds a platform', async () => {
    const app = await startApp(openMemory)
    const answer = await createApp(app.deps).request('/platform.openapi.json')
    expect([answer.status, await answer.json()]).toEqual([200, contract])
    await app.close()
  })
})
