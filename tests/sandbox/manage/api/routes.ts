import type { Hono } from 'hono'
import { answerOf, idOf } from '../nouns/fields.ts'
import type { Noun } from '../nouns/noun.ts'
import { nouns } from '../nouns/nouns.ts'
import type { Row } from '../records.ts'
import type { Action } from '../rights.ts'
import { tableNamed } from '../tables.ts'
import { bodyOf, type Call, type Env, isForwardOnly, permit, seenAt } from './call.ts'
import { attachedTo } from './documents.ts'
import { filtered, ordered } from './filtering.ts'
import { asOf } from './journal.ts'
import { paged } from './paging.ts'
import { createProjection } from './projection.ts'
import { forbidden, notFound, wrongVerb } from './refusal.ts'
import { create, patch, remove, replace } from './writing.ts'

/** List, count, read and the writes of every noun. */
export function listRoutes(api: Hono<Env>): void {
  for (const noun of nouns) {
    const path = noun.path.replace(':parent', ':parent{[0-9]+}')
    const one = `${path}/:id{[0-9]+}`
    api.get(`${path}/count`, (call) => call.json({ count: select(call, noun).length }))
    api.get(path, (call) => list(call, noun))
    api.get(one, (call) => call.json(project(call, noun)(found(call, noun, 'inquire'))))
    if (noun.verbs?.includes('create')) api.post(path, (call) => post(call, noun))
    if (noun.verbs?.includes('update')) api.on(['PATCH', 'PUT'], one, (call) => update(call, noun))
    if (noun.verbs?.includes('delete')) api.delete(one, (call) => erase(call, noun))
    for (const known of [path, one]) api.all(known, refuseVerb)
  }
}

function list(call: Call, noun: Noun): Response {
  const url = new URL(call.req.url)
  const rows = ordered(select(call, noun), url.searchParams.get('orderBy'), noun.fields, call.var.write)
  const page = paged(rows, url, isForwardOnly(call))
  call.header('link', page.link)
  return call.json(page.rows.map(project(call, noun)))
}

async function post(call: Call, noun: Noun): Promise<Response> {
  permitOn(call, noun, 'add')
  const row = create(noun, await bodyOf(call), parentOf(call, noun), call.var.write)
  return call.json(answerOf(noun.fields, row, call.var.write), 201)
}

async function update(call: Call, noun: Noun): Promise<Response> {
  const row = found(call, noun, 'edit')
  const apply = call.req.method === 'PUT' ? replace : patch
  return call.json(answerOf(noun.fields, apply(noun, row, await bodyOf(call), call.var.write), call.var.write))
}

function erase(call: Call, noun: Noun): Response {
  remove(noun, found(call, noun, 'delete'), call.var.write)
  return call.body(null, 204)
}

const refuseVerb = () => {
  throw wrongVerb()
}

/** The rows a list or count is about. */
function select(call: Call, noun: Noun): readonly Row[] {
  const level = permitOn(call, noun, 'inquire')
  const query = new URL(call.req.url).searchParams
  const rows = seenAt(level, rowsOf(call, noun), call)
  const hung = noun.table === 'documents' ? attachedTo(rows, query) : rows
  return filtered(hung, query, noun.fields, call.var.write)
}

/** One row by its id; a read may see it as it was before recent writes, a write never does. */
function found(call: Call, noun: Noun, action: Action): Row {
  const level = permitOn(call, noun, action)
  const id = Number(call.req.param('id'))
  const { world } = call.var.write
  const stored = tableNamed(world, noun.table).get(id)
  const isRead = action === 'inquire'
  const row = isRead && call.env.lagMs > 0 ? rowsOf(call, noun).find((one) => one.id === id) : stored
  if (!row || !belongsTo(noun, parentOf(call, noun))(row)) throw notFound(noun.resource, id)
  if (seenAt(level, [row], call).length === 0) throw forbidden()
  return row
}

function rowsOf(call: Call, noun: Noun): readonly Row[] {
  const { world, at } = call.var.write
  const parentId = parentOf(call, noun)
  const belongs = belongsTo(noun, parentId)
  const all = () => tableNamed(world, noun.table).rows()
  const under = (id: number) => noun.parent?.rows?.(world, id) ?? all().filter(belongs)
  const rows = parentId === undefined ? all() : under(parentId)
  return call.env.lagMs > 0 ? asOf(rows, world, noun.table, at - call.env.lagMs, belongs) : rows
}

function belongsTo({ parent }: Noun, parentId: number | undefined): (row: Row) => boolean {
  if (!parent || parentId === undefined) return () => true
  return (row) => (idOf(row[parent.field]) ?? row[parent.field]) === parentId
}

/** The id in the path that this noun's records lie under. Throws 404 when there is no such record. */
function parentOf(call: Call, { parent }: Noun): number | undefined {
  if (!parent) return undefined
  const id = Number(call.req.param('parent'))
  if (!call.var.write.world[parent.table].has(id)) throw notFound(parent.table, id)
  return id
}

function permitOn(call: Call, { module, readsFreely }: Noun, action: Action) {
  return module === undefined || (readsFreely && action === 'inquire') ? 'All' : permit(call, module, action)
}

const project = (call: Call, noun: Noun) =>
  createProjection(noun.fields, new URL(call.req.url).searchParams.get('fields'), call.var.write)
