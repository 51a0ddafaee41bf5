import type { Row } from '../records.ts'
import type { TableName, World } from '../tables.ts'

/** What an answer depends on besides the record. */
export interface Context {
  world: World
  /** The server's calendar day. */
  today: string
}

export type Kind = 'text' | 'number' | 'integer' | 'flag' | 'date' | 'choice' | 'reference' | 'array' | 'object'

export interface Field {
  kind: Kind
  required?: true
  /** Answered, never taken from a body. */
  readOnly?: true
  max?: number
  choices?: readonly string[]
  /** The table a reference points into, and what it carries besides the id. */
  to?: TableName
  parts?: readonly string[]
  /** A reference by name alone is taken on create: the record is made along with this one. */
  madeAlong?: true
  computed?: (row: Row, context: Context) => unknown
}

export type Fields = Readonly<Record<string, Field>>

export const text = (max?: number): Field => ({ kind: 'text', ...(max === undefined ? {} : { max }) })
export const number: Field = { kind: 'number' }
export const integer: Field = { kind: 'integer' }
export const flag: Field = { kind: 'flag' }
export const date: Field = { kind: 'date' }
export const array: Field = { kind: 'array' }
export const choice = (...choices: string[]): Field => ({ kind: 'choice', choices })
export const reference = (to: TableName, ...parts: string[]): Field => ({ kind: 'reference', to, parts })
export const required = (field: Field): Field => ({ ...field, required: true })
export const readOnly = (field: Field): Field => ({ ...field, readOnly: true })
export const computed = (kind: Kind, compute: (row: Row, context: Context) => unknown): Field => ({
  kind,
  readOnly: true,
  computed: compute,
})

/** What every record has. */
export const common: Fields = { id: readOnly(integer), _info: readOnly({ kind: 'object' }) }

const isDerived = (field: Field) => field.computed !== undefined || field.to !== undefined

/** The value of a field as answered: computed now, references with their present names. */
export function fieldValue(fields: Fields, name: string, row: Row, context: Context): unknown {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (field?.computed) return field.computed(row, context)
  const stored = row[name]
  return field?.to ? resolved(stored, field, field.to, context.world) : stored
}

/** A record as answered, with its computed fields. */
export function answerOf(fields: Fields, row: Row, context: Context): Row {
  const answer: Row = { ...row }
  for (const [name, field] of Object.entries(fields)) {
    if (!isDerived(field)) continue
    const value = fieldValue(fields, name, row, context)
    if (value !== undefined) answer[name] = value
  }
  return answer
}

function resolved(stored: unknown, field: Field, to: TableName, world: World): unknown {
  if (Array.isArray(stored)) return stored.map((one) => resolved(one, field, to, world))
  const id = idOf(stored)
  const target: object | undefined = id === undefined ? undefined : world[to].get(id)
  if (!target || typeof stored !== 'object') return stored
  const parts = (field.parts ?? []).flatMap((part) => {
    const value: unknown = Reflect.get(target, part)
    return value === undefined ? [] : [[part, value]]
  })
  return { ...stored, ...Object.fromEntries(parts) }
}

/** The id of a reference; undefined when it is not one. */
export function idOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined
  return typeof value.id === 'number' ? value.id : undefined
}

/** Whether `conditions` and `orderBy` may name this path. */
export function knowsPath(fields: Fields, path: string): boolean {
  const [name = '', part, ...deeper] = path.split('/')
  if (path === 'lastUpdated' || path === '_info/lastUpdated' || path === '_info/updatedBy') return true
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (!field || deeper.length > 0 || name === '_info') return false
  if (part === undefined) return true
  return field.kind === 'reference' && (part === 'id' || (field.parts ?? []).includes(part))
}

/** Reads a path of a record for comparison, computing only what the path needs. */
export function readPath(fields: Fields, path: string, row: Row, context: Context): unknown {
  if (path === 'lastUpdated') return row._info.lastUpdated
  const [name = '', part] = path.split('/')
  const value = fieldValue(fields, name, row, context)
  if (part === undefined) return value
  return typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined
}
