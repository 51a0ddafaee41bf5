import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrate } from '#db/migrate.ts'
import { openSqlite } from '#db/sqlite.ts'
import { createApp } from '#server/app.ts'
import { readConfig } from '#server/config.ts'
import { createConnections } from '#server/connections.ts'
import { createNodeDeps } from '#server/node/deps.ts'
import { readMigrations } from '#server/node/migrations.ts'
import { tick } from '#sync/tick.ts'
import { connectLine, typer } from '../commands/given.ts'
import { type Contoso, givenContoso } from '../given.ts'
import type { Fault } from '../sandbox/manage/faults/fault-layer.ts'
import { defaultKeys } from '../sandbox/manage/manage.ts'

const canary = {
  publicKey: 'cAnArYpUbLiC7412',
  privateKey: 'cAnArYpRiVaTe9630',
  wrongKey: 'cAnArYwRoNg5588',
  sourceKey: 'cAnArYsOuRcE3317',
}
const vendor = 'https://api.vendor.example'
const masterKey = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 53 + 7) % 256)).toString('base64')
const basic = (key: string) => Buffer.from(`${defaultKeys.companyId}+${canary.publicKey}:${key}`).toString('base64')

let folder: string
let app: Contoso
let token: string
/** Everything the program said, by where. */
const said: [where: string, text: string][] = []

/** ConnectWise, or what stands in its place, sends back what it was told in every place it can, once cut in two by a length. */
const echo = (status: number): Fault => ({
  name: 'echo',
  answer: async ({ request }) => {
    const token = request.headers.get('authorization')?.slice('Basic '.length) ?? 'none'
    const [, publicKey = '', privateKey = ''] = /\+(.*):(.*)$/.exec(atob(token.replace('none', ''))) ?? []
    const told = [privateKey, publicKey, token].join(' ')
    const message = `${told} ${'x'.repeat(485 - told.length)} ${told}`
    const headers = {
      'x-cw-request-id': privateKey,
      'www-authenticate': `Basic ${token}`,
      link: `<https://na.myconnectwise.net/?page=2&key=${privateKey}>; rel="next"`,
      'retry-after': privateKey,
      'x-server-name': publicKey,
      'set-cookie': privateKey,
      location: `https://evil.example/${privateKey}`,
    }
    const errors = [{ code: 'x', message: publicKey, field: privateKey }]
    return Response.json({ code: privateKey, message, errors }, { status, headers })
  },
})

/** A platform that has no account, or repeats the key it was asked with wherever it can. */
let tell = async (request: Request): Promise<Response> => Response.json({ asked: request.url })
const nothing = async () =>
  Response.json({
    ...{ kind: 'counts', period: '2026-11', takenAt: '2026-11-17T12:00:00Z', complete: true },
    accounts: [],
  })
const repeat = (status: number) => async (request: Request) => {
  const token = request.headers.get('authorization')?.slice('Bearer '.length) ?? 'none'
  const headers = { location: `https://evil.example/${token}`, 'retry-after': token, link: `<${token}>; rel="next"` }
  return Response.json({ [token]: token, accounts: [{ id: token, name: token, [token]: 1 }] }, { status, headers })
}

const type = async (...args: string[]) => {
  const { out, err, exit } = await typer(app)(args)
  said.push([`${args[0]} ${args[1]} (${exit})`, out + err])
  return { out, exit }
}

const ask = async (path: string, init?: RequestInit) => {
  const answer = await createApp(app.deps).request(`http://127.0.0.1:4600${path}`, init)
  said.push([path, JSON.stringify([...answer.headers]) + (await answer.text())])
}

/** What fails is said as well. */
const attempt = (work: Promise<unknown>) =>
  work.then(
    (answer) => said.push(['answer', JSON.stringify(answer ?? null)]),
    (error: Error) => said.push(['thrown', `${error.message} ${error.stack} ${JSON.stringify(error)}`]),
  )

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trueup-canary-'))
  app = await givenContoso(
    async (clock) => {
      const { db, file } = openSqlite(join(folder, 'trueup.db'), () => clock?.now() ?? 0)
      await migrate(db, readMigrations())
      return { db, close: async () => void file.close() }
    },
    12,
    {
      env: { MASTER_KEY: masterKey, DATABASE_PATH: join(folder, 'trueup.db'), SOURCE_HOSTS: vendor },
      deps: { fetchSource: (request) => tell(request) },
    },
  )
  const { deps, clock, manage, world } = app
  world.keys.set(canary.publicKey, { privateKey: canary.privateKey, member: 'TrueUp' })
  const effects = { fetch: (request: Request) => manage.fetch(request), ...clock, random: () => 0.5, log: deps.log }
  deps.connectWise = createConnections(deps, effects)
})
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true })
})

const keys = { 'public-key': canary.publicKey, 'private-key': canary.privateKey }

it('is in use before it is looked for', async () => {
  expect((await type(...connectLine(keys))).exit).toBe(0)
  const added = await typer(app)('sources add push --tenant acme --name Pushed --json')
  token = added.json().token
  tell = nothing
  const asked = ['sources', 'add', 'http', '--tenant', 'acme', '--name', 'Asked', '--secret', canary.sourceKey]
  expect((await type(...asked, '--setting', `base=${vendor}`, '--setting', 'kind=counts')).exit).toBe(0)
  expect((await type('sources', 'collect', 'Asked', '--tenant', 'acme')).exit).toBe(0)
  await app.say({ 'A-17': 15 })
  expect((await type('sync', '--tenant', 'acme', '--json')).exit).toBe(0)
  expect(app.held()).toEqual([{ id: 301, quantity: 15 }])
})

it('is sent back by every call that can fail', async () => {
  for (const status of [400, 401, 403, 404, 409, 422, 429, 500, 502, 503]) {
    const echoed = app.manage.faults.add({ fault: echo(status) })
    await type(...connectLine(keys), '--json')
    await type(...connectLine({ ...keys, 'private-key': canary.wrongKey }))
    await type('doctor', '--tenant', 'acme')
    await type('sync', '--tenant', 'acme', '--dry-run', '--json')
    await type('sync', '--tenant', 'acme')
    await attempt(app.sync())
    await attempt(app.tick())
    echoed.remove()
    await type(...connectLine(keys))
  }
  for (const status of [200, 301, 401, 404, 429, 500]) {
    tell = repeat(status)
    await type('sources', 'test', 'Asked', '--tenant', 'acme', '--json')
    await type('sources', 'collect', 'Asked', '--tenant', 'acme')
    await attempt(app.sync())
  }
  tell = nothing
  let count = 15
  for (const status of [400, 401, 409, 429, 500]) {
    await app.say({ 'A-17': ++count })
    const echoed = app.manage.faults.add({ match: { method: 'PATCH', times: 2 }, fault: echo(status) })
    await type('sync', '--tenant', 'acme', '--json')
    echoed.remove()
    app.clock.advance(3_600_000)
    await attempt(app.tick())
    await type(...connectLine(keys))
  }
}, 60_000)

it('is passed wherever something is shown, kept or copied', async () => {
  await type('mappings', 'export', '--tenant', 'acme')
  await type('doctor', '--json')
  await type('backup', join(folder, 'copy.db'))
  for (const path of ['/', '/metrics', '/readyz', '/livez', '/nothing']) {
    await ask(path)
    await ask(path, { headers: { authorization: `Bearer ${token}`, accept: 'text/html' } })
  }
  const post = { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } }
  await ask('/api/v1/snapshots', { ...post, body: JSON.stringify({ kind: token, [token]: canary.wrongKey }).slice(1) })
  for (const variable of [
    'MASTER_KEY',
    'CONNECTWISE_CLIENT_ID',
    'CONNECTWISE_HOSTS',
    'SOURCE_HOSTS',
    'PUBLIC_URL',
    'PORT',
  ])
    await attempt(
      (async () => readConfig({ [variable]: `https://${canary.privateKey}:${canary.wrongKey}@evil.example/x` }))(),
    )
  for (const args of [
    ['connect', `--privatekey=${canary.privateKey}`],
    ['connect', '--site', 'x', canary.privateKey],
  ])
    await type(...args)
  await type('connect', '--private-key', canary.privateKey, '--private-key', canary.wrongKey)
  const site = `https://${canary.publicKey}:${canary.privateKey}@na.myconnectwise.net`
  await type(...connectLine({ ...keys, site }))
  said.push(['log', app.lines.join('\n')])
  for (const name of readdirSync(folder)) said.push([name, readFileSync(join(folder, name), 'latin1')])
  expect(said.map(([where]) => where)).toEqual(expect.arrayContaining(['trueup.db', 'trueup.db-wal', 'copy.db', 'log']))
})

it('is found nowhere in the clear, however it is written', () => {
  const secrets = { ...canary, basic: basic(canary.privateKey), wrongBasic: basic(canary.wrongKey), token, masterKey }
  for (const [name, secret] of Object.entries(secrets)) {
    const hex = Buffer.from(secret).toString('hex')
    const forms = [secret, encodeURIComponent(secret), hex, Buffer.from(secret).toString('base64').slice(0, -4)]
    for (const form of [...forms, secret.slice(0, 10), secret.slice(-10)])
      expect([name, ...said.filter(([, text]) => text.includes(form)).map(([where]) => where)]).toEqual([name])
  }
  expect(app.lines.length).toBeGreaterThan(100)
})

it('is in a file that nobody else may read', async () => {
  const path = join(folder, 'own', 'trueup.db')
  const { close } = await createNodeDeps(readConfig({ DATABASE_PATH: path, LOG_LEVEL: 'error' }))
  const side = readdirSync(join(folder, 'own'))
  expect(side).toEqual(expect.arrayContaining(['master.key', 'trueup.db', 'trueup.db-wal']))
  for (const name of side) expect([name, statSync(join(folder, 'own', name)).mode & 0o077]).toEqual([name, 0])
  close()
})

it('opens only in its own row, and not when a bit of it is another', async () => {
  const { seal } = app.deps
  const [a, b] = [seal.newDataKey('acme'), seal.newDataKey('beta')]
  const key = seal.unwrap('acme', a.wrapped)
  const sealed = seal.seal(key, 'acme|privateKey|1', 'secret')
  expect(seal.open(key, 'acme|privateKey|1', sealed)).toBe('secret')
  expect(() => seal.unwrap('acme', b.wrapped)).toThrow()
  for (const context of ['beta|privateKey|1', 'acme|publicKey|1', 'acme|privateKey|2', ''])
    expect(() => seal.open(key, context, sealed)).toThrow()
  const parts = sealed.split('.')
  for (const [at, part] of parts.entries()) {
    const spoilt = part.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))
    expect(() => seal.open(key, 'acme|privateKey|1', parts.with(at, spoilt).join('.'))).toThrow()
  }
  expect(() => seal.open(key, 'acme|privateKey|1', parts.with(3, parts[3]?.slice(0, 6) ?? '').join('.'))).toThrow()
  expect(seal.seal(key, 'c', 'secret')).not.toBe(seal.seal(key, 'c', 'secret'))
})

it('is not in a log of what the database refused', async () => {
  const broken = Object.assign(new Error(`Failed query: insert ... params: ${canary.privateKey}`), {
    cause: new Error('disk I/O error'),
  })
  const { deps } = app
  const before = app.lines.length
  await deps.db.run("update schedules set last_day = '2020-01-01'")
  await app.clock.run(tick({ ...deps, connectWise: () => Promise.reject(broken) }, { stopping: () => false }))
  const lines = app.lines.slice(before).join('\n')
  expect(lines).toContain('disk I/O error')
  expect(lines).not.toContain(canary.privateKey)
})
