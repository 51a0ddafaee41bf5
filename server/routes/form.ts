import type * as z from 'zod'
import { type Place, Problem } from '#server/problem.ts'
import type { Ask } from './route.ts'

/** The fields of a posted form, parsed. Throws a Problem that names each wrong field and what was expected. */
export async function readForm<S extends z.ZodType>(c: Ask, schema: S): Promise<z.infer<S>> {
  const fields = new URLSearchParams(await c.req.text())
  return parsed(schema, grouped(fields))
}

/** The query of an address, parsed in the same way. */
export const readQuery = <S extends z.ZodType>(c: Ask, schema: S): z.infer<S> =>
  parsed(schema, grouped(new URL(c.req.url).searchParams))

const mostNames = 200

/** A field that comes once is a text; one that comes again is a list. */
function grouped(fields: URLSearchParams): Record<string, string | string[]> {
  const found = new Map<string, string[]>()
  for (const [name, value] of fields) {
    const values = found.get(name)
    if (values) values.push(value)
    else found.set(name, [value])
    if (found.size > mostNames) throw new Problem('invalid', `More than ${mostNames} different fields were sent.`)
  }
  return Object.fromEntries(
    [...found].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  )
}

/** Fields as a schema has them. Throws a Problem that names each wrong one. */
export function parsed<S extends z.ZodType>(schema: S, fields: Record<string, string | string[]>): z.infer<S> {
  const result = schema.safeParse(fields)
  if (result.success) return result.data
  const places = result.error.issues.map(placeOf)
  const said = places.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  throw new Problem('invalid', said.join('; '), { places })
}

const placeOf = (issue: z.core.$ZodIssue): Place =>
  issue.code === 'unrecognized_keys'
    ? { path: issue.keys.join(', '), message: 'not a field of this form' }
    : { path: issue.path.join('.'), message: issue.message }

/** A form as somebody sent it: its values, or what is wrong by field; what was typed stays either way. */
export type Filled<T> =
  | { ok: true; values: T; typed: Typed }
  | { ok: false; errors: Record<string, string>; typed: Typed }

/** Fields by name, as typed. */
export type Typed = Record<string, string>

/** As `readForm`, for a form that shows its own errors at its fields. */
export async function fillForm<S extends z.ZodType>(c: Ask, schema: S): Promise<Filled<z.output<S>>> {
  const typed = Object.fromEntries(new URLSearchParams(await c.req.text()))
  const result = schema.safeParse(typed)
  if (result.success) return { ok: true, values: result.data, typed }
  const errors = Object.fromEntries(result.error.issues.map(({ path, message }) => [path.join('.'), message]))
  return { ok: false, errors, typed }
}

/** What a Problem says of single fields; throws anything else on. */
export function errorsOf(error: unknown): Record<string, string> {
  if (!(error instanceof Problem) || error.places.length === 0) throw error
  return Object.fromEntries(error.places.map(({ path, message }) => [path, message]))
}
