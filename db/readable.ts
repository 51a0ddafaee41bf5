import { and, isNull, or, type SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { isIn } from './db.ts'

/** Companies and agreements, by id. */
export interface Records {
  companies: readonly number[]
  agreements: readonly number[]
}

/** Rows about these records, or about none: what is hidden from somebody is neither searched nor counted. */
export const isAbout = (
  { companyId, agreementId }: { companyId: SQLiteColumn; agreementId: SQLiteColumn },
  readable: Records | 'all',
): SQL | undefined =>
  readable === 'all'
    ? undefined
    : and(
        or(isNull(companyId), isIn(companyId, readable.companies)),
        or(isNull(agreementId), isIn(agreementId, readable.agreements)),
      )
