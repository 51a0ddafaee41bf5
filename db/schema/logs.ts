import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { at, tenantId } from './columns.ts'

/** What people read under Logs, 460 days back (FEATURES X14, X15). */
export const logs = sqliteTable(
  'logs',
  {
    id: text().primaryKey(),
    tenantId: tenantId(),
    at: at().notNull(),
    level: text().$type<'info' | 'warning' | 'error'>().notNull(),
    event: text().notNull(),
    text: text().notNull(),
    sourceId: text(),
    account: text(),
    companyId: integer(),
    agreementId: integer(),
    additionId: integer(),
    runId: text(),
    planId: text(),
    member: text(),
  },
  (t) => [index('logs_time').on(t.tenantId, t.at), index('logs_level').on(t.tenantId, t.level, t.at)],
)
