import { findRun } from '#db/runs.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { startRun } from '#sync/start-run.ts'
import { RunProgress, RunStarted } from '#views/run-progress.tsx'
import { readForm } from './form.ts'
import type { Ask } from './route.ts'
import { askedOf, runForm } from './run-form.ts'
import { hasWritten, progressOf } from './run-progress.ts'

/** `POST /runs`: syncs what the form names, or everything; the answer tells how it goes (X2, X4, X5). */
export const postRun = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const asked = await askedOf(deps, viewer, await readForm(c, runForm))
  const run = await startRun(deps, viewer.scope, asked)
  return fragment(c, RunStarted, await progressOf(viewer.scope, run, viewer.tenant.zone))
}

/** `GET /runs/:id/progress`: as it goes on; where it has written, what shows the same records reads them again. */
export const getRunProgress = () => async (c: Ask) => {
  const { scope, tenant } = c.get('viewer')
  const run = await findRun(scope, c.req.param('id') ?? '')
  if (!run) throw new Problem('not_found', 'There is no such run.')
  if (run.state !== 'running' && hasWritten(run)) c.header('HX-Trigger', 'written')
  return fragment(c, RunProgress, await progressOf(scope, run, tenant.zone))
}
