import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterEach, expect, it } from 'vitest'
import { defaultLimits } from '#billing/limits.ts'
import { connectTenant } from '#db/tenants.ts'
import { readConfig } from '#server/config.ts'
import { createNodeDeps } from '#server/node/deps.ts'
import { acme, keys } from '../store/given.ts'

type Child = ChildProcessByStdio<null, Readable, Readable>

interface Server {
  child: Child
  output(): string
  ended: Promise<number | null>
}

const children: Child[] = []
const folder = () => mkdtempSync(join(tmpdir(), 'trueup-'))

/** The server as `npm start` runs it, from its sources. */
function start(variables: Record<string, string>): Server {
  const env = { PATH: process.env.PATH ?? '', PORT: '0', ...variables }
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/node.ts'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes))
  return { child, output: () => output, ended: new Promise((resolve) => child.on('exit', resolve)) }
}

/** Its address, once it listens. */
async function listening({ child, output, ended }: Server): Promise<string> {
  for (;;) {
    const port = /"server.listening","port":(\d+)/.exec(output())?.[1]
    if (port) return `http://127.0.0.1:${port}`
    const hasEnded = await Promise.race([once(child.stdout, 'data').then(() => false), ended.then(() => true)])
    if (hasEnded) throw new Error(output())
  }
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

it('stops the start with the name of every wrong variable', async () => {
  const server = start({ PORT: 'x', TICK: 'maybe', DATABASE_PATH: join(folder(), 'trueup.db') })
  expect(await server.ended).toBe(1)
  expect(server.output()).toBe('PORT: expected a whole number from 0 to 65535\nTICK: expected on or off\n')
})

it('makes a master key once, says so, and drains on SIGTERM', async () => {
  const home = folder()
  const variables = { DATABASE_PATH: join(home, 'data', 'trueup.db') }
  const server = start(variables)
  const ready = await fetch(`${await listening(server)}/readyz`)
  expect(ready.status).toBe(200)
  const key = join(home, 'data', 'master.key')
  expect(statSync(key).mode & 0o777).toBe(0o600)
  expect(server.output()).toContain('master-key.made')
  expect(server.output()).not.toContain(readFileSync(key, 'utf8').trim())
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)
  const again = start(variables)
  await listening(again)
  expect(again.output()).not.toContain('master-key.made')
})

it('ends at once at a second signal, whoever still waits for an answer', async () => {
  const server = start({ DATABASE_PATH: join(folder(), 'trueup.db') })
  const { port } = new URL(await listening(server))
  const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined)
  socket.write('POST /api/v1/snapshots HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{')
  await once(socket, 'data')
  server.child.kill('SIGTERM')
  await once(server.child.stdout, 'data')
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(1)
  socket.destroy()
})

it('lets two processes start on one new database at once, with one master key', async () => {
  const variables = { DATABASE_PATH: join(folder(), 'trueup.db') }
  const servers = [start(variables), start(variables)]
  const answers = await Promise.all(servers.map(async (server) => fetch(`${await listening(server)}/readyz`)))
  expect(answers.map((answer) => answer.status)).toEqual([200, 200])
  expect(servers.filter((server) => server.output().includes('master-key.made'))).toHaveLength(1)
})

it('does not start with another master key than the database was sealed with, and makes no new one', async () => {
  const path = join(folder(), 'trueup.db')
  const config = readConfig({ DATABASE_PATH: path, LOG_LEVEL: 'error' })
  const { deps, close } = await createNodeDeps(config)
  await connectTenant(deps.db, deps.seal, acme, keys, { limits: defaultLimits, now: 1 })
  close()
  const other = readConfig({ DATABASE_PATH: path, MASTER_KEY: randomBytes(32).toString('base64') })
  await expect(createNodeDeps(other)).rejects.toThrow('MASTER_KEY: expected the key this database was sealed with')
  const file = join(path, '..', 'master.key')
  rmSync(file)
  await expect(createNodeDeps(config)).rejects.toThrow('MASTER_KEY: expected the key')
  expect(() => statSync(file)).toThrow()
})

it('says that DATABASE_PATH is no database it can write', async () => {
  const path = folder()
  writeFileSync(join(path, 'text'), 'this is a text of some length, and it is not a database\n'.repeat(40))
  for (const wrong of [path, join(path, 'text'), join(path, 'text', 'x.db')])
    await expect(createNodeDeps(readConfig({ DATABASE_PATH: wrong }))).rejects.toThrow(
      'DATABASE_PATH: expected a SQLite file that can be written, but ',
    )
})

it('serves the files of public/ and nothing beside them', async () => {
  const address = await listening(start({ DATABASE_PATH: join(folder(), 'trueup.db'), TICK: 'off' }))
  const css = await fetch(`${address}/app.css`)
  expect([css.status, css.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8'])
  for (const path of ['/..%2fpackage.json', '/%2e%2e/package.json', '/package.json'])
    expect((await fetch(address + path)).status).toBe(401)
})
