import { dateOf, dayOf } from '../calendar.ts'
import { additions } from '../nouns/additions.ts'
import { type Context, computed, type Fields, fieldValue, type Kind } from '../nouns/fields.ts'
import type { Row } from '../records.ts'
import type { TableName } from '../tables.ts'
import { unknownName } from './refusal.ts'

export interface Report {
  name: string
  table: TableName
  columns: Fields
}

const column = (kind: Kind, read: (row: Row, context: Context) => unknown) => computed(kind, read)

/** A column that repeats a field of the addition. */
const same = (kind: Kind, field: string) =>
  column(kind, (row, context) => fieldValue(additions.fields, field, row, context) ?? null)

const partOf = (value: unknown, part: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, part) : null

const isoDay = (value: unknown) => {
  const day = dayOf(value)
  return day === undefined ? null : dateOf(day)
}

const agreementAdditions: Report = {
  name: 'AgreementAdditions',
  table: 'additions',
  columns: {
    AGR_RecID: same('integer', 'agreementId'),
    AGR_Name: column('text', (row, { world }) => world.agreements.get(Number(row.agreementId))?.name ?? null),
    Addition_RecId: same('integer', 'id'),
    Addition_Status: column('text', (row, { today }) =>
      (dayOf(row.cancelledDate) ?? today) < today ? 'Cancelled' : 'Active',
    ),
    Bill_Customer: same('text', 'billCustomer'),
    Effective_Date: column('date', (row) => isoDay(row.effectiveDate)),
    Cancelled_Date: column('date', (row) => isoDay(row.cancelledDate)),
    Total_Quantity: same('number', 'quantity'),
    Less_Included: same('number', 'lessIncluded'),
    QuantityToBill: same('number', 'billedQuantity'),
    Unit_Price: same('number', 'unitPrice'),
    Unit_Cost: same('number', 'unitCost'),
    Ext_Price: same('number', 'extPrice'),
    Ext_Cost: same('number', 'extCost'),
    Margin: same('number', 'margin'),
    Product_RecId: column('integer', (row) => partOf(row.product, 'id')),
    Product_Description: same('text', 'description'),
    Serial_Number: same('text', 'serialNumber'),
    Sequence_Number: same('number', 'sequenceNumber'),
    Purchase_Item_Flag: same('flag', 'purchaseItemFlag'),
    Taxable: same('flag', 'taxableFlag'),
    Last_Update: column('date', (row) => row._info.lastUpdated),
    Last_Update_UTC: column('date', (row) => row._info.lastUpdated),
    Updated_By: column('text', (row) => row._info.updatedBy),
  },
}

const stored = (kind: Kind, field: string) => column(kind, (row) => row[field] ?? null)

const agreementInvoice: Report = {
  name: 'AgreementInvoice',
  table: 'invoices',
  columns: {
    AGR_Header_RecID: stored('integer', 'agreementId'),
    Billing_Log_RecID: stored('integer', 'id'),
    Invoice_Number: stored('text', 'invoiceNumber'),
    Date_Invoice: column('date', (row) => row.invoicedAt),
    Run_Month: column('integer', (row) => Number(dayOf(row.from)?.slice(5, 7))),
    Run_Year: column('integer', (row) => Number(dayOf(row.from)?.slice(0, 4))),
    Company_RecID: stored('integer', 'companyId'),
  },
}

export const reports: readonly Report[] = [agreementAdditions, agreementInvoice]

/** The columns a request names, or all. Throws a 400 Refusal for an unknown one. */
export function chosenColumns({ columns }: Report, names: string | null): string[] {
  if (!names) return Object.keys(columns)
  return names.split(',').map((given) => {
    const known = Object.keys(columns).find((name) => name.toLowerCase() === given.trim().toLowerCase())
    if (!known) throw unknownName(given.trim())
    return known
  })
}

const types: Partial<Record<Kind, string>> = {
  integer: 'Numeric',
  number: 'Numeric',
  date: 'DateTime',
  flag: 'Boolean',
}

export const columnDefinitions = ({ columns }: Report, names: readonly string[]): object[] =>
  names.map((name) => ({
    [name]: { type: types[columns[name]?.kind ?? 'text'] ?? 'Text', isNullable: true, identityColumn: false },
  }))

/** Rows as arrays, in the order of the columns. */
export const reportRows = (
  { columns }: Report,
  rows: readonly Row[],
  names: readonly string[],
  context: Context,
): unknown[][] => rows.map((row) => names.map((name) => fieldValue(columns, name, row, context)))
