import type { FieldProblem } from '../api/refusal.ts'
import type { Row } from '../records.ts'
import type { Module } from '../rights.ts'
import type { TableName, World } from '../tables.ts'
import { type Context, common, type Fields } from './fields.ts'

type Verb = 'create' | 'update' | 'delete'

/** One endpoint: where it is, what it holds, what may be done to it. The rest is the same for all. */
export interface Noun {
  /** As the API calls it in messages. */
  resource: string
  /** Lower case, since paths ignore case; `:parent` is the id of the record it lies under. */
  path: string
  table: TableName
  fields: Fields
  verbs?: readonly Verb[]
  /** The right it needs; set-up tables can be read without one. */
  module?: Module
  readsFreely?: true
  parent?: { table: TableName; field: string; rows?: (world: World, parentId: number) => readonly Row[] }
  /** Fills what a new record was not given. */
  defaults?: (row: Row, context: Context) => void
  /** Adjusts a record before an update is checked; `touched` are the fields the request named. */
  refills?: (row: Row, touched: ReadonlySet<string>, context: Context) => void
  /** Rules beyond the fields' own. */
  problems?: (row: Row, touched: ReadonlySet<string>, context: Context) => (FieldProblem | undefined)[]
  created?: (row: Row, world: World) => void
  isInUse?: (row: Row, world: World) => boolean
}

export const noun = (declared: Noun): Noun => ({ ...declared, fields: { ...common, ...declared.fields } })

/** A field's problem as an optional entry of a list. */
export const problem = (
  found: boolean,
  resource: string,
  field: string,
  code: string,
  message: string,
): FieldProblem | undefined => (found ? { code, message, resource, field } : undefined)
