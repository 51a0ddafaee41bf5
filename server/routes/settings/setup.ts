import { findNewestPlan } from '#db/plans.ts'
import { findNewestRun, type Run } from '#db/runs.ts'
import { listSchedules } from '#db/schedules.ts'
import { countSetup, type SetupCounts, wasSet } from '#db/setup.ts'
import { listSources } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import { progressOf } from '#routes/plans/run-progress.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import type { Editor } from '#sync/settings/settings.ts'
import { startRun } from '#sync/start-run.ts'
import { RunStarted } from '#views/plans/run-progress.tsx'
import {
  ConfigurationStep,
  CredentialsStep,
  type SetupProps,
  SourcesStep,
  type Step,
  steps,
} from '#views/settings/setup.tsx'
import { MappingStep } from '#views/settings/setup-mapping.tsx'
import { ReviewStep } from '#views/settings/setup-review.tsx'
import { connectionOf } from './authentication.ts'
import { configurationOf } from './configuration.ts'
import { editorOf, timeOf } from './editor.ts'
import { scheduleOf } from './schedule.ts'
import { sourcesOf } from './sources.ts'

/** `GET /setup`: the first step that is not done, so that nothing has to be remembered (S1). */
export const getSetup = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const done = await doneSteps(editor, await countSetup(editor.scope))
  const first = (Object.keys(steps) as Step[]).find((step) => !done.includes(step))
  return answer(c, editor, first ?? 'review')
}

/** `GET /setup/:step` */
export const getStep = (deps: Deps) => async (c: Ask) => {
  const step = c.req.param('step') ?? ''
  if (!Object.hasOwn(steps, step)) throw new Problem('not_found', 'There is no such step.')
  return answer(c, editorOf(deps, c), step as Step)
}

async function answer(c: Ask, editor: Editor, step: Step) {
  const counts = await countSetup(editor.scope)
  const setup: SetupProps = { standing: standingOf(c.get('viewer')), step, done: await doneSteps(editor, counts) }
  switch (step) {
    case 'credentials':
      return fragment(c, CredentialsStep, { setup, connection: await connectionOf(editor) })
    case 'configuration': {
      const [schedule, configuration] = [await scheduleOf(editor), await configurationOf(editor)]
      return fragment(c, ConfigurationStep, {
        setup,
        observing: editor.tenant.mode === 'observe',
        schedule,
        configuration,
      })
    }
    case 'sources': {
      const [sources, configuration] = [await sourcesOf(editor), await configurationOf(editor)]
      return fragment(c, SourcesStep, { setup, sources, configuration })
    }
    case 'mapping':
      return fragment(c, MappingStep, { setup, ...counts, withoutProduct: await withoutProduct(editor) })
    case 'review':
      return fragment(c, ReviewStep, { setup, ...(await reviewOf(editor, counts)) })
  }
}

/** Steps are done by what there is, not by having been looked at. */
async function doneSteps({ scope, tenant }: Editor, counts: SetupCounts): Promise<Step[]> {
  const isConfigured = (await wasSet(scope, 'schedule')) || counts.mappings > 0
  const isDone: Record<Step, boolean> = {
    credentials: tenant.state === 'connected',
    configuration: isConfigured,
    sources: counts.snapshots > 0,
    mapping: counts.included > 0,
    review: tenant.mode === 'live',
  }
  return (Object.keys(steps) as Step[]).filter((step) => isDone[step])
}

const withoutProduct = async ({ scope }: Editor): Promise<string[]> =>
  (await listSources(scope)).filter(({ productId }) => productId === null).map(({ name }) => name)

async function reviewOf({ scope, tenant }: Editor, counts: SetupCounts) {
  const plan = await findNewestPlan(scope)
  return {
    mode: tenant.mode,
    included: counts.included,
    ...(plan ? { plan: { id: plan.id, madeAt: timeOf(tenant, plan.createdAt) } } : {}),
    checks: checksOf(tenant, counts, await findNewestRun(scope)),
  }
}

/** How one knows that it works (X18). */
function checksOf({ state, stateCause }: Tenant, counts: SetupCounts, run: Run | undefined) {
  const { included, parked, withoutAddition } = counts
  const isPlaced = included > 0 && parked + withoutAddition === 0
  const left = run?.counts ? run.counts.held + run.counts.failed + run.counts.unknown : 0
  const isEqual = run?.state === 'done' && run.counts !== null && left === 0
  return [
    {
      title: 'Connected',
      ok: state === 'connected',
      text: state === 'connected' ? 'ConnectWise accepts the keys.' : (stateCause ?? 'No keys are stored.'),
    },
    {
      title: 'Every account has its place',
      ok: isPlaced,
      text:
        included === 0
          ? 'Nothing is included yet.'
          : `${included - parked - withoutAddition} of ${included} included mappings name company, agreement and addition.`,
    },
    {
      title: 'Quantities equal the counts',
      ok: isEqual,
      text: !run
        ? 'No run yet.'
        : isEqual
          ? 'After the newest run every quantity equals its count.'
          : `The newest run left ${left} ${left === 1 ? 'change' : 'changes'} that wait or failed.`,
    },
  ]
}

/** `POST /setup/plan`: what the schedule would plan tonight, made now; before a first approval it writes nothing (G16). */
export const postFirstPlan = (deps: Deps) => async (c: Ask) => {
  const { scope, member } = editorOf(deps, c)
  const [schedule] = await listSchedules(scope)
  const run = await startRun(deps, scope, { startedBy: member, ...(schedule ? { scheduleId: schedule.id } : {}) })
  return fragment(c, RunStarted, await progressOf(c.get('viewer'), run))
}
