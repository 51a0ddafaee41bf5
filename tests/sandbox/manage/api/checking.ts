import { type Context, type Field, idOf } from '../nouns/fields.ts'
import type { Noun } from '../nouns/noun.ts'
import type { Row } from '../records.ts'
import { badRequest, type FieldProblem, unknownMember } from './refusal.ts'

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The settable members of a body; unknown members and values of another type are refused, read-only ones ignored. */
export function checkBody(noun: Noun, body: unknown): Record<string, unknown> {
  if (!isObject(body)) throw badRequest('The body is not a JSON object.')
  const given: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(body)) {
    const field = Object.hasOwn(noun.fields, name) ? noun.fields[name] : undefined
    if (!field) throw unknownMember(name, noun.resource)
    if (field.readOnly || value === null) continue
    if (!fits(field, value)) throw badRequest(`Error converting value ${JSON.stringify(value)} of '${name}'.`)
    given[name] = value
  }
  return given
}

function fits(field: Field, value: unknown): boolean {
  switch (field.kind) {
    case 'text':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number'
    case 'integer':
      return Number.isInteger(value)
    case 'flag':
      return typeof value === 'boolean'
    case 'date':
      return typeof value === 'string' && isDate(value)
    case 'choice':
      return typeof value === 'string' && (field.choices ?? []).includes(value)
    case 'reference':
      return idOf(value) !== undefined || isMadeAlong(field, value)
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
  }
}

/** `{ name }` of a record that does not exist yet. */
const isMadeAlong = (field: Field, value: unknown): boolean =>
  field.madeAlong === true && isObject(value) && idOf(value) === undefined && typeof value.name === 'string'

/** `yyyy-MM-ddT00:00:00Z` of a day that exists. */
function isDate(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return false
  const at = Date.parse(value)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(value.slice(0, 19))
}

/** What a whole record lacks or has too much of: required fields, lengths, references to nothing. */
export function fieldProblems(noun: Noun, row: Row, { world }: Context): FieldProblem[] {
  return Object.entries(noun.fields).flatMap(([name, field]) => {
    const value = row[name]
    const found = (code: string, message: string) => [
      { code, message, resource: noun.resource.toLowerCase(), field: name },
    ]
    if (value === undefined || value === '')
      return field.required ? found('MissingRequiredField', `The field ${name} is required.`) : []
    if (field.max !== undefined && typeof value === 'string' && value.length > field.max)
      return found('OutOfRange', `The field ${name} must not be longer than ${field.max}.`)
    const references = field.to && !field.readOnly && !isMadeAlong(field, value) ? [value].flat() : []
    const lost = references.map(idOf).find((id) => field.to && (id === undefined || !world[field.to].has(id)))
    return lost === undefined ? [] : found('InvalidField', `The ${name} ${lost} does not exist.`)
  })
}
