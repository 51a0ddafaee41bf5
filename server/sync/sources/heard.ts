import type { Scope } from '#db/db.ts'
import { findNewestSnapshot, type SnapshotRow } from '#db/snapshots.ts'
import { listSources, type Source } from '#db/sources.ts'
import type { Deps } from '#server/deps.ts'

/** After so many hours without a word a source is silent (FEATURES 4.10). */
export const silentHours = 36
export const silentMs = silentHours * 3_600_000

/** Whether its platform is asked by us; the others tell us by themselves. */
export const isPulled = ({ kind }: Pick<Source, 'kind'>): boolean => kind === 'http'

export interface Heard {
  source: Source
  newest: SnapshotRow | undefined
  isSilent: boolean
}

/** The sources, with what each said last; one that never said anything is silent. Who uploads files does so when a month asks for it. */
export async function listHeard({ now }: Pick<Deps, 'now'>, scope: Scope): Promise<Heard[]> {
  const sources = await listSources(scope)
  const since = now() - silentMs
  return Promise.all(
    sources.map(async (source) => {
      const newest = await findNewestSnapshot(scope, source.id)
      return {
        source,
        newest,
        isSilent: newest === undefined || (source.kind !== 'csv' && heardAt(source, newest) < since),
      }
    }),
  )
}

/** A platform that we ask may go on giving the same old numbers. */
const heardAt = (source: Source, { takenAt, receivedAt }: SnapshotRow): number =>
  isPulled(source) ? takenAt : receivedAt
