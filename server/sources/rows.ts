import * as z from 'zod'
import { mostPlaces } from './places.ts'

/** A list whose rows are read one by one until too many are wrong: zod's own would read 10 MB of them to the end. */
export const rows = <T extends z.ZodType>(row: T) =>
  z.unknown().transform((value, context): z.output<T>[] => {
    if (!Array.isArray(value)) {
      context.addIssue({ code: 'custom', message: value === undefined ? 'is missing' : 'must be a list' })
      return z.NEVER
    }
    const read: z.output<T>[] = []
    for (const [i, one] of value.entries()) {
      const parsed = row.safeParse(one, { reportInput: true })
      if (parsed.success) read.push(parsed.data)
      else
        for (const issue of parsed.error.issues)
          context.issues.push({ ...issue, path: [i, ...issue.path] } as z.core.$ZodRawIssue)
      if (context.issues.length > mostPlaces) break
    }
    return read
  })
