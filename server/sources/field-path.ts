/** Where a value stands in a page of JSON: names with dots between, `[]` after what is a list. It is no code. */
export interface FieldPath {
  text: string
  /** The names that lead to each list, the outermost first, each from within the one before. */
  lists: readonly (readonly string[])[]
  /** The names from within the innermost list, or from the page, to the value; none: the value itself. */
  names: readonly string[]
}

/** A value with its place: `customers[3].seats[0].count`; the value is undefined where the path leads nowhere. */
export interface Found {
  value: unknown
  at: string
}

const name = '[\\w@$:-]+'
const isPath = new RegExp(`^(?:\\[\\]|${name}(?:\\[\\])?)(?:\\.${name}(?:\\[\\])?)*$`)

/** undefined for what is no path. */
export function parsePath(text: string): FieldPath | undefined {
  if (text.length > 200 || !isPath.test(text)) return undefined
  const parts = text.split('[]').map((part) => part.split('.').filter(Boolean))
  return { text, lists: parts.slice(0, -1), names: parts.at(-1) ?? [] }
}

/** Whether the lists of one path are the first lists of another. */
export const isWithin = (outer: FieldPath['lists'], inner: FieldPath['lists']): boolean =>
  outer.every((names, depth) => names.join('.') === inner[depth]?.join('.'))

export function find(from: Found, names: readonly string[]): Found {
  return names.reduce<Found>(
    ({ value, at }, name) => ({ value: memberOf(value, name), at: at === '' ? name : `${at}.${name}` }),
    from,
  )
}

/** Only what the JSON itself holds: not what every object inherits. */
function memberOf(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}

/** The items of the list found there; undefined when it is none. */
export function itemsOf({ value, at }: Found): Found[] | undefined {
  return Array.isArray(value) ? value.map((item, i) => ({ value: item, at: `${at}[${i}]` })) : undefined
}
