import { type Context, type Fields, knowsPath, readPath } from '../nouns/fields.ts'
import type { Row } from '../records.ts'
import { parseConditions } from './conditions.ts'
import { meets } from './matching.ts'
import { badRequest, unknownName } from './refusal.ts'

/** Applies `conditions`, `childConditions` and `customFieldConditions` of a request. */
export function filtered(
  rows: readonly Row[],
  query: URLSearchParams,
  fields: Fields,
  context: Context,
): readonly Row[] {
  let left = rows
  const conditions = query.get('conditions')
  if (conditions) {
    const parsed = parseConditions(conditions, (path) => knowsPath(fields, path))
    left = left.filter((row) => meets(parsed, (path) => readPath(fields, path, row, context)))
  }
  const children = query.get('childConditions')
  if (children) left = left.filter(childMatcher(children, fields))
  const custom = query.get('customFieldConditions')
  if (custom) left = left.filter(elementMatcher(custom, 'customFields', ['caption', 'value']))
  return left
}

/** `types/id=1`: one element of the array must meet everything. */
function childMatcher(conditions: string, fields: Fields): (row: Row) => boolean {
  const name = /[A-Za-z]\w*(?=\/)/.exec(conditions)?.[0] ?? ''
  if (fields[name]?.kind !== 'array') throw unknownName(name)
  return elementMatcher(conditions, name, undefined, `${name}/`)
}

function elementMatcher(conditions: string, array: string, known?: readonly string[], prefix = '') {
  const knows = (path: string) => path.startsWith(prefix) && (known === undefined || known.includes(path))
  const parsed = parseConditions(conditions, knows)
  return (row: Row): boolean => {
    const elements = row[array]
    if (!Array.isArray(elements)) return false
    return elements.some((element) => meets(parsed, (path) => partOf(element, path.slice(prefix.length))))
  }
}

const partOf = (element: unknown, path: string): unknown =>
  path
    .split('/')
    .reduce(
      (value: unknown, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
      element,
    )

/** Applies `orderBy=name asc,id desc`; without one, rows are in the order of ids. */
export function ordered(
  rows: readonly Row[],
  orderBy: string | null,
  fields: Fields,
  context: Context,
): readonly Row[] {
  if (!orderBy) return rows
  const keys = orderBy.split(',').map((key) => {
    const [path = '', direction = 'asc', ...more] = key.trim().split(/\s+/)
    if (!knowsPath(fields, path)) throw unknownName(path)
    if (!/^(asc|desc)$/i.test(direction) || more.length > 0) throw badRequest(`'${key.trim()}' is not an order.`)
    return { path, sign: direction.toLowerCase() === 'desc' ? -1 : 1 }
  })
  const compare = (a: Row, b: Row) => {
    for (const { path, sign } of keys) {
      const difference = rank(readPath(fields, path, a, context), readPath(fields, path, b, context))
      if (difference !== 0) return sign * difference
    }
    return 0
  }
  return [...rows].sort(compare)
}

function rank(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [one, other] = [String(a ?? '').toLowerCase(), String(b ?? '').toLowerCase()]
  if (one === other) return 0
  return one < other ? -1 : 1
}
