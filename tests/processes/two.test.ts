import { describe, expect, it, vi } from 'vitest'
import { brokenAt, listLedger } from '#db/ledger.ts'
import { latency } from '../sandbox/manage/faults.ts'
import { type Child, givenPrograms, slots } from './child.ts'
import { givenStage, type Stage, settled, writesSince } from './given.ts'

const atOnce = slots(3)
const start = givenPrograms()

const missing = ['A-7', 'A-8']
const existing = { 'A-1': 1, 'A-2': 1, 'A-3': 1, 'A-4': 1, 'A-5': 1, 'A-6': 1 }
const accounts = [...Object.keys(existing), ...missing]
const counts = (count: number) => Object.fromEntries(accounts.map((account) => [account, count]))

/** A stage and the servers on it. */
interface Two {
  stage: Stage
  servers: Child[]
  serve(env?: Record<string, string>): Child
}

/** Six additions of 1 and two lines to be made; at the end the servers drain, and none may have said anything bad. */
async function onOneFile(work: (two: Two) => Promise<void>): Promise<void> {
  const stage = await givenStage({ existing, missing })
  const servers: Child[] = []
  const serve = (env: Record<string, string> = {}) => {
    const server = start('server', { ...stage.env, ...env })
    servers.push(server)
    return server
  }
  try {
    await work({ stage, servers, serve })
    for (const server of servers) server.kill('SIGTERM')
    expect(await Promise.all(servers.map(({ ended }) => ended))).toEqual(servers.map(() => 0))
    for (const server of servers) expect(server.output()).not.toMatch(/SQLITE|"level":"error"/)
  } finally {
    await stage.end()
  }
}

/** Stores new counts and waits until a run has written them. */
async function sync(stage: Stage, count: number): Promise<string> {
  await stage.say(counts(count))
  const run = await stage.ask()
  await settled(stage, run)
  expectHeld(stage, count)
  return run
}

function expectHeld(stage: Stage, count: number): void {
  expect(stage.held()).toEqual(Object.fromEntries(accounts.map((account) => [account, [count]])))
}

const sentBy = (stage: Stage, method: string): string[] =>
  writesSince(stage)
    .filter((request) => request.method === method)
    .map(({ path, body }) => `${path} ${JSON.stringify(body)}`)

/** Every line was made once, and every addition changed once for each later count. */
function expectSentOnce(stage: Stage, changed: { created: number; updated: number }): void {
  const [made, updates] = [sentBy(stage, 'POST'), sentBy(stage, 'PATCH')]
  expect([made, updates]).toEqual([[...new Set(made)], [...new Set(updates)]])
  expect({ created: made.length, updated: updates.length }).toEqual(changed)
}

/** Fences only ever grow in the order in which writes were sent; the ledger is one chain. */
async function expectOneAtATime(stage: Stage, runs: readonly string[]): Promise<void> {
  const intents = (await Promise.all(runs.map((run) => stage.intents(run)))).flat()
  const inOrder = intents.toSorted((a, b) => (a.sentAt ?? 0) - (b.sentAt ?? 0) || (a.fence ?? 0) - (b.fence ?? 0))
  const fences = inOrder.map(({ fence }) => fence ?? 0)
  expect(fences).toEqual(fences.toSorted((a, b) => a - b))
  expect(brokenAt(await listLedger(stage.scope))).toBeUndefined()
}

/**
 * One process stops itself at a point; another takes over when the lease has ended, and the first wakes up in the
 * middle of that. Returns the run they both worked on.
 */
async function wakeAfterTakeover({ stage, serve }: Two, place: string): Promise<string> {
  await stage.say(counts(2))
  const run = await stage.ask()
  const stopped = serve({ SIGNAL_AT: `SIGSTOP ${place}` })
  await stopped.printed('SIGSTOP')
  const before = stage.manage.requests.length
  stage.manage.faults.add({ match: { path: /additions/ }, fault: latency(200) })
  serve()
  const isTakenOver = async () => stage.manage.requests.length > before || (await stage.run(run))?.state === 'done'
  await vi.waitFor(async () => expect(await isTakenOver()).toBe(true), { timeout: 20_000, interval: 50 })
  stopped.kill('SIGCONT')
  await settled(stage, run)
  stage.manage.faults.clear()
  return run
}

describe('two processes on one file never both write', () => {
  it.concurrent('however often both sync', { timeout: 120_000 }, () =>
    atOnce(() =>
      onOneFile(async ({ stage, serve }) => {
        serve()
        serve()
        const runs: string[] = []
        for (let count = 2; count <= 7; count++) runs.push(await sync(stage, count))
        await stage.say(counts(8))
        const together = await Promise.all([stage.ask(), stage.ask(), stage.ask()])
        for (const run of together) await settled(stage, run)
        expectHeld(stage, 8)
        expectSentOnce(stage, { created: 2, updated: 6 + 6 * 8 })
        await expectOneAtATime(stage, [...runs, ...together])
      }),
    ),
  )

  it.concurrent.each([
    'intent.sending#1',
    'write.answered#8',
    'outcome.saved#8',
    'agreements.read#1',
    'additions.read#1',
    'plan.saving#1',
    'plan.saved#1',
    'run.finishing#1',
  ])('when one stops at %s for longer than its lease and wakes up', { timeout: 120_000 }, (place) =>
    atOnce(() =>
      onOneFile(async (two) => {
        const run = await wakeAfterTakeover(two, place)
        const next = await sync(two.stage, 3)
        expectSentOnce(two.stage, { created: 2, updated: 6 + 8 })
        await expectOneAtATime(two.stage, [run, next])
      }),
    ),
  )

  // What was on its way when the process stopped may arrive when it wakes: an absolute value again, a line never.
  it.concurrent.each(['write.answered#1', 'outcome.saved#1'])(
    'when one stops at %s with writes on their way, except for the same value again',
    { timeout: 120_000 },
    (place) =>
      atOnce(() =>
        onOneFile(async (two) => {
          const run = await wakeAfterTakeover(two, place)
          expectHeld(two.stage, 2)
          const next = await sync(two.stage, 3)
          expect(two.stage.world.neverInvoiced.size).toBe(2)
          await expectOneAtATime(two.stage, [run, next])
        }),
      ),
  )
})
