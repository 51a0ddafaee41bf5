import * as z from 'zod'
import { Problem } from '#server/problem.ts'
import type { Ask } from './route.ts'

/** The ConnectWise record an address names. Throws a Problem that says what it needs when it is not a number. */
export function readRecordId(c: Ask, what: 'company' | 'agreement' | 'addition', name = 'id'): number {
  const text = c.req.param(name) ?? ''
  const id = /^\d{1,10}$/.test(text) ? Number(text) : 0
  if (id > 0 && id <= 2 ** 31 - 1) return id
  throw new Problem(
    'invalid',
    `This address needs the number of ${what === 'company' ? 'a' : 'an'} ${what}: open TrueUp from its screen in ConnectWise.`,
  )
}

/** In a form or query: a record of ConnectWise by its id, or one that is to be made by its negative one. */
export const recordOrWanted = z.coerce
  .number('must be an id')
  .int('must be an id')
  .min(-(2 ** 31), 'must be an id')
  .max(2 ** 31 - 1, 'must be an id')
  .refine((id) => id !== 0, 'must be an id')
