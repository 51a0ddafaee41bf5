import type { Records } from '#db/readable.ts'
import type { Deps } from '#server/deps.ts'
import { listReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'

/** Those of these records that the viewer may read in ConnectWise, and whether that is all of them. */
export async function readableOf(
  deps: Deps,
  viewer: Viewer,
  { companies, agreements }: Records,
): Promise<{ readable: Records; isWhole: boolean }> {
  const [seen, open] = await Promise.all([
    listReadable(deps, viewer, 'company', companies),
    listReadable(deps, viewer, 'agreement', agreements),
  ])
  const isWhole = seen.size === new Set(companies).size && open.size === new Set(agreements).size
  return { readable: { companies: [...seen], agreements: [...open] }, isWhole }
}

interface Row {
  companyId: number | null
  agreementId: number | null
}

/** Tells of each of these rows whether the viewer may read every record that it names. */
export async function readableRows(deps: Deps, viewer: Viewer, rows: readonly Row[]): Promise<(row: Row) => boolean> {
  const [companies, agreements] = await Promise.all([
    listReadable(deps, viewer, 'company', presentIds(rows.map(({ companyId }) => companyId))),
    listReadable(deps, viewer, 'agreement', presentIds(rows.map(({ agreementId }) => agreementId))),
  ])
  return ({ companyId, agreementId }) =>
    (companyId === null || companies.has(companyId)) && (agreementId === null || agreements.has(agreementId))
}

/** Each id that is there, once. */
export const presentIds = (ids: readonly (number | null)[]): number[] => [...new Set(ids.flatMap((id) => id ?? []))]
