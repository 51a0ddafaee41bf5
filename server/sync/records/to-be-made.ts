import { isToBeMade } from '#billing/record.ts'
import { type StandIns, standInsOf } from '#billing/to-be-made.ts'
import { listCreations } from '#db/creations.ts'
import type { Scope } from '#db/db.ts'

/** Those of these ids that stand for records somebody wants made, as if ConnectWise held them already. */
export async function listStandIns(scope: Scope, ids: readonly (number | null | undefined)[]): Promise<StandIns> {
  const wanted = ids.flatMap((id) => (typeof id === 'number' && isToBeMade(id) ? [id] : []))
  if (wanted.length === 0) return standInsOf([])
  const found = await listCreations(scope, { ids: [...new Set(wanted)] })
  return standInsOf(found.filter(({ state }) => state === 'wanted'))
}

/** Every record that somebody wants made and that is not made yet. */
export const listWanted = async (scope: Scope): Promise<StandIns> => standInsOf(await listCreations(scope))
