import { and, eq, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { isIn, type Scope, type Statement } from './db.ts'
import { accounts, creations, invoiceLines, mappings, skuProducts, sources } from './schema.ts'

/**
 * Withdraws those of these records to be made that nothing names any more: no account, mapping, product choice, nor
 * another record to be made. The contact of an agreement goes with it.
 */
export function withdrawUnnamed({ db, tenant }: Scope, ids: readonly number[], onlyIf?: SQL): Statement[] {
  if (ids.length === 0) return []
  const other = alias(creations, 'other')
  const { id } = creations
  const otherWanted = sql`${other.tenantId} = ${tenant} and ${other.state} = 'wanted'`
  const inDraft = (field: string) =>
    sql`exists (select 1 from ${creations} as other where ${otherWanted} and ${other.draft} ->> ${field} = ${id})`
  const isNamed: [record: string, named: SQL | undefined][] = [
    [
      'agreement',
      or(...[accounts, mappings, invoiceLines].map((table) => among(table, sql`${table.agreementId} = ${id}`, tenant))),
    ],
    [
      'product',
      or(...[mappings, skuProducts, sources].map((table) => among(table, sql`${table.productId} = ${id}`, tenant))),
    ],
    ['contact', inDraft('contactId')],
    [
      'company',
      or(
        inDraft('companyId'),
        ...[accounts, mappings].map((table) => among(table, sql`${table.companyId} = ${id}`, tenant)),
      ),
    ],
  ]
  const contacts = sql`${id} in (select ${other.draft} ->> 'contactId' from ${creations} as other where ${other.tenantId} = ${tenant} and ${isIn(other.id, ids)})`
  return isNamed.map(([record, named]) =>
    db
      .update(creations)
      .set({ state: 'withdrawn' })
      .where(
        and(
          eq(creations.tenantId, tenant),
          eq(creations.state, 'wanted'),
          sql`${creations.record} = ${record}`,
          or(isIn(id, ids), contacts),
          sql`not ${named}`,
          onlyIf,
        ),
      ),
  )
}

type Naming = typeof accounts | typeof invoiceLines | typeof mappings | typeof skuProducts | typeof sources

const among = (table: Naming, names: SQL, tenant: Scope['tenant']): SQL =>
  sql`exists (select 1 from ${table} where ${table.tenantId} = ${tenant} and ${names})`
