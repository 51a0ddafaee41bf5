import { listIntents } from '#db/intents.ts'
import { findNewestRun } from '#db/runs.ts'
import { summaryOf } from '#sync/summary.ts'
import type { App } from '../start.ts'
import type { Open } from '../stores.ts'

export const post = { method: 'POST', path: /additions/ }
export const patch = { method: 'PATCH', path: /additions/ }
export const horizon = 900_000
export const posts = ({ manage }: App) => manage.requests.filter(({ method }) => method === 'POST')
export const patches = ({ manage }: App) => manage.requests.filter(({ method }) => method === 'PATCH')
export const listOpen = (app: App) => listIntents(app.scope, { open: true })

/** Lets some time pass, with a tick every five minutes and one at the end. */
export async function live(made: App, ms: number): Promise<void> {
  for (const end = made.clock.now() + ms; made.clock.now() < end; ) {
    made.clock.advance(Math.min(300_000, end - made.clock.now()))
    await made.tick()
  }
}

export async function newest(made: App) {
  const run = await findNewestRun(made.scope)
  return run && summaryOf(made.scope, run)
}

/** What a test does around one batch of the store: before it, after it, or in its place. */
export interface Between {
  before?: () => Promise<void>
  after?: () => Promise<void>
}

/** The same store, with a hand between the engine and every batch it saves. */
export function between(openStore: Open, hand: Between): Open {
  return async (clock) => {
    const { db, close } = await openStore(clock)
    const batch = async (...given: Parameters<typeof db.batch>) => {
      await hand.before?.()
      const answer = await db.batch(...given)
      await hand.after?.()
      return answer
    }
    const handed = new Proxy(db, {
      get: (target, name) => {
        const value = name === 'batch' ? batch : Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    return { db: handed, close }
  }
}

/** Why the first row is as it is. */
export const firstReason = (run: { details: { reason: string }[] }): string | undefined => run.details[0]?.reason
