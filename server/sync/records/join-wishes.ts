import type { SQL } from 'drizzle-orm'
import { identityOf } from '#billing/creation.ts'
import { listCreations } from '#db/creations.ts'
import type { Scope, Statement } from '#db/db.ts'
import { resolveCreation } from '#db/end-creation.ts'

interface MadeCompany {
  /** The negative id it had. */
  id: number
  madeId: number
  at: number
}

/**
 * What was wanted at a company that is there now and, meanwhile, at that company under its real id as well, is one wish
 * from here on: nothing is made twice.
 */
export async function joinWishes(scope: Scope, { id, madeId, at }: MadeCompany, onlyIf: SQL): Promise<Statement[]> {
  const wanted = await listCreations(scope)
  const known = new Map(wanted.map((wish) => [wish.identity, wish.id]))
  return wanted.flatMap((wish) => {
    const { draft } = wish
    if ((draft.record !== 'agreement' && draft.record !== 'contact') || draft.companyId !== id) return []
    const same = known.get(identityOf({ ...draft, companyId: madeId }))
    return same === undefined ? [] : resolveCreation(scope, wish, same, at, onlyIf)
  })
}
