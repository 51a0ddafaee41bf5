import type { Reading } from '#billing/reading.ts'
import type { Scope } from '#db/db.ts'
import type { AccountKey } from '#db/mappings.ts'
import { findNewestSnapshot, listStatements, type SnapshotRow } from '#db/snapshots.ts'
import type { Source } from '#db/sources.ts'

/** What a source said last of one account. */
export interface Word {
  readings: readonly Reading[]
  snapshot: SnapshotRow
}

/** One text for an account of a source, to look it up by. */
export const keyText = ({ sourceId, account }: AccountKey): string => JSON.stringify([sourceId, account])

/** The newest word on each of these accounts: of the newest snapshot that names it, else of the newest complete one. */
export async function newestWords(
  scope: Scope,
  sources: readonly Source[],
  keys: readonly AccountKey[],
  { people = false }: { people?: boolean } = {},
): Promise<Map<string, Word>> {
  const words = new Map<string, Word>()
  for (const { id } of sources) {
    const accounts = keys.filter(({ sourceId }) => sourceId === id).map(({ account }) => account)
    if (accounts.length === 0) continue
    for (const snapshot of await newestSnapshots(scope, id))
      for (const { account, readings } of await listStatements(scope, snapshot.id, { accounts, people }))
        words.set(keyText({ sourceId: id, account }), { readings, snapshot })
  }
  return words
}

/** From when on an account must have been heard of to count as still listed, by source: its newest complete snapshot. */
export async function listedSince(scope: Scope, sources: readonly Source[]): Promise<Record<string, number>> {
  const newest = await Promise.all(
    sources.map(async ({ id }) => [id, (await findNewestSnapshot(scope, id, { complete: true }))?.receivedAt] as const),
  )
  return Object.fromEntries(newest.flatMap(([id, at]) => (at === undefined ? [] : [[id, at]])))
}

/** The complete one first, so that what came later overrides it. */
export async function newestSnapshots(scope: Scope, source: string): Promise<SnapshotRow[]> {
  const [complete, newest] = await Promise.all([
    findNewestSnapshot(scope, source, { complete: true }),
    findNewestSnapshot(scope, source),
  ])
  return [...(complete ? [complete] : []), ...(newest && newest.id !== complete?.id ? [newest] : [])]
}
