import { and, eq, gte, isNull, max, sql } from 'drizzle-orm'
import type { Month } from '#billing/period.ts'
import type { Scope } from './db.ts'
import { invoiceLines, lineLoads } from './schema.ts'

/** An offer as the invoice lines of some months name it. */
export interface OfferSeen {
  sourceId: string
  offer: string
  /** Its lines of this billing cycle alone; absent: all of them. Empty where the source states none. */
  billingCycle?: string
  /** A subscription's name, where lines state one. */
  title: string | null
  accounts: number
  lines: number
  /** The newest month it was invoiced in. */
  lastMonth: Month
}

/** The newest month whose invoice lines were loaded; undefined: none was. */
export async function findNewestLoaded({ db, tenant }: Scope): Promise<Month | undefined> {
  const [row] = await db
    .select({ month: max(lineLoads.period) })
    .from(lineLoads)
    .where(eq(lineLoads.tenantId, tenant))
  return row?.month ?? undefined
}

/** Every offer invoiced since a month, as a whole and by billing cycle, with who uses it (M12). */
export async function listOffers({ db, tenant }: Scope, from: Month): Promise<OfferSeen[]> {
  const { sourceId, offer, billingCycle, account, period, goneAt, said } = invoiceLines
  const seen = {
    ...{ sourceId, offer },
    title: sql<string | null>`max(${said} ->> 'subscriptionName')`,
    accounts: sql<number>`count(distinct ${account})`,
    lines: sql<number>`count(*)`,
    lastMonth: sql<Month>`max(${period})`,
  }
  const these = and(eq(invoiceLines.tenantId, tenant), gte(period, from), isNull(goneAt))
  const [whole, cycles] = await Promise.all([
    db.select(seen).from(invoiceLines).where(these).groupBy(sourceId, offer),
    db
      .select({ ...seen, billingCycle })
      .from(invoiceLines)
      .where(these)
      .groupBy(sourceId, offer, billingCycle),
  ])
  return [...whole, ...cycles].sort((a, b) => (a.offer < b.offer ? -1 : a.offer > b.offer ? 1 : 0))
}
