import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { build } from 'esbuild'
import { Miniflare, type Request as MiniflareRequest, Response as MiniflareResponse } from 'miniflare'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { addSchedule } from '#db/schedules.ts'
import { mappings } from '#db/schema.ts'
import { addSource } from '#db/sources.ts'
import { type Contoso, givenContoso } from './given.ts'
import { defaultKeys } from './sandbox/manage/manage.ts'
import { claimOf } from './session/signed-in.ts'
import { databaseWorker, openEmptied } from './stores.ts'

const variables = {
  MASTER_KEY: randomBytes(32).toString('base64'),
  CONNECTWISE_CLIENT_ID: defaultKeys.clientId,
  LOG_LEVEL: 'warn',
}
let miniflare: Miniflare
let contoso: Contoso
let token: string

/** The real Worker in workerd over D1; whatever it calls is the sandbox ConnectWise. */
beforeAll(async () => {
  const common = { modules: true, compatibilityDate: '2026-04-01', d1Databases: { DB: 'trueup' } }
  const compatibilityFlags = ['nodejs_compat']
  const worker = { ...common, compatibilityFlags, script: await bundle() }
  miniflare = new Miniflare({
    workers: [
      { ...common, name: 'database', script: databaseWorker },
      { ...worker, name: 'keyless' },
      {
        ...worker,
        name: 'trueup',
        bindings: { ...variables, VERSION: { id: 'test' } },
        outboundService: async (request: MiniflareRequest) => {
          const { method, headers } = request
          const body = request.body ? await request.arrayBuffer() : null
          const answer = await contoso.manage.fetch(request.url, { method, headers: [...headers], body })
          return new MiniflareResponse(await answer.arrayBuffer(), {
            status: answer.status,
            headers: [...answer.headers],
          })
        },
      },
    ],
  })
  contoso = await givenContoso((clock) => openEmptied(miniflare, clock), 12, {
    at: new Date().toISOString(),
    env: variables,
  })
  token = await givenDueSchedule()
})
afterAll(() => miniflare.dispose())

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['server/worker.ts'],
    bundle: true,
    format: 'esm',
    target: 'es2023',
    conditions: ['workerd', 'worker'],
    external: ['node:*', 'cloudflare:*'],
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

async function givenDueSchedule(): Promise<string> {
  const { scope } = contoso
  const source = { id: 'pushed', kind: 'push', name: 'Pushed', settings: {}, billingPeriod: 'current' as const }
  await contoso.map({ account: 'A-17', agreementId: 87, additionId: 301, sourceId: 'pushed' })
  await scope.db.delete(mappings).where(eq(mappings.sourceId, 'src'))
  const { token, saved } = addSource(scope, { ...source, createdAt: 1 })
  await save(scope.db, [
    saved,
    addSchedule(scope, { id: 'due', pattern: '0 0 * * *', zone: 'UTC', enabled: true, lastDay: '2026-01-01' }),
  ])
  return token
}

const ask = async (path: string, init?: { method?: string; headers: Record<string, string>; body?: string }) =>
  (await miniflare.getWorker('trueup')).fetch(`http://trueup${path}`, init)

const night = async () => (await miniflare.getWorker('trueup')).scheduled({ cron: '* * * * *' })

it('takes a snapshot on Workers and writes exactly its count in the night, once', async () => {
  const takenAt = new Date().toISOString()
  const accounts = [{ id: 'A-17', name: 'Contoso Ltd', counts: [{ metric: 'users', quantity: 15 }] }]
  const pushed = await ask('/api/v1/snapshots', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'counts', period: takenAt.slice(0, 7), takenAt, complete: true, accounts }),
  })
  expect([pushed.status, await pushed.text()]).toEqual([202, expect.stringContaining('"readings":1')])
  expect((await ask('/readyz')).status).toBe(503)

  expect((await night()).outcome).toBe('ok')
  expect(contoso.held()).toEqual([{ id: 301, quantity: 15 }])
  expect(await (await ask('/metrics')).text()).toContain('sync_runs_total{result="done"} 1')

  const writes = () => contoso.manage.requests.filter((request) => request.method !== 'GET').length
  const before = writes()
  await night()
  expect(writes()).toBe(before)
  expect(await (await ask('/readyz')).json()).toMatchObject({ ready: true })
})

it('shows nobody the status page on Workers', async () => {
  expect(await (await ask('/')).text()).toContain('only on this machine')
})

it('knows a member on Workers, and forgets one who signs off', async () => {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify(claimOf(contoso, 'jsmith'))
  const opened = await ask('/session', { method: 'POST', headers, body })
  const { token, refresh } = (await opened.json()) as { token: string; refresh: string }
  const mine = { authorization: `Bearer ${token}` }
  expect((await ask('/companies/250', { headers: mine })).status).toBe(200)
  const renewed = await ask('/session/renewal', { method: 'POST', headers, body: JSON.stringify({ refresh }) })
  expect(renewed.status).toBe(200)
  expect((await ask('/session', { method: 'DELETE', headers: mine })).status).toBe(204)
  expect((await ask('/companies/250', { headers: mine })).status).toBe(401)
})

it('answers nothing on Workers without MASTER_KEY', async () => {
  await expect((await miniflare.getWorker('keyless')).fetch('http://trueup/livez')).rejects.toThrow(
    'MASTER_KEY: expected',
  )
})
