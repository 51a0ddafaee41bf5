import { describe, expect, it } from 'vitest'
import { brokenAt, listLedger } from '#db/ledger.ts'
import type { Fault } from '../sandbox/manage/faults/fault-layer.ts'
import { reset } from '../sandbox/manage/faults.ts'
import { type Child, givenPrograms, slots } from './child.ts'
import { givenStage, type Stage, settled, writesSince } from './given.ts'

const atOnce = slots(4)
const start = givenPrograms()

/** Five plain updates, one that is held and approved, two lines to be made, one that stays as it is. */
const existing = { 'A-1': 10, 'A-2': 10, 'A-3': 10, 'A-4': 10, 'A-5': 10, 'A-6': 10, 'A-9': 10 }
const said = { 'A-1': 11, 'A-2': 12, 'A-3': 13, 'A-4': 9, 'A-5': 14, 'A-6': 40, 'A-7': 3, 'A-8': 4, 'A-9': 10 }
const changes = 8

const lateMs = 2000

/**
 * Where a process dies. `outcome.saved#3` is the third time it comes to that point. The others are seen from the
 * network: a write has arrived and has no effect yet, has had it, or will have it in two seconds.
 */
type Place = `${string}#${number}` | `${'POST' | 'PATCH'} ${'arrived' | 'committed' | 'late'}`

/** Ends the process in the middle of a write; its answer reaches nobody. */
function killing(kill: () => void, when: string): Fault {
  return {
    name: `killing ${when}`,
    async answer({ clock, later }, pass) {
      if (when === 'committed') await pass()
      if (when === 'late') later(clock.sleep(lateMs).then(() => pass()))
      kill()
      throw new TypeError('nobody is there any more')
    },
  }
}

/** Starts a server and waits until it has died there. */
async function dieAt({ env, manage }: Stage, place: Place): Promise<void> {
  const [method = '', when = ''] = place.split(' ')
  const isOnTheWay = when !== ''
  const server: Child = start('server', isOnTheWay ? env : { ...env, SIGNAL_AT: `SIGKILL ${place}` })
  const script = isOnTheWay
    ? manage.faults.add({
        match: { method, path: /additions/, times: 1 },
        fault: killing(() => server.kill('SIGKILL'), when),
      })
    : undefined
  expect([await server.ended, server.output()]).toEqual(['SIGKILL', expect.any(String)])
  script?.remove()
}

/** Nothing doubled, nothing lost. */
async function expectWhole(stage: Stage, run: string): Promise<void> {
  const { world, scope } = stage
  expect(stage.held()).toEqual(Object.fromEntries(Object.entries(said).map(([account, count]) => [account, [count]])))
  expect(world.neverInvoiced.size).toBe(2)
  const intents = await stage.intents(run)
  expect(intents.map(({ state }) => state)).toEqual(Array.from({ length: changes }, () => 'done'))
  const counts = { created: 2, updated: 6, cancelled: 0, unchanged: 1, held: 0, skipped: 0, failed: 0, unknown: 0 }
  expect(await stage.run(run)).toMatchObject({ state: 'done', counts })
  const ledger = await listLedger(scope)
  expect(brokenAt(ledger)).toBeUndefined()
  const recorded = ledger.filter(({ event }) => event === 'written' || event === 'found')
  const named = recorded.map(({ body }) => JSON.parse(body).intent)
  expect([...named].sort()).toEqual(intents.map(({ id }) => id).sort())
}

/** The next run writes nothing. */
async function expectNothingLeft(stage: Stage): Promise<void> {
  const before = stage.manage.requests.length
  const next = await stage.ask()
  await settled(stage, next)
  expect(await stage.run(next)).toMatchObject({ counts: { unchanged: 9, created: 0, updated: 0 } })
  expect(writesSince(stage, before)).toEqual([])
}

/** One night on a database file, interrupted at each of these places in turn, and then left alone. */
async function liveThrough(places: readonly Place[], prepare: (stage: Stage) => void = () => undefined) {
  const stage = await givenStage({ existing, missing: ['A-7', 'A-8'] })
  try {
    await stage.say(said)
    const run = await stage.ask()
    prepare(stage)
    for (const place of places) await dieAt(stage, place)
    const last = start('server', stage.env)
    await settled(stage, run)
    await expectWhole(stage, run)
    await expectNothingLeft(stage)
    last.kill('SIGTERM')
    expect(await last.ended).toBe(0)
  } finally {
    await stage.end()
  }
}

/** The longest first, so that all end together. */
const places: readonly (readonly Place[])[] = [
  ['POST arrived', 'probe.first#1', 'probe.second#1', 'creates.planned#1', 'POST committed'],
  ['POST committed', 'orphans.found#1', 'outcome.saved#1'],
  ['run.claimed#1'],
  ['agreements.read#1'],
  ['additions.read#1'],
  ['plan.saving#1'],
  ['plan.saved#1'],
  ['plan.approved#1'],
  ['intent.sending#1'],
  ['intent.sending#8'],
  ['PATCH arrived'],
  ['PATCH committed'],
  ['PATCH late'],
  ['POST arrived'],
  ['POST committed'],
  ['POST late'],
  ['write.answered#1'],
  ['write.answered#8'],
  ['outcome.saved#1'],
  ['outcome.saved#8'],
  ['run.finishing#1'],
  ['run.finished#1'],
]

describe('a kill -9 between any two steps of a real server process on a file database resumes with nothing doubled or lost', () => {
  it.concurrent(
    'while a run that had ended settles a create whose answer was lost',
    () =>
      atOnce(() =>
        liveThrough(
          ['probe.first#1', 'probe.second#1', 'creates.planned#1', 'outcome.saved#1', 'run.finishing#1'],
          ({ manage }) => {
            manage.faults.add({ match: { method: 'POST', path: /additions/, times: 1 }, fault: reset('beforeCommit') })
          },
        ),
      ),
    180_000,
  )

  for (const each of places) it.concurrent(`at ${each.join(', then ')}`, () => atOnce(() => liveThrough(each)), 180_000)
})
