import { and, count, eq, gte, isNull, or, type SQL, sql } from 'drizzle-orm'
import { isIn, type Scope } from './db.ts'
import { type AccountKey, isAmong } from './mappings.ts'
import { accounts, companies, invoiceLines, lineLoads, mappings, snapshots, sources } from './schema.ts'
import { holds } from './search.ts'
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
  /** Of sources of invoice lines, only accounts with a line in the last so many loaded months (M10); absent: in 15. */
  months?: number
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
  /** Whether its source states invoice lines, and how many of them it has in the months looked at. */
  ofLines: boolean
  lines: number
}

const mostMonths = 15

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
  const lined = linesByAccount({ db, tenant }, filter.months ?? mostMonths)
  const targets = sql<number>`coalesce(${mapped.targets}, 0)`
  const included = sql<number>`coalesce(${mapped.included}, 0)`
  const parked = sql<number>`coalesce(${mapped.parked}, 0)`
  const companyId = sql<number | null>`coalesce(${mapped.mappedCompany}, ${accounts.companyId})`
  const listed = sql<number>`${accounts.lastSeenAt} >= coalesce((select value from json_each(${JSON.stringify(listedSince)}) where key = ${accounts.sourceId}), 0)`
  const lines = sql<number>`coalesce(${lined.lines}, 0)`
  const ofLines = sql<number>`${accounts.sourceId} in ${lineSources(tenant)}`
  const is = { targets, included, parked, companyId, listed, lines, ofLines }
  const rows = await db
    .select({
      row: accounts,
      targets,
      included,
      parked,
      companyId,
      listed,
      lines,
      ofLines,
      total: sql<number>`count(*) over ()`,
    })
    .from(accounts)
    .leftJoin(mapped, and(eq(mapped.sourceId, accounts.sourceId), eq(mapped.account, accounts.account)))
    .leftJoin(lined, and(eq(lined.sourceId, accounts.sourceId), eq(lined.account, accounts.account)))
    .leftJoin(companies, and(eq(companies.tenantId, accounts.tenantId), sql`${companies.id} = ${companyId}`))
    .where(and(eq(accounts.tenantId, tenant), ...conditions(filter, is)))
    .orderBy(...(filter.company === undefined ? [] : [sql`${companyId} is null`]), ...orders(filter.sort, is))
    .limit(limit)
    .offset(offset)
  return rows.map(({ row, listed: isListed, ofLines: isOfLines, ...numbers }) => ({
    ...{ ...row, ...numbers },
    ...{ listed: isListed === 1, ofLines: isOfLines === 1 },
  }))
}

/** How many lines each account has in the last `months` months that were loaded. */
function linesByAccount({ db, tenant }: Scope, months: number) {
  const { sourceId, account, period, goneAt, tenantId } = invoiceLines
  const newest = sql`(select max(${lineLoads.period}) || '-01' from ${lineLoads} where ${lineLoads.tenantId} = ${tenant})`
  const from = sql`strftime('%Y-%m', ${newest}, ${`-${months - 1} months`})`
  return db
    .select({ sourceId, account, lines: count().as('lines') })
    .from(invoiceLines)
    .where(and(eq(tenantId, tenant), gte(period, from), isNull(goneAt)))
    .groupBy(sourceId, account)
    .as('lined')
}

/** The sources that state invoice lines: by the newest month they told of, or by what they are set up to be asked for. */
function lineSources(tenant: Scope['tenant']): SQL {
  const newest = sql`(select ${snapshots.kind} from ${snapshots} where ${snapshots.tenantId} = ${sources.tenantId} and ${snapshots.sourceId} = ${sources.id} order by ${snapshots.period} desc, ${snapshots.takenAt} desc limit 1)`
  return sql`(select ${sources.id} from ${sources} where ${sources.tenantId} = ${tenant} and 'invoice-lines' in (${newest}, coalesce(${sources.settings} ->> 'kind', '')))`
}

type Standing = Record<'targets' | 'included' | 'parked' | 'companyId' | 'listed' | 'lines' | 'ofLines', SQL>

function conditions(filter: AccountFilter, is: Standing): (SQL | undefined)[] {
  const { text, source, status, company, placed, only, readable } = filter
  return [
    text ? named(text) : undefined,
    source === undefined ? undefined : eq(accounts.sourceId, source),
    company === undefined ? undefined : sql`(${is.companyId} = ${company} or ${is.companyId} is null)`,
    placed ? sql`${is.companyId} is not null` : undefined,
    only ? isAmong(accounts, only) : sql`(not ${is.ofLines} or ${is.lines} > 0)`,
    readable ? sql`(${is.companyId} is null or ${isIn(is.companyId, readable)})` : undefined,
    status === undefined ? (only ? undefined : isShown(is)) : statusIs[status](is),
  ]
}

/** An account no source lists any more is shown while it is mapped or meant for a company. */
const isShown = ({ listed, companyId }: Standing): SQL => sql`(${listed} or ${companyId} is not null)`

/** Of accounts with invoice lines the company and include decide, of the others their targets. */
const isPlaced = ({ ofLines, companyId, targets }: Standing): SQL =>
  sql`iif(${ofLines}, ${companyId} is not null, ${targets} > 0)`
const isIncluded = ({ ofLines, included }: Standing): SQL => sql`iif(${ofLines}, ${accounts.include}, ${included} > 0)`

const statusIs: Record<NonNullable<AccountFilter['status']>, (is: Standing) => SQL> = {
  mapped: (is) => sql`${isPlaced(is)} and ${is.parked} = 0 and ${isIncluded(is)}`,
  unmapped: (is) => sql`not ${isPlaced(is)} and ${isShown(is)}`,
  excluded: (is) => sql`${isPlaced(is)} and ${is.parked} = 0 and not ${isIncluded(is)}`,
  parked: ({ parked }) => sql`${parked} > 0`,
  gone: ({ listed }) => sql`not ${listed}`,
}

function named(text: string): SQL | undefined {
  const identifier = sql`json_extract(${companies.body}, '$.identifier')`
  return or(...[accounts.name, accounts.account, companies.name, identifier].map((column) => holds(column, text)))
}

function orders(sort: AccountFilter['sort'], is: Standing): SQL[] {
  const { companyId } = is
  const byName = [sql`${accounts.name} collate nocase`, sql`${accounts.account}`, sql`${accounts.sourceId}`]
  if (sort === 'unmapped') return [isPlaced(is), sql`${companyId} is not null`, ...byName]
  if (sort === 'account') return [sql`${accounts.account} collate nocase`, ...byName]
  return sort === 'company' ? [sql`${companies.name} collate nocase nulls last`, ...byName] : byName
}
