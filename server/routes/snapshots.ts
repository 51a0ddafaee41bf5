import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { monthName } from '#billing/period.ts'
import type { Scope } from '#db/db.ts'
import { addLogs, type LogEntry } from '#db/logs.ts'
import { addSnapshot, findSnapshotByKey, type SnapshotRow } from '#db/snapshots.ts'
import type { Source } from '#db/sources.ts'
import { problem } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { createRateLimit } from '#server/rate-limit.ts'
import type { Ask } from './route.ts'
import { tooMany } from './too-many.ts'

const perMinute = 60

/** `POST /api/v1/snapshots` (INTERFACE): stores what a pushing source says, all of it or nothing. */
export function postSnapshot(deps: Deps) {
  const secondsToWait = createRateLimit(perMinute, deps.now)
  return async (c: Ask) => {
    const source = c.get('source')
    const wait = secondsToWait(source.id)
    if (wait !== undefined) return tooMany(c, wait, `${perMinute} snapshots a minute`)
    if (!isJson(c)) return problem(c, 415, 'Send application/json in UTF-8, not compressed.')
    const row = await receive(deps, source, await c.req.arrayBuffer(), keyOf(c))
    return c.json({ snapshot: row.id, accounts: row.accountCount, readings: row.readingCount }, 202)
  }
}

async function receive(deps: Deps, source: Source, body: ArrayBuffer, key: string | null): Promise<SnapshotRow> {
  const scope: Scope = { db: deps.db, tenant: source.tenantId }
  const bodyHash = createHash('sha256').update(new Uint8Array(body)).digest('hex')
  const before = await findSame(scope, source, key, bodyHash)
  if (before) return before
  const said = kindOf(deps, source).receive(textOf(body), deps.now())
  const receipt = { id: deps.id(), sourceId: source.id, receivedAt: deps.now(), bodyHash, idempotencyKey: key }
  try {
    const row = await addSnapshot(scope, said, receipt, (stored) => addLogs(scope, [receiptEntry(source, stored)]))
    deps.log.info('snapshot.stored', {
      tenant: scope.tenant,
      source: source.id,
      snapshot: row.id,
      count: row.readingCount,
    })
    return row
  } catch (error) {
    // The same request at the same time may have been faster: its answer is ours too.
    const faster = await findSame(scope, source, key, bodyHash)
    if (faster) return faster
    throw error
  }
}

const receiptEntry = ({ name }: Source, row: SnapshotRow): LogEntry => ({
  id: row.id,
  at: row.receivedAt,
  level: 'info',
  event: 'snapshot.received',
  text: `${name} sent ${row.kind} of ${monthName(row.period)}, ${row.complete ? 'complete' : 'partial'}: ${row.accountCount} accounts, ${row.readingCount} readings.`,
  sourceId: row.sourceId,
})

/** The snapshot this key stood for before. Throws when it came with another body. */
async function findSame(scope: Scope, source: Source, key: string | null, bodyHash: string) {
  const row = key === null ? undefined : await findSnapshotByKey(scope, source.id, key)
  if (row && row.bodyHash !== bodyHash)
    throw new Problem('conflict', 'This Idempotency-Key was used before with another body.')
  return row
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
