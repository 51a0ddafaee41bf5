import type { Context } from 'hono'
import { sha256 } from '#db/sha256.ts'
import type { Source } from '#db/sources.ts'
import type { Ask } from '#routes/route.ts'
import { tooMany } from '#routes/too-many.ts'
import { problem } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { createRateLimit } from '#server/rate-limit.ts'
import { receive } from '#sync/sources/receive.ts'

const perMinute = 60

/** `POST /api/v1/snapshots` (INTERFACE): stores what a pushing source says, all of it or nothing. */
export function postSnapshot(deps: Deps) {
  const secondsToWait = createRateLimit(perMinute, deps.now)
  return async (c: Ask) => {
    const source = c.get('source')
    const wait = secondsToWait(source.id)
    if (wait !== undefined) return tooMany(c, wait, `${perMinute} snapshots a minute`)
    if (!isJson(c)) return problem(c, 415, 'Send application/json in UTF-8, not compressed.')
    const body = await c.req.arrayBuffer()
    const letter = { bodyHash: sha256(new Uint8Array(body)), idempotencyKey: keyOf(c) }
    const row = await receive(deps, source, letter, () => kindOf(deps, source).receive(textOf(body), deps.now()))
    return c.json({ snapshot: row.id, accounts: row.accountCount, readings: row.readingCount }, 202)
  }
}

function kindOf(deps: Deps, source: Source) {
  const kind = Object.entries(deps.sources).find(([name]) => name === source.kind)?.[1]
  if (!kind?.receive) throw new Problem('forbidden', `A source of kind ${source.kind} cannot be pushed to.`)
  return { receive: kind.receive }
}

function textOf(body: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new Problem('invalid', 'The body is not UTF-8.')
  }
}

function keyOf(c: Context): string | null {
  const key = c.req.header('idempotency-key')
  if (key === undefined) return null
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key
  const message = 'must be 1 to 200 visible ASCII characters'
  throw new Problem('invalid', message, { places: [{ path: 'Idempotency-Key', message }] })
}

function isJson(c: Context): boolean {
  const type = /^application\/json\s*(?:;\s*charset="?utf-?8"?\s*)?$/i.test(c.req.header('content-type') ?? '')
  return type && (c.req.header('content-encoding') ?? 'identity') === 'identity'
}
