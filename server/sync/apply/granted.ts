import type { SQL } from 'drizzle-orm'
import type { Addition } from '#billing/existing.ts'
import { movedFrom } from '#billing/wishes.ts'
import { closeWishes, grantEnd, saveMovedLines } from '#db/addition-wishes.ts'
import type { Scope, Statement } from '#db/db.ts'
import type { Intent } from '#db/intents.ts'

/** What a person wished is done: an addition ended, or another one goes on in its place with its lines (V6, V21). */
export function granted(
  scope: Scope,
  { naturalKey, change, additionId }: Pick<Intent, 'naturalKey' | 'change' | 'additionId'>,
  { id, agreementId }: Pick<Addition, 'id' | 'agreementId'>,
  settled: SQL,
): Statement[] {
  const from = movedFrom(naturalKey)
  if (from !== undefined)
    return [
      closeWishes(scope, [from], 'done', settled),
      saveMovedLines(scope, from, { additionId: id, agreementId }, settled),
    ]
  return change === 'cancel' && additionId !== null ? [grantEnd(scope, additionId, settled)] : []
}
