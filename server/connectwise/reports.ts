import * as z from 'zod'
import type { Addition } from '#billing/existing.ts'
import { Problem } from '#server/problem.ts'
import type { Api } from './api.ts'
import { parseBody } from './expect.ts'
import { listNumbered } from './paging.ts'
import { day, id, money, quantity, quantityOrZero, text } from './wire.ts'

export const additionsReport = '/system/reports/AgreementAdditions'

const what = 'AgreementAdditions report'

const answer = z.object({
  column_definitions: z.array(z.record(z.string(), z.unknown())),
  row_values: z.array(z.array(z.unknown())),
})

const row = z
  .object({
    addition_recid: id,
    agr_recid: id,
    product_recid: id,
    product_description: text,
    total_quantity: quantity,
    less_included: quantityOrZero,
    unit_cost: money,
    unit_price: money,
    bill_customer: text,
    effective_date: day,
    cancelled_date: day,
    serial_number: text,
    last_update_utc: text,
    updated_by: text,
  })
  .transform(
    (cells): Addition => ({
      id: cells.addition_recid,
      agreementId: cells.agr_recid,
      productId: cells.product_recid,
      description: cells.product_description,
      quantity: cells.total_quantity,
      lessIncluded: cells.less_included,
      unitCost: cells.unit_cost,
      unitPrice: cells.unit_price,
      billCustomer: cells.bill_customer,
      effectiveOn: cells.effective_date,
      cancelledOn: cells.cancelled_date,
      serialNumber: cells.serial_number,
      updatedBy: cells.updated_by || undefined,
      updatedAt: cells.last_update_utc || undefined,
    }),
  )

const columns =
  'Addition_RecId,AGR_RecID,Product_RecId,Product_Description,Total_Quantity,Less_Included,Unit_Cost,Unit_Price,Bill_Customer,Effective_Date,Cancelled_Date,Serial_Number,Last_Update_UTC,Updated_By'

/**
 * Every addition of the instance, 1,000 a request (U15). undefined when the report does not exist, is not allowed, or
 * cannot prove itself complete: then agreement by agreement is the way.
 */
export async function reportAdditions(api: Api): Promise<Addition[] | undefined> {
  try {
    return await listNumbered(api, {
      path: additionsReport,
      query: { columns },
      what,
      parse: (body) => readReportRows(row, body, what),
      orderBy: 'Addition_RecId',
      mayBeAbsent: true,
    })
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

/** Rows are positional: the column definitions say what each place holds. Names are read in lower case. */
export function readReportRows<Row extends z.ZodType>(row: Row, body: unknown, what: string): z.output<Row>[] {
  const { column_definitions, row_values } = parseBody(answer, body, what)
  const names = column_definitions.map((definition) => Object.keys(definition)[0]?.toLowerCase() ?? '')
  const records = row_values.map((values) => Object.fromEntries(values.map((value, at) => [names[at] ?? '', value])))
  return parseBody(z.array(row), records, what)
}
