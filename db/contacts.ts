import { and, eq, type SQL } from 'drizzle-orm'
import { insertMany, isIn, type Scope, type Statement } from './db.ts'
import { contacts } from './schema.ts'

export type KnownContact = Omit<typeof contacts.$inferSelect, 'tenantId'>

/** The addresses that are contacts of these companies, as far as it is known. */
export async function listKnownContacts({ db, tenant }: Scope, companies: readonly number[]): Promise<KnownContact[]> {
  const rows = await db
    .select()
    .from(contacts)
    .where(and(eq(contacts.tenantId, tenant), isIn(contacts.companyId, companies)))
  return rows.map(({ tenantId: _, ...contact }) => contact)
}

/** Remembers contacts of companies, by their address. */
export function saveKnownContacts({ db, tenant }: Scope, rows: readonly KnownContact[], onlyIf?: SQL): Statement[] {
  const { tenantId, companyId, email } = contacts
  const mine = rows.map((row) => ({ ...row, tenantId: tenant }))
  return insertMany(db, contacts, mine, {
    replace: { key: [tenantId, companyId, email] },
    ...(onlyIf ? { onlyIf } : {}),
  })
}
