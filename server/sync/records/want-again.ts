import { isNewRecord, isToBeMade, type NewRecord } from '#billing/record.ts'
import { listCreations } from '#db/creations.ts'
import type { Scope } from '#db/db.ts'
import type { Deps } from '#server/deps.ts'
import { recordIdOf, wantRecord } from './creations.ts'

/** The id that stands for a record now: its real one once it was made; one that was withdrawn is wanted again. */
export async function wantAgain(deps: Deps, scope: Scope, member: string, id: number): Promise<number> {
  if (!isToBeMade(id)) return id
  const [creation] = await listCreations(scope, { ids: [id] })
  if (!creation || !isNewRecord(creation.draft)) return id
  if (creation.state !== 'withdrawn') return recordIdOf(creation)
  const again = (named: number) => wantAgain(deps, scope, member, named)
  return recordIdOf(await wantRecord(deps, scope, member, await draftNow(creation.draft, again)))
}

/** A contact names its company, an agreement its contact, too: they may have been withdrawn or made as well. */
async function draftNow(draft: NewRecord, now: (id: number) => Promise<number>): Promise<NewRecord> {
  if (draft.record === 'company' || draft.record === 'product') return draft
  const placed = { ...draft, companyId: await now(draft.companyId) }
  if (placed.record === 'contact' || placed.contactId === undefined) return placed
  return { ...placed, contactId: await now(placed.contactId) }
}
