import { and, eq, type SQL, sql } from 'drizzle-orm'
import { insertMany, type Scope, type Statement } from './db.ts'
import { conflictChoices } from './schema.ts'

export type ChoiceRow = typeof conflictChoices.$inferSelect

export function listChoices({ db, tenant }: Scope): Promise<ChoiceRow[]> {
  return db.select().from(conflictChoices).where(eq(conflictChoices.tenantId, tenant))
}

/** Makes a choice in the place of the one before; `chosen` is the condition that this very choice was accepted. */
export function makeChoice(
  { db, tenant }: Scope,
  choice: Omit<ChoiceRow, 'tenantId'>,
  onlyIf: SQL,
): { statements: Statement[]; chosen: SQL } {
  const statements = insertMany(db, conflictChoices, [{ ...choice, tenantId: tenant }], {
    replace: { key: [conflictChoices.tenantId, conflictChoices.additionId] },
    onlyIf,
  })
  const mine = and(
    thisChoice(tenant, choice),
    eq(conflictChoices.choice, choice.choice),
    eq(conflictChoices.member, choice.member),
  )
  return { statements, chosen: sql`exists (select 1 from ${conflictChoices} where ${mine})` }
}

/** What is left of a choice that nobody has made anew since; without anything left it is forgotten. */
export function reduceChoice(
  { db, tenant }: Scope,
  choice: Pick<ChoiceRow, 'additionId' | 'at' | 'desired'>,
): Statement {
  const same = thisChoice(tenant, choice)
  return Object.keys(choice.desired).length === 0
    ? db.delete(conflictChoices).where(same)
    : db.update(conflictChoices).set({ desired: choice.desired }).where(same)
}

/** The conflict is settled in another way: nothing is left of what was chosen before. */
export function forgetChoice({ db, tenant }: Scope, additionId: number, onlyIf: SQL): Statement {
  return db
    .delete(conflictChoices)
    .where(and(eq(conflictChoices.tenantId, tenant), eq(conflictChoices.additionId, additionId), onlyIf))
}

const thisChoice = (tenant: ChoiceRow['tenantId'], { additionId, at }: Pick<ChoiceRow, 'additionId' | 'at'>) =>
  and(eq(conflictChoices.tenantId, tenant), eq(conflictChoices.additionId, additionId), eq(conflictChoices.at, at))
