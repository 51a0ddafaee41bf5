import { answerOf, type Context, type Fields, fieldValue } from '../nouns/fields.ts'
import type { Row } from '../records.ts'

type Wanted = Map<string, Wanted>

/** Parses `fields=id,name,type/id`; undefined when every field is wanted. */
function wantedOf(fields: string | null): Wanted | undefined {
  if (!fields) return undefined
  const wanted: Wanted = new Map()
  for (const path of fields.split(',')) {
    let level = wanted
    for (const step of path.trim().split('/')) {
      const deeper = level.get(step) ?? new Map()
      level.set(step, deeper)
      level = deeper
    }
  }
  return wanted
}

/** Answers records with only the fields the request names; unknown names are ignored. */
export function createProjection(fields: Fields, names: string | null, context: Context): (row: Row) => object {
  const wanted = wantedOf(names)
  if (!wanted) return (row) => answerOf(fields, row, context)
  return (row) => {
    const picked: [string, unknown][] = []
    for (const [name, deeper] of wanted) {
      const value = fieldValue(fields, name, row, context)
      if (value !== undefined) picked.push([name, pick(value, deeper)])
    }
    return Object.fromEntries(picked)
  }
}

function pick(value: unknown, wanted: Wanted): unknown {
  if (wanted.size === 0 || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one) => pick(one, wanted))
  const parts = Object.entries(value).filter(([name]) => wanted.has(name))
  return Object.fromEntries(parts.map(([name, part]) => [name, pick(part, wanted.get(name) ?? new Map())]))
}
