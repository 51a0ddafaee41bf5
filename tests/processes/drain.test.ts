import { describe, expect, it, vi } from 'vitest'
import { hang, latency } from '../sandbox/manage/faults.ts'
import { type Child, givenPrograms } from './child.ts'
import { givenStage, type Stage, settled, writesSince } from './given.ts'

const start = givenPrograms()

const existing = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`A-${i + 1}`, 1]))
const missing = ['A-10']
const said = Object.fromEntries([...Object.keys(existing), ...missing].map((account) => [account, 2]))

/** A server in the middle of a run: its second write is on its way. */
async function givenBusy(env: Record<string, string> = {}): Promise<{ stage: Stage; run: string; server: Child }> {
  const stage = await givenStage({ existing, missing }, { CONNECTWISE_CONCURRENCY: '1', ...env })
  await stage.say(said)
  const run = await stage.ask()
  stage.manage.faults.add({ match: { method: ['POST', 'PATCH'] }, fault: latency(150) })
  const server = start('server', stage.env)
  await vi.waitFor(() => expect(writesSince(stage).length).toBeGreaterThan(1), { timeout: 20_000, interval: 10 })
  return { stage, run, server }
}

describe('SIGTERM in the middle of a run', () => {
  it('drains: what is on its way gets its outcome, and the next start sends the rest', {
    timeout: 60_000,
  }, async () => {
    const { stage, run, server } = await givenBusy()
    const at = Date.now()
    server.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    expect(Date.now() - at).toBeLessThan(25_000)
    const states = (await stage.intents(run)).map(({ state }) => state)
    const ended = states.filter((state) => state === 'done').length
    expect(states.toSorted()).toEqual([...Array(ended).fill('done'), ...Array(10 - ended).fill('planned')])
    expect(ended).toBe(writesSince(stage).length)
    expect(ended).toBeLessThan(10)

    const next = start('server', stage.env)
    await settled(stage, run)
    expect(stage.held()).toEqual(Object.fromEntries(Object.keys(said).map((account) => [account, [2]])))
    expect(writesSince(stage)).toHaveLength(10)
    next.kill('SIGTERM')
    expect(await next.ended).toBe(0)
    await stage.end()
  })

  it('a second one ends the process at once', { timeout: 60_000 }, async () => {
    const { stage, server } = await givenBusy({ SYNC_LEASE_SECONDS: '300' })
    stage.manage.faults.add({ match: { method: ['POST', 'PATCH'] }, fault: hang('beforeCommit') })
    server.kill('SIGTERM')
    await server.printed('server.draining')
    const at = Date.now()
    server.kill('SIGTERM')
    expect(await server.ended).toBe(1)
    expect(Date.now() - at).toBeLessThan(5_000)
    await stage.end()
  })
})

describe('a start with a wrong environment', () => {
  it.each([
    ['PORT', { PORT: '70000' }, 'PORT: expected a whole number from 0 to 65535\n'],
    ['MASTER_KEY', { MASTER_KEY: 'secret' }, /^MASTER_KEY: expected 32 random bytes in base64.*\n$/],
    ['CONNECTWISE_HOSTS', { CONNECTWISE_HOSTS: 'http://example.com' }, /^CONNECTWISE_HOSTS: expected origins.*\n$/],
  ])('stops with the name of %s and nothing else', async (_, env, said) => {
    const server = start('node', env)
    expect(await server.ended).toBe(1)
    expect(server.output()).toMatch(said)
    expect(server.output()).not.toContain(' at ')
  })
})
