import { expect, it } from 'vitest'
import { accounts, snapshotAccounts, snapshots } from '#db/schema.ts'
import { listStatements } from '#db/snapshots.ts'
import { givenSource } from '../store/given.ts'
import { eachStore } from '../stores.ts'
import { givenApp, type TestApp } from './given.ts'

const contoso = { id: 'A-17', name: 'Contoso Ltd', counts: [{ metric: 'users', quantity: 12 }] }
const body = { kind: 'counts', period: '2026-11', takenAt: '2026-11-21T22:00:00Z', complete: true, accounts: [contoso] }

const post = (app: TestApp, what: unknown, headers: Record<string, string> = {}) =>
  app.fetch('/api/v1/snapshots', {
    method: 'POST',
    body: typeof what === 'string' ? what : JSON.stringify(what),
    headers: { authorization: `Bearer ${app.source.token}`, 'content-type': 'application/json', ...headers },
  })

async function stored(app: TestApp): Promise<number> {
  const tables = [snapshots, snapshotAccounts, accounts]
  const rows = await Promise.all(tables.map((table) => app.scope.db.select().from(table)))
  return rows.flat().length
}

eachStore((open) => {
  it('answers 202 with what was stored', async () => {
    const app = await givenApp(open)
    const answer = await post(app, body)
    expect(answer.status).toBe(202)
    const { snapshot, ...counts } = (await answer.json()) as { snapshot: string }
    expect(counts).toEqual({ accounts: 1, readings: 1 })
    expect((await listStatements(app.scope, snapshot))[0]?.readings[0]?.quantity).toBe('12')
  })

  it('gives the same key and body the same answer, also at the same time', async () => {
    const app = await givenApp(open)
    const key = { 'idempotency-key': 'night-1' }
    const answers = await Promise.all([post(app, body, key), post(app, body, key), post(app, body, key)])
    answers.push(await post(app, body, key))
    expect(answers.map((answer) => answer.status)).toEqual([202, 202, 202, 202])
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1)
    expect(await stored(app)).toBe(3)
  })

  it('answers 409 to a key that came with another body, valid or not, also at the same time', async () => {
    const app = await givenApp(open)
    const key = { 'idempotency-key': 'night-1' }
    const both = await Promise.all([post(app, body, key), post(app, { ...body, complete: false }, key)])
    expect(both.map((answer) => answer.status).sort()).toEqual([202, 409])
    expect((await post(app, '{', key)).status).toBe(409)
    expect(await stored(app)).toBe(3)
  })

  it('keeps the keys of two sources apart', async () => {
    const app = await givenApp(open)
    const other = await givenSource(app.scope, 'source-2')
    const key = { 'idempotency-key': 'night-1' }
    await post(app, body, key)
    const answer = await post(app, { ...body, complete: false }, { ...key, authorization: `Bearer ${other.token}` })
    expect(answer.status).toBe(202)
  })

  it('answers 422 with every problem and stores nothing', async () => {
    const app = await givenApp(open)
    const counts = [
      { metric: 'users', quantity: -1 },
      { metric: 'devices', quantity: 1.23456 },
    ]
    const answer = await post(app, { ...body, accounts: [contoso, { ...contoso, id: 'B', counts }] })
    expect(answer.status).toBe(422)
    expect(await answer.json()).toEqual({
      problems: [
        { path: 'accounts[1].counts[0].quantity', message: 'must not be negative' },
        { path: 'accounts[1].counts[1].quantity', message: 'must have at most 4 decimals' },
      ],
    })
    expect((await post(app, '{"kind"')).status).toBe(422)
    expect((await post(app, body, { 'idempotency-key': 'a b' })).status).toBe(422)
    expect(await stored(app)).toBe(0)
  })

  it('answers every wrong token and every unknown route with the same 401', async () => {
    const app = await givenApp(open)
    const bad = [
      '',
      'Bearer',
      'Bearer x',
      `Basic ${app.source.token}`,
      `Bearer ${app.source.token}x`,
      `Bearer ${'a'.repeat(9000)}`,
    ]
    const answers = [
      ...(await Promise.all(bad.map((authorization) => post(app, body, { authorization })))),
      await app.fetch('/api/v1/snapshots'),
      await app.fetch('/admin'),
      await app.fetch('http://127.0.0.1:4600//admin'),
      await app.fetch('/%2e%2e/etc/passwd'),
      await app.fetch('/admin', { method: 'POST' }),
    ]
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 401))
    expect(new Set(await Promise.all(answers.map((answer) => answer.text())))).toEqual(
      new Set(['{"problems":[{"path":"","message":"A valid token is needed."}]}']),
    )
    expect(answers[0]?.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('answers 415 to what is not JSON, and 404 to a route that is not there', async () => {
    const app = await givenApp(open)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1'])
      expect((await post(app, body, { 'content-type': type })).status).toBe(415)
    expect((await post(app, body, { 'content-encoding': 'gzip' })).status).toBe(415)
    expect((await post(app, body, { 'content-type': 'application/json; charset=UTF-8' })).status).toBe(202)
    const authorization = `Bearer ${app.source.token}`
    expect((await app.fetch('/api/v1/nothing', { headers: { authorization } })).status).toBe(404)
  })

  it('answers 413 over 10 MB, declared or only found while reading', async () => {
    const app = await givenApp(open)
    expect((await post(app, body, { 'content-length': '10000001' })).status).toBe(413)
    const piece = new TextEncoder().encode(' '.repeat(1_000_000))
    let pieces = 0
    const endless = new ReadableStream({
      pull(controller) {
        pieces++
        controller.enqueue(piece)
      },
    })
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: endless, duplex: 'half' }
    const headers = { authorization: `Bearer ${app.source.token}`, 'content-type': 'application/json' }
    expect((await app.fetch('/api/v1/snapshots', { ...init, headers })).status).toBe(413)
    expect(pieces).toBeLessThan(20)
  })

  it('answers 429 to the 61st snapshot of a minute and says when to try again', async () => {
    const app = await givenApp(open)
    for (let i = 0; i < 60; i++) await post(app, '{')
    const refused = await post(app, body)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
    app.clock.advance(60_000)
    expect((await post(app, body)).status).toBe(202)
  })

  it('writes nothing of the body or the token to the log', async () => {
    const app = await givenApp(open)
    await post(app, { ...body, accounts: [{ ...contoso, name: 'canary-name' }] })
    await post(app, { ...body, period: 'canary-period' })
    expect(app.lines.join()).toContain('snapshot.stored')
    expect(app.lines.join()).not.toMatch(/canary|tus_/)
  })
})
