import { and, count, eq, or, type SQL, sql } from 'drizzle-orm'
import { isIn, type Scope } from './db.ts'
import { type AccountKey, isAmong } from './mappings.ts'
import { accounts, companies, mappings } from './schema.ts'
import type { AccountRow } from './snapshots.ts'

/** What the mapping grid lists. */
export interface AccountFilter {
  /** A part of the account's name or id, or of its company's name or identifier. */
  text?: string
  source?: string
  status?: 'mapped' | 'unmapped' | 'excluded' | 'parked' | 'gone'
  /** Accounts of this company, and those that have none yet. */
  company?: number
  /** Only accounts for which a company was chosen. */
  placed?: boolean
  /** Only these accounts. */
  only?: readonly AccountKey[]
  /** Only accounts of these companies, or of none: what is hidden is neither searched nor counted. */
  readable?: readonly number[]
  sort: 'unmapped' | 'name' | 'account' | 'company'
}

/** An account with how its mappings stand. */
export type ListedAccount = AccountRow & {
  /** How many mappings it has, how many of them are included, and how many parked. */
  targets: number
  included: number
  parked: number
  /** Whether its source's newest complete word still names it. */
  listed: boolean
}

/**
 * A page of accounts and how many there are in all. `listedSince` says per source from when on an account must have been
 * heard of to count as still listed (epoch milliseconds).
 */
export async function pageAccounts(
  { db, tenant }: Scope,
  filter: AccountFilter,
  { listedSince, limit, offset }: { listedSince: Readonly<Record<string, number>>; limit: number; offset: number },
): Promise<(ListedAccount & { total: number })[]> {
  const mapped = db
    .select({
      sourceId: mappings.sourceId,
      account: mappings.account,
      targets: count().as('targets'),
      included: sql<number>`sum(${mappings.include})`.as('included'),
      parked: sql<number>`count(${mappings.parkedReason})`.as('parked'),
      mappedCompany: sql<number>`min(${mappings.companyId})`.as('mapped_company'),
    })
    .from(mappings)
    .where(eq(mappings.tenantId, tenant))
    .groupBy(mappings.sourceId, mappings.account)
    .as('mapped')
  const targets = sql<number>`coalesce(${mapped.targets}, 0)`
  const included = sql<number>`coalesce(${mapped.included}, 0)`
  const parked = sql<number>`coalesce(${mapped.parked}, 0)`
  const companyId = sql<number | null>`coalesce(${mapped.mappedCompany}, ${accounts.companyId})`
  const listed = sql<number>`${accounts.lastSeenAt} >= coalesce((select value from json_each(${JSON.stringify(listedSince)}) where key = ${accounts.sourceId}), 0)`
  const is = { targets, included, parked, companyId, listed }
  const rows = await db
    .select({
      row: accounts,
      targets,
      included,
      parked,
      companyId,
      listed,
      total: sql<number>`count(*) over ()`,
    })
    .from(accounts)
    .leftJoin(mapped, and(eq(mapped.sourceId, accounts.sourceId), eq(mapped.account, accounts.account)))
    .leftJoin(companies, and(eq(companies.tenantId, accounts.tenantId), sql`${companies.id} = ${companyId}`))
    .where(and(eq(accounts.tenantId, tenant), ...conditions(filter, is)))
    .orderBy(...(filter.company === undefined ? [] : [sql`${companyId} is null`]), ...orders(filter.sort, is))
    .limit(limit)
    .offset(offset)
  return rows.map(({ row, listed: isListed, ...numbers }) => ({ ...row, ...numbers, listed: isListed === 1 }))
}

type Standing = Record<'targets' | 'included' | 'parked' | 'companyId' | 'listed', SQL>

function conditions(filter: AccountFilter, is: Standing): (SQL | undefined)[] {
  const { text, source, status, company, placed, only, readable } = filter
  return [
    text ? named(text) : undefined,
    source === undefined ? undefined : eq(accounts.sourceId, source),
    company === undefined ? undefined : sql`(${is.companyId} = ${company} or ${is.companyId} is null)`,
    placed ? sql`${is.companyId} is not null` : undefined,
    only ? isAmong(accounts, only) : undefined,
    readable ? sql`(${is.companyId} is null or ${isIn(is.companyId, readable)})` : undefined,
    status === undefined ? (only ? undefined : isShown(is)) : statusIs[status](is),
  ]
}

/** An account no source lists any more is shown while it is mapped or meant for a company. */
const isShown = ({ listed, companyId }: Standing): SQL => sql`(${listed} or ${companyId} is not null)`

const statusIs: Record<NonNullable<AccountFilter['status']>, (is: Standing) => SQL> = {
  mapped: ({ targets, parked, included }) => sql`${targets} > 0 and ${parked} = 0 and ${included} > 0`,
  unmapped: (is) => sql`${is.targets} = 0 and ${isShown(is)}`,
  excluded: ({ targets, included, parked }) => sql`${targets} > 0 and ${parked} = 0 and ${included} = 0`,
  parked: ({ parked }) => sql`${parked} > 0`,
  gone: ({ listed }) => sql`not ${listed}`,
}

function named(text: string): SQL | undefined {
  const part = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  const identifier = sql`json_extract(${companies.body}, '$.identifier')`
  return or(
    ...[accounts.name, accounts.account, companies.name, identifier].map(
      (column) => sql`${column} like ${part} escape '\\'`,
    ),
  )
}

function orders(sort: AccountFilter['sort'], { targets, companyId }: Standing): SQL[] {
  const byName = [sql`${accounts.name} collate nocase`, sql`${accounts.account}`, sql`${accounts.sourceId}`]
  if (sort === 'unmapped') return [sql`${targets} > 0`, sql`${companyId} is not null`, ...byName]
  if (sort === 'account') return [sql`${accounts.account} collate nocase`, ...byName]
  return sort === 'company' ? [sql`${companies.name} collate nocase nulls last`, ...byName] : byName
}
