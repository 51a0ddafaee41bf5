import type { SourceKind } from '#billing/reading.ts'
import { Problem } from '#server/problem.ts'
import { literal } from './exact-json.ts'
import { listsOf, type Row, type Shape } from './http-rows.ts'
import type { Field } from './http-settings.ts'

const listName: Record<SourceKind, string> = { counts: 'counts', usage: 'usage', 'invoice-lines': 'lines' }

/** The names of the settings that a snapshot calls otherwise. */
export const memberNames: Readonly<Record<string, string>> = {
  title: 'name',
  person: 'id',
  personName: 'name',
  personEmail: 'email',
  personServices: 'services',
}

/** What is no text, or may be either. */
const asGiven = new Set(['quantity', 'unitCost', 'unitPrice', 'custom', 'personServices'])

export const isOfPerson = (name: string): boolean => name.startsWith('person')
const isOfAccount = (name: string): boolean => name === 'account' || name === 'name'

type Members = Record<string, unknown>

/** Something the platform listed: what it said, the items it stood in, and on which page. */
interface Listed {
  members: Members
  within: readonly string[]
  page: number
}

export interface ListedReading extends Listed {
  people: Listed[] | undefined
}

export interface ListedAccount extends Listed {
  readings: ListedReading[]
  byItem: Map<string, ListedReading>
}

/** The rows of all pages, gathered by account. */
export interface Gathered {
  accounts: ListedAccount[]
  byId: Map<string, ListedAccount>
  /** Declared fields that stood in a row so far. */
  present: Set<string>
  rows: number
}

export const nothingYet = (): Gathered => ({ accounts: [], byId: new Map(), present: new Set(), rows: 0 })

/** What the settings of a kind make of each page. */
export interface Plan extends Shape {
  kind: SourceKind
  accountDepth: number
  /** The people are counted, as no quantity is declared. */
  isCounted: boolean
}

/** How pages of a platform are walked: which lists make a row, and which fields stand in it. */
export function planOf(kind: SourceKind, fields: ReadonlyMap<string, Field>): Plan {
  const isRow = (name: string) => name !== 'personServices'
  return {
    kind,
    fields,
    lists: listsOf(fields, isRow),
    needed: listsOf(fields, (name) => isRow(name) && !isOfPerson(name)).length,
    accountDepth: listsOf(fields, (name) => name === 'account').length,
    isCounted: !fields.has('quantity'),
  }
}

/** Adds a row to its account. Throws a Problem when an account comes twice. */
export function gather(gathered: Gathered, plan: Plan, row: Row, page: number): void {
  gathered.rows++
  for (const [name, { value }] of row.values) if (value !== undefined) gathered.present.add(name)
  const account = accountOf(gathered, plan, row, page)
  if (row.isEmpty && row.within.length < plan.needed) return
  const reading = readingOf(account, plan, row, page)
  if (!plan.fields.has('person')) return
  reading.people ??= []
  if (!row.isEmpty) reading.people.push({ members: membersOf(row, isOfPerson), within: row.within, page })
}

function accountOf({ accounts, byId }: Gathered, plan: Plan, row: Row, page: number): ListedAccount {
  const given = row.values.get('account')?.value
  const id = textOf(given)
  const within = row.within.slice(0, plan.accountDepth)
  const known = byId.get(String(id))
  // In a flat list every row names its account; elsewhere an account is one item.
  const isFlat = plan.accountDepth === plan.lists.length
  if (known && !isFlat && (known.page !== page || known.within.at(-1) !== within.at(-1)))
    throw changed(`page ${page}: ${within.at(-1)} repeats page ${known.page}: ${known.within.at(-1)}`)
  if (known) return known
  const members = { id, name: textOf(row.values.get('name')?.value ?? given) }
  const account = { members, within, page, readings: [], byItem: new Map() }
  byId.set(String(id), account)
  accounts.push(account)
  return account
}

function readingOf(account: ListedAccount, plan: Plan, row: Row, page: number): ListedReading {
  const within = row.within.slice(0, plan.needed)
  const item = plan.isCounted ? String(row.values.get('metric')?.value) : `${page} ${within.at(-1)}`
  const known = account.byItem.get(item)
  if (known) return known
  const members = membersOf(row, (name) => !isOfAccount(name) && !isOfPerson(name))
  const reading = { members, within, page, people: undefined }
  account.byItem.set(item, reading)
  account.readings.push(reading)
  return reading
}

/** What was stated: null and empty text are what platforms write for nothing. */
const membersOf = ({ values }: Row, isOf: (name: string) => boolean): Members =>
  Object.fromEntries(
    [...values]
      .filter(([name, { value }]) => isOf(name) && value !== undefined && value !== null && value !== '')
      .map(([name, { value }]) => [memberNames[name] ?? name, asGiven.has(name) ? value : textOf(value)]),
  )

/** Ids are numbers as often as texts; a day may come with its midnight. */
function textOf(value: unknown): unknown {
  const text = literal(value) ?? value
  return typeof text === 'string' ? text.replace(/^(\d{4}-\d\d-\d\d)T00:00:00(?:\.0+)?Z?$/, '$1') : text
}

/** The accounts as a snapshot lists them. Throws a Problem that names every declared field that led nowhere. */
export function accountsOf({ accounts, present, rows }: Gathered, { kind, fields, isCounted }: Plan): object[] {
  const lost = [...fields].filter(([name]) => rows > 0 && !present.has(name))
  const said = lost.map(([name, field]) => `${name}, at ${'text' in field ? field.text : ''}, is in none of its rows`)
  if (lost.length > 0) throw changed(said.join('; '))
  return accounts.map(({ members, readings }) => ({
    ...members,
    [listName[kind]]: readings.map(({ members: stated, people }) => ({
      ...stated,
      ...(people ? { people: people.map((person) => person.members) } : {}),
      ...(isCounted ? { quantity: people?.length ?? 0 } : {}),
    })),
  }))
}

/** What the settings declare is not what the platform gives. */
export const changed = (what: string): Problem =>
  new Problem('broken', `The platform’s answer is not what the settings declare: ${what}.`)
