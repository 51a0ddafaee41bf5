import { and, eq, or, type SQL, sql } from 'drizzle-orm'
import type { Db, Scope, Statement } from './db.ts'
import { hashOf, randomKey } from './random-key.ts'
import { snapshots, sources } from './schema.ts'

export type Source = typeof sources.$inferSelect

/**
 * A token for a new source, shown this once, as only its SHA-256 is kept; with the statement that adds the source, which
 * fails when the name is taken.
 */
export function addSource(
  { db, tenant }: Scope,
  source: Pick<Source, 'id' | 'kind' | 'name' | 'settings' | 'billingPeriod' | 'createdAt'>,
): { token: string; saved: Statement } {
  const token = newToken()
  return { token, saved: db.insert(sources).values({ ...source, tenantId: tenant, tokenHash: hashOf(token) }) }
}

/** Whose token this is. */
export async function findSourceByToken(db: Db, token: string): Promise<Source | undefined> {
  const [row] = await db
    .select()
    .from(sources)
    .where(eq(sources.tokenHash, hashOf(token)))
  return row
}

/** A source of this tenant by its id or name. */
export async function findSource({ db, tenant }: Scope, idOrName: string): Promise<Source | undefined> {
  const [row] = await db
    .select()
    .from(sources)
    .where(and(eq(sources.tenantId, tenant), or(eq(sources.id, idOrName), eq(sources.name, idOrName))))
  return row
}

export function listSources({ db, tenant }: Scope): Promise<Source[]> {
  return db.select().from(sources).where(eq(sources.tenantId, tenant)).orderBy(sources.name)
}

/** Whether any source states invoice lines: by its settings, or by the newest month it told of. */
export async function hasLineSource({ db, tenant }: Scope): Promise<boolean> {
  const newest = sql`(select ${snapshots.kind} from ${snapshots} where ${snapshots.tenantId} = ${sources.tenantId} and ${snapshots.sourceId} = ${sources.id} order by ${snapshots.period} desc, ${snapshots.takenAt} desc limit 1)`
  const [row] = await db
    .select({ id: sources.id })
    .from(sources)
    .where(
      and(
        eq(sources.tenantId, tenant),
        sql`'invoice-lines' in (${newest}, coalesce(${sources.settings} ->> 'kind', ''))`,
      ),
    )
    .limit(1)
  return row !== undefined
}

/** A source under another name or with other settings. Fails when the name is taken. */
export function saveSource(
  { db, tenant }: Scope,
  id: string,
  values: Partial<Pick<Source, 'name' | 'billingPeriod' | 'productId' | 'data' | 'settings' | 'problem' | 'problemAt'>>,
): Statement {
  return db
    .update(sources)
    .set(values)
    .where(and(eq(sources.tenantId, tenant), eq(sources.id, id)))
}

/** A fresh token for a source, shown this once; with the statement that makes it the only one that counts. */
export function renewToken({ db, tenant }: Scope, id: string): { token: string; saved: Statement } {
  const token = newToken()
  const saved = db
    .update(sources)
    .set({ tokenHash: hashOf(token) })
    .where(and(eq(sources.tenantId, tenant), eq(sources.id, id)))
  return { token, saved }
}

/** A source was asked just now: whatever was wrong before is forgotten, unless it is wrong again. */
export function saveCollected(
  { db, tenant }: Scope,
  id: string,
  { at, problem }: { at: number; problem?: string },
): Statement {
  const values = { collectedAt: at, problem: problem ?? null, problemAt: problem === undefined ? null : at }
  return db
    .update(sources)
    .set(values)
    .where(and(eq(sources.tenantId, tenant), eq(sources.id, id)))
}

/** Remembers the complete snapshot later ones are compared with (G7). */
export function trustSnapshot({ db, tenant }: Scope, sourceId: string, snapshotId: string, onlyIf?: SQL): Statement {
  return db
    .update(sources)
    .set({ trustedSnapshotId: snapshotId })
    .where(and(eq(sources.tenantId, tenant), eq(sources.id, sourceId), onlyIf))
}

const newToken = (): string => `tus_${randomKey()}`
