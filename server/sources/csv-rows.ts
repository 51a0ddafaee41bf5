import type * as z from 'zod'
import type { Sheet } from './contract.ts'
import { type Accounts, createAccounts } from './csv-accounts.ts'
import { type Style, said } from './csv-cells.ts'
import type { Columns } from './csv-columns.ts'
import { misfit, type Row, type Table, trimmed } from './csv-table.ts'
import { accountHead, person, rowOf } from './snapshot.ts'

/** More bad rows, and the rest is not read: nobody corrects so many by hand. */
const mostBad = 1000
const sampleSize = 20

/** What is said once for the whole file, where no column says it. */
export interface Constants {
  metric: string
  currency: string
}

/** Rows as accounts with their numbers, lines or users; each bad row with every reason, and none of it is read. */
export function readRows(
  table: Table,
  columns: Columns,
  style: Style,
  constants: Constants,
): Pick<Sheet, 'accounts' | 'bad' | 'sample' | 'gaveUp'> {
  const accounts = createAccounts()
  const bad = new Map<number, string[]>()
  const sample: { row: number; values: Values }[] = []
  const take = columns.shape === 'users' ? takeUser : takeNumber
  for (const row of table.rows) {
    const { values, wrong } = valuesOf(row, table, columns, style)
    const refused =
      wrong.length > 0 ? [{ row: row.number, reasons: wrong }] : take(accounts, row.number, values, columns, constants)
    for (const one of refused) bad.set(one.row, [...(bad.get(one.row) ?? []), ...one.reasons])
    if (refused.length === 0 && sample.length < sampleSize) sample.push({ row: row.number, values })
    if (bad.size > mostBad) break
  }
  const { read, refused } = accounts.end()
  return {
    accounts: read,
    bad: [...placesOf(bad), ...refused],
    sample: sample.filter(({ row }) => !bad.has(row)).map(({ row, values }) => ({ row, values: shown(values) })),
    gaveUp: bad.size > mostBad,
  }
}

const placesOf = (bad: ReadonlyMap<number, readonly string[]>) =>
  [...bad].sort(([a], [b]) => a - b).map(([row, reasons]) => ({ path: `row ${row}`, message: reasons.join('; ') }))

type Values = Record<string, string | boolean | string[]>

const shown = (values: Values): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.join('; ') : String(value)]),
  )

function valuesOf(row: Row, table: Table, { fields, at }: Columns, style: Style): { values: Values; wrong: string[] } {
  const unfit = misfit(row, table)
  if (unfit !== undefined) return { values: {}, wrong: [unfit] }
  const values: Values = {}
  const wrong: string[] = []
  for (const field of fields) {
    const cell = trimmed(row.cells[at.get(field.name) ?? -1] ?? '')
    if (cell === '') continue
    const one = said(field, cell, style)
    if ('wrong' in one) wrong.push(`${field.label} ${one.wrong}`)
    else values[field.name] = one.value
  }
  return { values, wrong }
}

/** Takes a row in; or says which rows are bad and why: this one, or an earlier one that it contradicts. */
type Take = (
  accounts: Accounts,
  row: number,
  values: Values,
  columns: Columns,
  constants: Constants,
) => { row: number; reasons: string[] }[]

/** One number or invoice line a row. */
const takeNumber: Take = (accounts, row, values, { kind, fields }, { metric, currency }) => {
  const { account: _, name: __, title, ...rest } = values
  const isMoney = rest.unitCost !== undefined || rest.unitPrice !== undefined
  const parsed = rowOf[kind].safeParse(
    {
      ...(kind === 'counts' ? { metric } : {}),
      ...(currency !== '' && isMoney ? { currency } : {}),
      ...rest,
      ...(title === undefined ? {} : { name: title }),
    },
    { reportInput: true },
  )
  const head = headOf(values)
  if (head.success && parsed.success) return accounts.add(row, head.data, parsed.data)
  return [{ row, reasons: [...headReasons(head), ...reasonsOf(parsed, fields, { name: 'title' })] }]
}

/** One user a row, who is counted. */
const takeUser: Take = (accounts, row, values, { fields }, constants) => {
  const { metric = constants.metric, user, userName, email, services } = values
  const given = { id: user ?? email, name: userName, email, services }
  const parsed = person.safeParse(
    Object.fromEntries(Object.entries(given).filter(([name, value]) => name === 'id' || value !== undefined)),
    { reportInput: true },
  )
  const counted = accountHead.shape.id.safeParse(metric)
  const head = headOf(values)
  if (head.success && parsed.success && counted.success)
    return accounts.addUser(row, head.data, counted.data, parsed.data)
  const places = { id: 'user', name: 'userName' }
  const reasons = [
    ...headReasons(head),
    ...reasonsOf(parsed, fields, places),
    ...reasonsOf(counted, fields, { '': 'metric' }),
  ]
  return [{ row, reasons }]
}

/** Of an account's id and its name one is enough. */
const headOf = ({ account, name }: Values) =>
  accountHead.safeParse({ id: account ?? name, name: name ?? account }, { reportInput: true })

function headReasons({ error }: ReturnType<typeof headOf>): string[] {
  const texts = (error?.issues ?? []).map(
    ({ message, input }) => `Account ${input === undefined ? 'is missing' : message}`,
  )
  return [...new Set(texts)]
}

/** What is wrong, by the field's label; `places` says which field is called otherwise where it was read. */
function reasonsOf(
  { error }: z.ZodSafeParseResult<unknown>,
  fields: Columns['fields'],
  places: Readonly<Record<string, string>>,
): string[] {
  return (error?.issues ?? []).map(({ path, message, input }) => {
    const at = String(path[0] ?? '')
    const name = places[at] ?? at
    const label = fields.find((field) => field.name === name)?.label ?? name
    return `${label} ${input === undefined ? 'is missing' : message}`
  })
}
