import { expect, it } from 'vitest'
import { noCounts } from '#billing/summary.ts'
import { save } from '#db/db.ts'
import { addPlan } from '#db/plans.ts'
import { markTick } from '#db/schedules.ts'
import { dataKeys, runs, tenants } from '#db/schema.ts'
import { eachStore } from '../stores.ts'
import { givenApp, type TestApp } from './given.ts'

async function givenRunAndPlan({ scope: { db, tenant }, clock }: TestApp): Promise<void> {
  const scope = { db, tenant }
  const run = { id: 'run-1', tenantId: tenant, startedBy: 'schedule', requests: 231, startedAt: clock.now() }
  await db.insert(runs).values([
    { ...run, phase: 'final', state: 'held', counts: { ...noCounts, updated: 30, held: 1 } },
    { ...run, id: 'run-0', phase: 'final', state: 'done', startedAt: 1, finishedAt: 5_000 },
  ])
  const plan = { id: 'plan-1', runId: 'run-1', state: 'waiting' as const, fingerprint: 'f', unchanged: 0 }
  const row = { key: 'addition:1', sourceId: 's', accounts: ['A'], mappings: ['m'], before: {}, after: {} }
  const rest = { snapshotId: null, companyId: null, agreementId: null, additionId: null, productId: null }
  const nulls = {
    effectiveOn: null,
    amount: null,
    outcomeReason: null,
    change: 'update' as const,
    draft: null,
    posting: null,
    needs: [],
    record: 'addition' as const,
  }
  const holds = [
    { guard: 'G1', text: '12 to 40' },
    { guard: 'G6', text: 'moved' },
  ]
  await save(
    db,
    addPlan(scope, { ...plan, createdAt: clock.now(), closedBy: null, closedAt: null }, [
      { ...row, ...rest, ...nulls, seq: 1, holds, reason: 'r', outcome: 'held', attention: false },
      { ...row, ...rest, ...nulls, seq: 2, holds: holds.slice(0, 1), reason: 'r', outcome: 'held', attention: false },
    ]),
  )
}

eachStore((open) => {
  it('lives whatever else happens', async () => {
    const app = await givenApp(open)
    expect((await app.fetch('/livez')).status).toBe(200)
  })

  it('is ready while the database writes, the schema is current, the keys load and the timer ticks', async () => {
    const app = await givenApp(open)
    const ask = async () => {
      const answer = await app.fetch('/readyz')
      return [answer.status, ((await answer.json()) as { checks: Record<string, boolean> }).checks]
    }
    const good = { database: true, migrations: true, keys: true, tick: true, disk: true }
    expect(await ask()).toEqual([503, { ...good, tick: false }])
    await save(app.scope.db, [markTick(app.scope.db, app.clock.now())])
    expect(await ask()).toEqual([200, good])
    app.clock.advance(120_000)
    expect(await ask()).toEqual([503, { ...good, tick: false }])
    await save(app.scope.db, [markTick(app.scope.db, app.clock.now())])
    await app.scope.db.update(dataKeys).set({ masterKeyId: 'another' })
    expect(await ask()).toEqual([503, { ...good, keys: false }])
  })

  it('needs no tick where this process runs none', async () => {
    const app = await givenApp(open, { TICK: 'off' })
    expect((await app.fetch('/readyz')).status).toBe(200)
  })

  it('gives metrics from the database and names no tenant', async () => {
    const app = await givenApp(open)
    await givenRunAndPlan(app)
    const text = await (await app.fetch('/metrics')).text()
    for (const line of [
      'sync_runs_total{result="done"} 1',
      'sync_runs_total{result="held"} 1',
      'plan_held_total{rule="G1"} 2',
      'plan_held_total{rule="G6"} 1',
      'intent_unknown_age_seconds 0',
      'sync_last_success_timestamp 5',
    ])
      expect(text.split('\n')).toContain(line)
    expect(text).not.toMatch(/acme/i)
  })

  it('shows every tenant, its mappings, its last run and what waits', async () => {
    const app = await givenApp(open)
    expect(await (await app.fetch('/')).text()).toContain('Never run')
    await givenRunAndPlan(app)
    const answer = await app.fetch('/')
    const html = await answer.text()
    for (const said of ['Acme', 'Connected', 'plan-1', '2026-11-21 17:05 America/New_York', '<b>30</b> updated'])
      expect(html).toContain(said)
    expect(html).toMatch(/^<!doctype html>/)
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none';.* style-src 'self'/)
    expect(html).not.toMatch(/style=|<script(?![^>]* nonce="[^"]{16,}")/)
  })

  it('escapes what ConnectWise calls things', async () => {
    const app = await givenApp(open)
    await app.scope.db.update(tenants).set({ companyId: '"><img src=x onerror=alert(1)>' })
    expect(await (await app.fetch('/')).text()).not.toContain('<img')
  })

  it('shows nothing when others could reach it, directly or by a name that leads here', async () => {
    for (const environment of [{ HOST: '0.0.0.0' }, { HOST: '192.168.1.5' }]) {
      const html = await (await (await givenApp(open, environment)).fetch('/')).text()
      expect(html).toContain('only on this machine')
      expect(html).not.toContain('Acme')
    }
    const rebound = await (await (await givenApp(open)).fetch('http://evil.example:4600/')).text()
    expect(rebound).toContain('only on this machine')
    expect(rebound).not.toContain('Acme')
  })

  it('sends a request id of its own and no version', async () => {
    const app = await givenApp(open)
    const answer = await app.fetch('/livez', { headers: { 'x-request-id': 'mine' } })
    expect(answer.headers.get('x-request-id')).toMatch(/^id-/)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('server') ?? answer.headers.get('x-powered-by')).toBeNull()
  })

  it('answers a browser with a page and a program with JSON', async () => {
    const app = await givenApp(open)
    const html = await app.fetch('/nothing', { headers: { accept: 'text/html' } })
    expect([html.status, html.headers.get('content-type')]).toEqual([401, 'text/html; charset=UTF-8'])
    expect((await app.fetch('/nothing')).headers.get('content-type')).toBe('application/json')
  })
})
