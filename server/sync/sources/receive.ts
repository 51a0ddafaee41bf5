import { monthName } from '#billing/period.ts'
import type { Scope } from '#db/db.ts'
import { addLogs, type LogEntry } from '#db/logs.ts'
import { addSnapshot, findSnapshotByKey, type NewSnapshot, type SnapshotRow } from '#db/snapshots.ts'
import type { Source } from '#db/sources.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'

/** What makes a snapshot the same as one that was stored before. */
export interface Letter {
  /** SHA-256 of what came, in hex. */
  bodyHash: string
  idempotencyKey: string | null
}

/** How a snapshot came when it was not sent by the source itself: the words before what it says, and who did it. */
interface Way {
  opening: string
  member?: string
}

/**
 * Stores what a source said, all of it or nothing, and tells of it in the tenant's log; `read` is called only for what was
 * not stored before under the same key. Throws a Problem when that came with another body.
 */
export async function receive(
  deps: Deps,
  source: Source,
  letter: Letter,
  read: () => NewSnapshot,
  way?: Way,
): Promise<SnapshotRow> {
  const scope: Scope = { db: deps.db, tenant: source.tenantId }
  const before = await findSame(scope, source, letter)
  if (before) return before
  const said = read()
  const receipt = { id: deps.id(), sourceId: source.id, receivedAt: deps.now(), ...letter }
  try {
    const row = await addSnapshot(scope, said, receipt, (stored) => addLogs(scope, [entryOf(source, stored, way)]))
    deps.log.info('snapshot.stored', {
      tenant: scope.tenant,
      source: source.id,
      snapshot: row.id,
      count: row.readingCount,
    })
    return row
  } catch (error) {
    // The same request at the same time may have been faster: its answer is ours too.
    const faster = await findSame(scope, source, letter)
    if (faster) return faster
    throw error
  }
}

const entryOf = ({ name }: Source, row: SnapshotRow, way: Way | undefined): LogEntry => ({
  id: row.id,
  at: row.receivedAt,
  level: 'info',
  event: 'snapshot.received',
  text: `${way?.opening ?? `${name} sent`} ${row.kind} of ${monthName(row.period)}, ${row.complete ? 'complete' : 'partial'}: ${row.accountCount} accounts, ${row.readingCount} readings.`,
  sourceId: row.sourceId,
  ...(way?.member === undefined ? {} : { member: way.member }),
})

/** The snapshot this key stood for before. Throws when it came with another body. */
async function findSame(scope: Scope, source: Source, { idempotencyKey, bodyHash }: Letter) {
  const row = idempotencyKey === null ? undefined : await findSnapshotByKey(scope, source.id, idempotencyKey)
  if (row && row.bodyHash !== bodyHash)
    throw new Problem('conflict', 'This Idempotency-Key was used before with another body.')
  return row
}
