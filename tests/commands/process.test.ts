import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addAddition, addAgreement, addCompany, addProduct } from '../sandbox/manage/build.ts'
import { type Listening, listen } from '../sandbox/manage/listen.ts'
import { createManage, defaultKeys } from '../sandbox/manage/manage.ts'
import { emptyWorld } from '../sandbox/manage/world.ts'
import { connectLine } from './given.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const clock = {
  now: Date.now,
  sleep: (ms: number, signal?: AbortSignal) => setTimeout(ms, undefined, signal ? { signal } : {}),
}

describe('the trueup process', () => {
  let folder: string
  let sandbox: Listening
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trueup-cli-'))
    const world = emptyWorld()
    const product = addProduct(world, { id: 512 })
    const agreement = addAgreement(world, { id: 87, company: addCompany(world, { id: 250 }) })
    addAddition(world, { id: 301, agreement, product, quantity: 10 })
    sandbox = await listen(createManage({ clock, world }))
  })
  afterAll(async () => {
    await sandbox.close()
    await rm(folder, { recursive: true })
  })

  const run = (args: readonly string[], input = '') =>
    new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
      const env = {
        PATH: process.env.PATH,
        DATABASE_PATH: join(folder, 'data', 'trueup.db'),
        CONNECTWISE_HOSTS: sandbox.origin,
        CONNECTWISE_CLIENT_ID: defaultKeys.clientId,
      }
      const child = execFile(
        process.execPath,
        ['--import', 'tsx', join(root, 'server/cli.ts'), ...args],
        { cwd: root, env },
        (error, out, err) => resolve({ code: error ? error.code : 0, out, err }),
      )
      child.stdin?.end(input)
    })

  it('connects, maps, syncs and examines with nothing but its environment', async () => {
    const typed = connectLine({ site: sandbox.origin, 'private-key': '-', 'client-id': undefined })
    const connected = await run([...typed, '--json'], defaultKeys.privateKey)
    expect(connected).toMatchObject({ code: 0, out: '{"tenant":"acme","state":"connected"}\n' })
    expect((await stat(join(folder, 'data', 'master.key'))).mode & 0o077).toBe(0)

    const added = await run(['sources', 'add', 'push', '--tenant', 'acme', '--name', 'Platform', '--json'])
    expect(JSON.parse(added.out)).toEqual({ source: expect.any(String), token: expect.stringMatching(/^tus_/) })

    const mapping = {
      source: 'Platform',
      account: 'A-17',
      reads: { metric: 'users' },
      company: 250,
      agreement: 87,
      addition: 301,
      include: true,
    }
    await writeFile(join(folder, 'mappings.json'), JSON.stringify([mapping]))
    const imported = await run(['mappings', 'import', '--tenant', 'acme', join(folder, 'mappings.json')])
    expect(imported).toMatchObject({ code: 0, out: expect.stringContaining('1 added') })

    const synced = await run(['sync', '--tenant', 'acme', '--json'])
    expect({ code: synced.code, err: synced.err }).toEqual({ code: 2, err: '' })
    expect(JSON.parse(synced.out)).toMatchObject({ tenant: 'acme', details: [{ account: 'A-17', outcome: 'skipped' }] })

    const examined = await run(['doctor', '--tenant', 'acme'])
    expect(examined).toMatchObject({ code: 0, out: expect.stringContaining('Nothing needs a person.') })
  }, 60_000)

  it('refuses what it does not know with 64 and no stack', async () => {
    const { code, out, err } = await run(['sync', '--tenant', 'acme', '--now'])
    expect({ code, out }).toEqual({ code: 64, out: '' })
    expect(err).toBe(
      `There is no option --now.\nUsage: trueup sync --tenant T [--source S] [--account ID …] [--dry-run] [--approve-as MEMBER] [--json]\n`,
    )
  })
})
