import type { Hono } from 'hono'
import type { Row } from '../records.ts'
import { tableNamed } from '../tables.ts'
import { type Call, type Env, permit, seenAt } from './call.ts'
import { filtered, ordered } from './filtering.ts'
import { asOf } from './journal.ts'
import { paged } from './paging.ts'
import { noEndpoint, notFound } from './refusal.ts'
import { chosenColumns, columnDefinitions, type Report, reportRows, reports } from './reports.ts'

const base = '/system/reports'

/** The report engine: a list of reports, and columns, count and rows of each. */
export function reportRoutes(api: Hono<Env>): void {
  const guard = (call: Call) => {
    if (!call.var.write.world.reports) throw noEndpoint()
    return permit(call, 'System > API Reports', 'inquire')
  }
  const rowsOf = (call: Call, report: Report) => seenAt(guard(call), presentRows(call, report), call)

  api.get(base, (call) => {
    guard(call)
    return call.json(reports.map(({ name }) => ({ name })))
  })
  api.get(`${base}/:name/columns`, (call) => {
    guard(call)
    const report = reportOf(call)
    return call.json(columnDefinitions(report, Object.keys(report.columns)))
  })
  api.get(`${base}/:name/count`, (call) => {
    const report = reportOf(call)
    const query = new URL(call.req.url).searchParams
    return call.json({ count: filtered(rowsOf(call, report), query, report.columns, call.var.write).length })
  })
  api.get(`${base}/:name`, (call) => {
    const report = reportOf(call)
    return answer(call, report, rowsOf(call, report))
  })
}

function answer(call: Call, report: Report, rows: readonly Row[]): Response {
  const url = new URL(call.req.url)
  const query = url.searchParams
  const columns = chosenColumns(report, query.get('columns'))
  const chosen = filtered(rows, query, report.columns, call.var.write)
  const page = paged(ordered(chosen, query.get('orderBy'), report.columns, call.var.write), url, false)
  call.header('link', page.link)
  return call.json({
    column_definitions: columnDefinitions(report, columns),
    row_values: reportRows(report, page.rows, columns, call.var.write),
  })
}

function presentRows(call: Call, { table }: Report): readonly Row[] {
  const { world, at } = call.var.write
  const rows = tableNamed(world, table).rows()
  return call.env.lagMs > 0 ? asOf(rows, world, table, at - call.env.lagMs, () => true) : rows
}

function reportOf(call: Call): Report {
  const name = call.req.param('name')
  const report = reports.find((one) => one.name.toLowerCase() === name)
  if (!report || !call.var.write.world.reports) throw notFound('report', name)
  return report
}
