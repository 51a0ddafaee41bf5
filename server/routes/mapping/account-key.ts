import * as z from 'zod'
import type { AccountKey } from '#db/mappings.ts'

/** Rows that one form may name. */
export const mostRows = 5000

/** A row's key as its tick sends it: `["source","account"]`. */
export const accountKey = z
  .string()
  .max(400)
  .transform((text, context): AccountKey => {
    const found = pairOf(text)
    if (found) return { sourceId: found[0], account: found[1] }
    context.addIssue({ code: 'custom', message: 'is not a row of this list' })
    return z.NEVER
  })

function pairOf(text: string): [string, string] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (!Array.isArray(value) || value.length !== 2) return undefined
    const [source, account]: unknown[] = value
    return typeof source === 'string' && typeof account === 'string' ? [source, account] : undefined
  } catch {
    return undefined
  }
}
