import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { Scope, Statement } from './db.ts'
import { sources } from './schema.ts'

export type Loading = NonNullable<typeof sources.$inferSelect.loading>

/** Begins to load a source's months, unless somebody else does already since `stuckBefore`; says whether it was us. */
export async function claimLoading(
  { db, tenant }: Scope,
  sourceId: string,
  loading: Loading,
  stuckBefore: number,
): Promise<boolean> {
  const { startedAt, endedAt } = {
    startedAt: sql`${sources.loading} ->> 'startedAt'`,
    endedAt: sql`${sources.loading} ->> 'endedAt'`,
  }
  const isFree = or(isNull(sources.loading), sql`${endedAt} is not null`, lt(startedAt, stuckBefore))
  const rows = await db
    .update(sources)
    .set({ loading })
    .where(and(eq(sources.tenantId, tenant), eq(sources.id, sourceId), isFree))
    .returning({ id: sources.id })
  return rows.length > 0
}

/** How far it is by now, while it is still ours. */
export function saveLoading({ db, tenant }: Scope, sourceId: string, loading: Loading): Statement {
  const isOurs = sql`${sources.loading} ->> 'id' = ${loading.id}`
  return db
    .update(sources)
    .set({ loading })
    .where(and(eq(sources.tenantId, tenant), eq(sources.id, sourceId), isOurs))
}
