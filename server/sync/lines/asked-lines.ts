import type { Scope } from '#db/db.ts'
import { type LineRow, listUnpostedLines } from '#db/lines.ts'
import type { Run } from '#db/runs.ts'
import type { Tenant } from '#db/tenants.ts'
import type { About } from '#sync/asked.ts'
import { invoiceMonths, listLineSources } from './line-sources.ts'

export type LineRun = About & Pick<Run, 'scheduleId'>

/**
 * The lines a run may post: those that were selected, else those of the source's months that are not posted yet. A
 * scheduled run posts none where that is switched off (S13); no run does before there is a default agreement type (K14).
 * Undefined: the run is about none.
 */
export async function listAskedLines(
  scope: Scope,
  tenant: Tenant,
  run: LineRun,
  now: number,
): Promise<LineRow[] | undefined> {
  if (tenant.defaultAgreementTypeId === null || run.mappings !== null) return undefined
  if (run.lines !== null) return listUnpostedLines(scope, { ids: run.lines })
  if (run.scheduleId !== null && !tenant.lineSettings.daily) return undefined
  const sources = await listLineSources(scope, run)
  if (sources.length === 0) return undefined
  const months = sources.map((source) =>
    invoiceMonths(source, tenant, now).map((period) => ({ sourceId: source.id, period })),
  )
  const rows = await listUnpostedLines(scope, { months: months.flat() })
  return run.accounts === null ? rows : rows.filter(({ account }) => run.accounts?.includes(account))
}

/** Whether a run is about all accounts of its sources, so that what is missing is missing (FEATURES 4.4). */
export const isFull = ({ accounts, mappings, lines }: About): boolean =>
  accounts === null && mappings === null && lines === null
