import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { isIn, type Scope, type Statement } from './db.ts'
import { companies, creations, products } from './schema.ts'

/** A record somebody wants made, or that was made of one; its negative id stands for it until then. */
export type Creation = typeof creations.$inferSelect

/** What is wanted now, oldest first; or these, whatever became of them. */
export function listCreations({ db, tenant }: Scope, where: { ids?: readonly number[] } = {}): Promise<Creation[]> {
  const these = where.ids ? isIn(creations.id, where.ids) : eq(creations.state, 'wanted')
  return db
    .select()
    .from(creations)
    .where(and(eq(creations.tenantId, tenant), these))
    .orderBy(desc(creations.id))
}

/** What was wanted last under this identity and not withdrawn: it may be made by now. */
export async function findCreationOf({ db, tenant }: Scope, identity: string): Promise<Creation | undefined> {
  const alive = inArray(creations.state, ['wanted', 'made'])
  const [row] = await db
    .select()
    .from(creations)
    .where(and(eq(creations.tenantId, tenant), eq(creations.identity, identity), alive))
    .orderBy(creations.id)
    .limit(1)
  return row
}

/** Records that ConnectWise holds under one of these identifiers, by it in lower case: what is wanted may exist already. */
export async function listTwins(
  { db, tenant }: Scope,
  record: 'company' | 'product',
  identifiers: readonly string[],
): Promise<Map<string, { id: number; name: string }>> {
  if (identifiers.length === 0) return new Map()
  const table = record === 'company' ? companies : products
  const identifier = sql<string>`lower(${table.body} ->> 'identifier')`
  const name = sql<string>`${table.body} ->> ${record === 'company' ? 'name' : 'description'}`
  const rows = await db
    .select({ id: table.id, identifier, name })
    .from(table)
    .where(
      and(
        eq(table.tenantId, tenant),
        isIn(
          identifier,
          identifiers.map((one) => one.toLowerCase()),
        ),
        sql`coalesce(${table.body} ->> 'deleted', 0) = 0`,
      ),
    )
  return new Map(rows.map(({ id, identifier: called, name }) => [called, { id, name }]))
}

/** Wants a record under the next negative id, unless its identity is wanted already: then nothing happens. */
export function addCreation(
  { db, tenant }: Scope,
  wanted: Pick<Creation, 'record' | 'draft' | 'identity' | 'createdBy' | 'createdAt'>,
): Statement[] {
  const { record, draft, identity, createdBy, createdAt } = wanted
  const next = sql`coalesce((select min(${creations.id}) from ${creations} where ${eq(creations.tenantId, tenant)}), 0) - 1`
  return [
    db.run(
      sql`insert into ${creations} (tenant_id, id, record, draft, identity, state, created_by, created_at) select ${tenant}, ${next}, ${record}, ${JSON.stringify(draft)}, ${identity}, 'wanted', ${createdBy}, ${createdAt} where true on conflict do nothing`,
    ),
  ]
}

/** Another draft of a record that is still wanted. */
export function saveDraft(
  { db, tenant }: Scope,
  id: number,
  saved: Pick<Creation, 'draft' | 'identity'>,
  onlyIf?: SQL,
): Statement {
  return db
    .update(creations)
    .set(saved)
    .where(and(isCreation(tenant, id), eq(creations.state, 'wanted'), onlyIf))
}

/** The condition that it is this record to be made. */
export const isCreation = (tenant: Scope['tenant'], id: number): SQL | undefined =>
  and(eq(creations.tenantId, tenant), eq(creations.id, id))
