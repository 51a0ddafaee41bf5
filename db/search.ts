import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'

/** Whether a text is part of a column, in either case of ASCII letters: `like` takes no more than 50 bytes on D1. */
export const holds = (column: SQLWrapper, text: string): SQL => sql`instr(lower(${column}), lower(${text})) > 0`

/** Whether a column begins with a text. */
export const beginsWith = (column: SQLWrapper, text: string): SQL => sql`instr(lower(${column}), lower(${text})) = 1`
