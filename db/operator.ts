import { and, eq, gt, isNull, lt, or } from 'drizzle-orm'
import { type Db, save } from './db.ts'
import { hashOf, randomKey } from './random-key.ts'
import { operatorKeys, roles } from './schema.ts'

const codeMs = 60 * 60_000
const sessionMs = 8 * 60 * 60_000

/** A fresh one-time code for the operator, good for an hour and shown this once; codes nobody used no longer work. */
export async function addOperatorCode(db: Db, now: number): Promise<string> {
  const code = randomKey()
  await save(db, [
    db.delete(operatorKeys).where(or(eq(operatorKeys.kind, 'code'), lt(operatorKeys.until, now))),
    db.insert(operatorKeys).values({ hash: hashOf(code), kind: 'code', createdAt: now, until: now + codeMs }),
  ])
  return code
}

/** A code of the same kind for a database that is out of reach here, with the statement that stores it there. */
export function operatorCode(now: number): { code: string; sql: string } {
  const code = randomKey()
  const values = `'${hashOf(code)}', 'code', ${now}, ${now + codeMs}`
  return { code, sql: `insert into operator_keys (hash, kind, created_at, until) values (${values})` }
}

/** Whether somebody is administrator of some instance, so that set-up goes on inside ConnectWise. */
export async function hasAdmin(db: Db): Promise<boolean> {
  const [admin] = await db.select({ name: roles.name }).from(roles).where(eq(roles.role, 'admin')).limit(1)
  return admin !== undefined
}

/** Uses a code up for an operator's session of eight hours; undefined when it is wrong, used or too old. */
export async function openOperatorSession(db: Db, code: string, now: number): Promise<string | undefined> {
  const used = await db
    .update(operatorKeys)
    .set({ usedAt: now })
    .where(and(isGood(code, 'code', now), isNull(operatorKeys.usedAt)))
    .returning({ hash: operatorKeys.hash })
  if (used.length === 0) return undefined
  const token = randomKey()
  await save(db, [
    db.insert(operatorKeys).values({ hash: hashOf(token), kind: 'session', createdAt: now, until: now + sessionMs }),
  ])
  return token
}

export async function isOperatorSession(db: Db, token: string, now: number): Promise<boolean> {
  const [row] = await db
    .select()
    .from(operatorKeys)
    .where(isGood(token, 'session', now))
  return row !== undefined
}

export async function endOperatorSession(db: Db, token: string): Promise<void> {
  await db.delete(operatorKeys).where(and(eq(operatorKeys.hash, hashOf(token)), eq(operatorKeys.kind, 'session')))
}

const isGood = (key: string, kind: 'code' | 'session', now: number) =>
  and(eq(operatorKeys.hash, hashOf(key)), eq(operatorKeys.kind, kind), gt(operatorKeys.until, now))
