import * as z from 'zod'
import type { Day, Month } from '#billing/period.ts'
import { Problem } from '#server/problem.ts'
import type { Api } from './api.ts'
import { listByIds, packIds, queryFor } from './by-ids.ts'
import { expectOk, parseBody } from './expect.ts'
import { pageSize } from './list.ts'
import { readReportRows } from './reports.ts'
import { id, loosely, whole } from './wire.ts'

/** What is known of an agreement's invoices beside its own fields (TRUST U16). */
export interface InvoiceEvidence {
  agreementId: number
  /** The month in which the newest invoiced period begins, as the AgreementInvoice report says. */
  month?: Month
  /** The next invoice date of the agreement recap. */
  nextOn?: Day
}

/**
 * What reports or, where there are none, recaps say of the invoices of these agreements: one request per address full
 * of ids. Agreements nothing is known of are left out; where ConnectWise gives neither, all are.
 */
export async function listInvoiceEvidence(
  api: Api,
  ids: readonly number[],
  hasReports: boolean,
): Promise<InvoiceEvidence[]> {
  const reported = hasReports ? await orUndefined(reportInvoices(api, ids)) : undefined
  return reported ?? (await orUndefined(listRecaps(api, ids))) ?? []
}

async function orUndefined<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

const report = {
  path: '/system/reports/AgreementInvoice',
  query: { columns: 'AGR_Header_RecID,Billing_Log_RecID,Run_Month,Run_Year' },
  what: 'AgreementInvoice report',
}

const row = z.object({ agr_header_recid: id, run_month: whole, run_year: whole })

/** The newest invoices come first, so one page tells the newest of each agreement, or nothing of it. */
async function reportInvoices(api: Api, ids: readonly number[]): Promise<InvoiceEvidence[]> {
  const packs = packIds(api, report, ids, 'AGR_Header_RecID')
  const pages = await Promise.all(packs.map((pack) => readNewest(api, pack)))
  const newest = new Map<number, Month>()
  for (const { agr_header_recid, run_month, run_year } of pages.flat()) {
    const month = `${run_year}-${String(run_month).padStart(2, '0')}`
    const known = newest.get(agr_header_recid)
    if (known === undefined || month > known) newest.set(agr_header_recid, month)
  }
  return [...newest].map(([agreementId, month]) => ({ agreementId, month }))
}

async function readNewest(api: Api, ids: readonly number[]): Promise<z.output<typeof row>[]> {
  const paging = { orderBy: 'Billing_Log_RecID desc', pageSize, page: 1 }
  const query = { ...queryFor(report.query, ids, 'AGR_Header_RecID'), ...paging }
  const { body } = expectOk(await api.read({ path: report.path, query, mayBeAbsent: true }), report.what)
  return readReportRows(row, body, report.what)
}

const recap = z
  .object({ id, nextInvoiceDate: loosely })
  .transform(({ id, nextInvoiceDate }) => ({ id, ...(nextInvoiceDate ? { nextOn: nextInvoiceDate } : {}) }))

async function listRecaps(api: Api, ids: readonly number[]): Promise<InvoiceEvidence[]> {
  const what = 'agreement recaps'
  const parse = (body: unknown) => parseBody(z.array(recap), body, what)
  const list = { path: '/finance/agreementrecap/', query: { fields: 'id,nextInvoiceDate' }, what, parse }
  const found = await listByIds(api, { ...list, mayBeAbsent: true }, ids)
  return found.map(({ id, ...said }) => ({ agreementId: id, ...said }))
}
