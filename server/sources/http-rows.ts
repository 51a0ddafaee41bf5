import { type FieldPath, type Found, find, isWithin, itemsOf } from './field-path.ts'
import type { Field } from './http-settings.ts'

/** One row of a page: each declared field with its place. A list that is empty gives a row of what stands above it. */
export interface Row {
  values: ReadonlyMap<string, Found>
  /** The item it is, `customers[3].seats[0]`, and those around it, the outermost first. */
  within: readonly string[]
  isEmpty: boolean
}

/** What to read of each page. */
export interface Shape {
  fields: ReadonlyMap<string, Field>
  /** The lists that a row stands in. */
  lists: FieldPath['lists']
  /** How many of them must be there; a deeper one may be left out where it would be empty. */
  needed: number
}

/** The lists of the field that stands in the most, of those named `of`. */
export function listsOf(fields: ReadonlyMap<string, Field>, of: (name: string) => boolean): FieldPath['lists'] {
  const all = [...fields].flatMap(([name, field]) => ('fixed' in field || !of(name) ? [] : [field.lists]))
  return all.toSorted((a, b) => b.length - a.length)[0] ?? []
}

/** Every row of a page. Throws a NoList where a list is needed. */
export function* rowsOf(page: unknown, shape: Shape): Generator<Row> {
  yield* descend({ value: page, at: '' }, { ...shape, above: new Map(), within: [] })
}

interface Way extends Shape {
  above: ReadonlyMap<string, Found>
  within: readonly string[]
}

function* descend(item: Found, way: Way): Generator<Row> {
  const { fields, lists, above, within, needed } = way
  const depth = within.length
  const here = [...fields].flatMap(([name, field]) => valueAt(name, field, item, depth, lists))
  const values = new Map([...above, ...here])
  const names = lists[depth]
  if (!names) return yield { values, within, isEmpty: false }
  const list = find(item, names)
  const items = itemsOf(list)
  if (!items && (depth < needed || (list.value !== undefined && list.value !== null))) throw new NoList(list)
  if (depth > 0 && !items?.length) yield { values, within, isEmpty: true }
  for (const one of items ?? []) yield* descend(one, { ...way, above: values, within: [...within, one.at] })
}

function valueAt(name: string, field: Field, item: Found, depth: number, lists: FieldPath['lists']): [string, Found][] {
  if ('fixed' in field) return depth === 0 ? [[name, { value: field.fixed, at: '' }]] : []
  if (field.lists.length === depth && isWithin(field.lists, lists)) return [[name, find(item, field.names)]]
  const [names] = field.lists.slice(depth)
  // One more list than the row has: texts of the row itself, such as the services of a person.
  const isOfRow = depth === lists.length && field.lists.length === depth + 1 && names
  return isOfRow ? [[name, textsOf(find(item, names), field.names)]] : []
}

function textsOf(list: Found, names: readonly string[]): Found {
  const items = itemsOf(list)
  return items ? { value: items.map((item) => find(item, names).value), at: list.at } : list
}

/** Where a list should be. */
export class NoList extends Error {
  readonly found: Found

  constructor(found: Found) {
    super('There is no list here.')
    this.found = found
  }
}
