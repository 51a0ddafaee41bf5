import type { Context } from 'hono'
import { problem } from '#server/answer.ts'

/** A 429 that says when to try again, and how often one may, where that is no secret. */
export const tooMany = (c: Context, seconds: number, most?: string) => problem(c, 429, tooOften(c, seconds, most))

/** The words of a 429, whose header they set. `most`: `60 a minute`. */
export function tooOften(c: Context, seconds: number, most?: string): string {
  c.header('Retry-After', String(seconds))
  const what = most === undefined ? 'This was tried too often' : `At most ${most}`
  return `${what}; try again in ${seconds} seconds.`
}
