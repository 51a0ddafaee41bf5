import { and, eq, type SQL, sql } from 'drizzle-orm'
import { insertMany, isIn, type Scope, type Statement } from './db.ts'
import { additionWishes, invoiceLines, lineAdditions } from './schema.ts'

export type WishRow = typeof additionWishes.$inferSelect

/** What people want done with additions and is not done yet. */
export function listWishes({ db, tenant }: Scope): Promise<WishRow[]> {
  return db
    .select()
    .from(additionWishes)
    .where(and(eq(additionWishes.tenantId, tenant), eq(additionWishes.state, 'wanted')))
    .orderBy(additionWishes.additionId)
}

/** A wish takes the place of what was wished of the same addition before. */
export function saveWishes({ db, tenant }: Scope, wishes: readonly Omit<WishRow, 'tenantId' | 'state'>[]): Statement[] {
  return insertMany(
    db,
    additionWishes,
    wishes.map((wish) => ({ ...wish, tenantId: tenant, state: 'wanted' as const })),
    { replace: { key: [additionWishes.tenantId, additionWishes.additionId] } },
  )
}

/** Nobody wants it any more, or it is done. */
export function closeWishes(
  { db, tenant }: Scope,
  additionIds: readonly number[],
  state: 'done' | 'withdrawn',
  onlyIf?: SQL,
): Statement {
  const these = and(eq(additionWishes.state, 'wanted'), isIn(additionWishes.additionId, additionIds))
  return db
    .update(additionWishes)
    .set({ state })
    .where(and(eq(additionWishes.tenantId, tenant), these, onlyIf))
}

/** An addition was ended, as somebody wished. */
export function grantEnd({ db, tenant }: Scope, additionId: number, onlyIf: SQL): Statement {
  const wished = and(eq(additionWishes.state, 'wanted'), eq(additionWishes.wish, 'end'))
  return db
    .update(additionWishes)
    .set({ state: 'done' })
    .where(and(eq(additionWishes.tenantId, tenant), eq(additionWishes.additionId, additionId), wished, onlyIf))
}

/** Lines of the month that was written last go on as the addition that took the place of theirs (V21). */
export function saveMovedLines(
  { db, tenant }: Scope,
  from: number,
  to: { additionId: number; agreementId: number },
  onlyIf?: SQL,
): Statement {
  const newest = sql`(select ${lineAdditions.period} from ${lineAdditions} where ${lineAdditions.tenantId} = ${tenant} and ${lineAdditions.additionId} = ${from})`
  const { additionId, agreementId } = to
  return db
    .update(invoiceLines)
    .set({ additionId, agreementId, placedAgreementId: agreementId })
    .where(
      and(
        eq(invoiceLines.tenantId, tenant),
        eq(invoiceLines.additionId, from),
        sql`${invoiceLines.period} = ${newest}`,
        onlyIf,
      ),
    )
}
