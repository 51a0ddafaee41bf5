import { type Counts, countWords } from '#billing/summary.ts'
import { State } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { Announce, Notice } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'
import { GoTo } from '#views/screen.tsx'

/** A run while it works and as it ended, without anything of single companies. */
export interface Progress {
  id: string
  state: 'running' | 'done' | 'held' | 'failed'
  startedBy: string
  startedAt: number
  zone: string
  requests: number
  /** What it does now, and how much of that is done. */
  step: 'waiting' | 'reading' | 'planning' | 'writing' | 'ended'
  done: number
  all: number
  counts?: Counts
  cause?: string
  /** The plan in which something waits for a person. */
  waitingPlan?: string
  /** Whether nothing that waits can be approved. */
  onlyBlocks?: boolean
}

/** A run's progress: it asks again every second until it is final, and says aloud how it began and how it ended. */
export const RunProgress = (run: Progress) =>
  run.state === 'running' ? (
    <div
      class="run-progress"
      {...hx({ get: `/runs/${run.id}/progress`, trigger: 'every 1s', target: 'this', swap: 'outerHTML' })}
    >
      <p>
        <State state="running" /> {stepWords(run)}
      </p>
      <progress value={run.all > 0 ? run.done : undefined} max={Math.max(1, run.all)} aria-label={stepWords(run)} />
      <Started {...run} />
    </div>
  ) : (
    <div class="run-progress">
      <Ended {...run} />
      <Started {...run} />
      <Announce>{endWords(run)}</Announce>
    </div>
  )

/** As the first answer: what has begun is said aloud. */
export const RunStarted = (run: Progress) => (
  <>
    <RunProgress {...run} />
    {run.state === 'running' && <Announce>Sync started.</Announce>}
  </>
)

const Started = ({ id, startedBy, startedAt, zone, requests }: Progress) => (
  <p class="quiet">
    Started by {startedBy}, <When at={startedAt} zone={zone} />; {requests} {requests === 1 ? 'request' : 'requests'}.{' '}
    <GoTo path={`/runs/${id}`}>Details</GoTo>
  </p>
)

const Ended = (run: Progress) => (
  <Notice kind={run.state === 'done' ? 'good' : run.state === 'held' ? 'warning' : 'error'} title={endWords(run)}>
    {run.cause && <p>{run.cause}</p>}
    {run.waitingPlan && (
      <p>
        {run.onlyBlocks ? 'What waits cannot be approved, only put right. ' : ''}
        <GoTo path={`/plans/${run.waitingPlan}`}>Review the plan</GoTo>
      </p>
    )}
  </Notice>
)

const steps = {
  waiting: 'Waits for the run before it.',
  reading: 'Reading agreements',
  planning: 'Comparing counts.',
  writing: 'Writing changes',
  ended: 'Done.',
}

const stepWords = ({ step, done, all }: Progress): string =>
  step === 'reading' || step === 'writing' ? `${steps[step]}: ${done} of ${all}.` : steps[step]

const titles = { running: 'Running', done: 'Done', held: 'Something waits for a person', failed: 'Something failed' }

function endWords({ state, counts }: Progress): string {
  const words = counts ? countWords(counts) : ''
  return words === '' ? `${titles[state]}.` : `${titles[state]}: ${words}.`
}
