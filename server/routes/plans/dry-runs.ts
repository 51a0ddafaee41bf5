import { countRows } from '#billing/summary.ts'
import { tellsMoney } from '#billing/words.ts'
import { listAgreements, listCompanies } from '#db/mirror.ts'
import type { PlanLine } from '#db/plan-lines.ts'
import type { PlanRowRecord } from '#db/plans.ts'
import { readForm } from '#routes/form.ts'
import { pageSize } from '#routes/paging.ts'
import { presentIds } from '#routes/readable.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import type { Viewer } from '#session/viewer.ts'
import { type Preview, preview } from '#sync/sync.ts'
import { DryRun } from '#views/plans/dry-run.tsx'
import { groupsOf, readableAmong } from './lines.ts'
import { askedOf, runForm } from './run-form.ts'

/** A person waits for this; more than one company or agreement may take longer. */
const longestMs = 20_000

/** `POST /dry-runs`: what a sync would change now. Nothing is written, and no plan is kept. */
export const postDryRun = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const asked = await askedOf(deps, viewer, await readForm(c, runForm))
  const until = deps.now() + longestMs
  const seen = await preview(deps, viewer.scope, asked, { stopping: () => deps.now() > until })
  const rows = seen.rows.filter(isShown).map((row) => ({ ...row, tenantId: viewer.scope.tenant, planId: '' }))
  const found = await readableAmong(deps, viewer, await linesOf(viewer, rows))
  const shown = found.lines.slice(0, pageSize)
  const { money } = found
  return fragment(c, DryRun, {
    counts: countsOf(seen),
    groups: await groupsOf(deps, viewer, shown, rows, { money, choosing: false }),
    more: found.lines.length - shown.length,
    hidden: found.hidden.length,
    seesMoney: money.size > 0,
  })
}

const isShown = ({ change, outcome }: Preview['rows'][number]): boolean => change !== null || outcome !== 'skipped'

const countsOf = ({ rows, unchanged }: Preview) => {
  const { held, skipped, failed, unknown } = countRows(rows, unchanged)
  const ready = rows.filter(({ outcome }) => outcome === 'pending').length
  return { ready, held: held - ready, unchanged, skipped, failed: failed + unknown }
}

/** As a stored plan's lines are listed, by company. */
async function linesOf({ scope }: Viewer, rows: readonly PlanRowRecord[]): Promise<PlanLine[]> {
  const [agreements, companies] = await Promise.all([
    listAgreements(scope, presentIds(rows.map(({ agreementId }) => agreementId))),
    listCompanies(scope, presentIds(rows.map(({ companyId }) => companyId))),
  ])
  const bodies = new Map(agreements.map(({ id, body }) => [id, body]))
  const names = new Map(companies.map(({ id, name }) => [id, name]))
  const lines = rows.map((row) => {
    const body = bodies.get(row.agreementId ?? 0)
    return {
      ...row,
      company: names.get(row.companyId ?? 0) ?? null,
      currency: body?.currency ?? null,
      billingCycle: body?.billingCycle ?? null,
      nextInvoiceOn: body?.nextInvoiceOn ?? null,
      once: row.draft?.record === 'addition' || row.posting?.kind === 'one-time',
      blocked: row.holds.some(({ block }) => block),
      conflict: row.holds.some(({ guard }) => guard === 'G9'),
      tellsMoney: tellsMoney(row),
    }
  })
  return lines.toSorted((a, b) => (a.company ?? '').localeCompare(b.company ?? '') || a.seq - b.seq)
}
