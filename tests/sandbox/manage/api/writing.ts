import { dateOf, dayOf, instantText } from '../calendar.ts'
import type { Context } from '../nouns/fields.ts'
import type { Noun } from '../nouns/noun.ts'
import type { Row } from '../records.ts'
import { tableNamed } from '../tables.ts'
import { checkBody, fieldProblems, isObject } from './checking.ts'
import { remember } from './journal.ts'
import { badRequest, inUse, invalidObject, unknownMember } from './refusal.ts'

export interface Write extends Context {
  at: number
  /** The member identifier that writes. */
  by: string
}

/** Creates a record from a POST body. Throws a Refusal; nothing is stored then. */
export function create(noun: Noun, body: unknown, parentId: number | undefined, write: Write): Row {
  const given = checkBody(noun, body)
  const table = tableNamed(write.world, noun.table)
  const row: Row = { ...given, id: table.nextId(), _info: stampOf(write) }
  if (noun.parent && parentId !== undefined) {
    const isReference = noun.fields[noun.parent.field]?.kind === 'reference'
    row[noun.parent.field] = isReference ? { id: parentId } : parentId
  }
  noun.defaults?.(row, write)
  check(noun, row, new Set(Object.keys(given)), write)
  remember(write.world, write.at, noun.table, row.id, undefined)
  table.set(row.id, row)
  noun.created?.(row, write.world)
  return row
}

/** Applies a PATCH array to a record and checks the whole of it again. Throws a Refusal; nothing is changed then. */
export function patch(noun: Noun, row: Row, body: unknown, write: Write): Row {
  if (!Array.isArray(body)) throw badRequest('A PATCH body is an array of operations.')
  const candidate: Row = { ...row }
  const touched = new Set<string>()
  for (const operation of body) {
    const name = applyOperation(noun, candidate, operation)
    if (name !== undefined) touched.add(name)
  }
  return commit(noun, row, candidate, touched, write)
}

/** Replaces a record by a PUT body; what the body omits goes back to its default. */
export function replace(noun: Noun, row: Row, body: unknown, write: Write): Row {
  const given = checkBody(noun, body)
  const kept = Object.entries(row).filter(([name]) => noun.fields[name]?.readOnly)
  const candidate: Row = { ...Object.fromEntries(kept), ...given, id: row.id, _info: row._info }
  noun.defaults?.(candidate, write)
  return commit(noun, row, candidate, new Set(Object.keys(given)), write)
}

export function remove(noun: Noun, row: Row, write: Write): void {
  if (noun.isInUse?.(row, write.world)) throw inUse(noun.resource)
  remember(write.world, write.at, noun.table, row.id, row)
  tableNamed(write.world, noun.table).delete(row.id)
}

/** Changes the candidate by one operation and says which field; undefined when it has no effect. */
function applyOperation(noun: Noun, candidate: Row, operation: unknown): string | undefined {
  if (!isObject(operation)) throw badRequest('A PATCH body is an array of operations.')
  const { op, path, value } = operation
  if (op !== 'add' && op !== 'replace' && op !== 'remove') throw badRequest(`'${op}' is not an operation.`)
  if (typeof path !== 'string') throw badRequest('An operation needs a path.')
  const [name = '', ...deeper] = path.split('/')
  const field = Object.hasOwn(noun.fields, name) ? noun.fields[name] : undefined
  if (!field) throw unknownMember(path, noun.resource)
  // A sub-path is answered with success and changes nothing.
  if (deeper.length > 0 || field.readOnly) return undefined
  if (op === 'remove' || value === null) delete candidate[name]
  else Object.assign(candidate, checkBody(noun, { [name]: value }))
  return name
}

function commit(noun: Noun, row: Row, candidate: Row, touched: ReadonlySet<string>, write: Write): Row {
  noun.refills?.(candidate, touched, write)
  check(noun, candidate, touched, write)
  remember(write.world, write.at, noun.table, row.id, row)
  for (const name of Object.keys(row)) if (!(name in candidate)) delete row[name]
  return Object.assign(row, candidate, { _info: stampOf(write) })
}

function check(noun: Noun, row: Row, touched: ReadonlySet<string>, write: Write): void {
  for (const [name, field] of Object.entries(noun.fields)) {
    const day = field.kind === 'date' ? dayOf(row[name]) : undefined
    if (day !== undefined) row[name] = dateOf(day)
  }
  const own = noun.problems?.(row, touched, write) ?? []
  const problems = [...fieldProblems(noun, row, write), ...own.filter((found) => found !== undefined)]
  if (problems.length > 0) throw invalidObject(noun.resource, problems)
}

const stampOf = ({ at, by }: Write) => ({ lastUpdated: instantText(at), updatedBy: by })
