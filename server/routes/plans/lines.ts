import { isToBeMade } from '#billing/record.ts'
import type { StandIns } from '#billing/to-be-made.ts'
import { listPlanLines, listRowsOf, type PlanLine } from '#db/plan-lines.ts'
import type { Plan, PlanRowRecord } from '#db/plans.ts'
import { recordHref } from '#routes/links.ts'
import { pageOf } from '#routes/paging.ts'
import { presentIds, readableRows } from '#routes/readable.ts'
import type { Deps } from '#server/deps.ts'
import { listMoneyReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import type { ChangeLine, CompanyLines } from '#views/plans/rows.tsx'
import { contextOf, lineOf } from './change-line.ts'

/** The lines of a plan that the member may read in ConnectWise, and how many they may not. */
export interface ReadableLines {
  lines: readonly PlanLine[]
  hidden: readonly PlanLine[]
  /** The agreements whose costs and prices they may see. */
  money: ReadonlySet<number>
}

/** What the member may see of some lines. */
export async function readableAmong(deps: Deps, viewer: Viewer, all: readonly PlanLine[]): Promise<ReadableLines> {
  const isReadable = await readableRows(deps, viewer, all)
  const lines = all.filter(isReadable)
  const money = await listMoneyReadable(deps, viewer, presentIds(lines.map(({ agreementId }) => agreementId)))
  return { lines, hidden: all.filter((line) => !isReadable(line)), money }
}

/** The lines of a stored plan, as far as the member may see them. */
export const readableLines = async (deps: Deps, viewer: Viewer, planId: string): Promise<ReadableLines> =>
  readableAmong(deps, viewer, await listPlanLines(viewer.scope, planId))

/** One page of a plan's lines with their values, by company. */
export async function readGroups(
  deps: Deps,
  viewer: Viewer,
  plan: Plan,
  { lines, money }: ReadableLines,
  asked: number,
): Promise<{ groups: CompanyLines[]; page: number; pages: number }> {
  const { rows: shown, page, pages } = pageOf(lines, asked)
  const seqs = shown.map(({ seq }) => seq)
  const rows = await listRowsOf(viewer.scope, plan.id, seqs)
  const groups = await groupsOf(deps, viewer, shown, rows, {
    money,
    choosing: plan.state === 'waiting',
    ticking: true,
  })
  return { groups, page, pages }
}

/** Lines with their values, those of one company together. `choosing`: conflicts are shown with their choices. */
export async function groupsOf(
  deps: Deps,
  viewer: Viewer,
  lines: readonly PlanLine[],
  rows: readonly PlanRowRecord[],
  how: { money: ReadonlySet<number>; choosing: boolean; ticking?: boolean },
): Promise<CompanyLines[]> {
  const context = await contextOf(deps, viewer, rows, how)
  const bySeq = new Map(rows.map((row) => [row.seq, row]))
  const groups: { company: CompanyLines['company']; lines: ChangeLine[] }[] = []
  for (const line of lines) {
    const row = bySeq.get(line.seq)
    if (!row) continue
    const company = companyOf(viewer, line, context.toBe)
    const last = groups.at(-1)
    if (last && last.company?.id === company?.id) last.lines.push(lineOf(line, row, context))
    else groups.push({ company, lines: [lineOf(line, row, context)] })
  }
  return groups.map(({ company, ...group }) => ({ ...group, ...(company ? { company } : {}) }))
}

function companyOf({ tenant }: Viewer, { companyId: id, company }: PlanLine, toBe: StandIns): CompanyLines['company'] {
  if (id === null) return undefined
  const wanted = toBe.companies.find((one) => one.id === id)
  if (isToBeMade(id)) return { id, name: wanted?.name ?? 'A new company', toBeMade: true }
  return { id, name: company ?? `Company ${id}`, href: recordHref(tenant, 'company', id) }
}
