import { timeIn } from '#billing/period.ts'
import type { Beside, Counts } from '#billing/summary.ts'
import { State } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { Notice } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'
import { GoTo, HubScreen, type Standing } from '#views/screen.tsx'
import { PlanRows, type PlanRowsProps } from './rows.tsx'
import { type Progress, RunProgress } from './run-progress.tsx'
import type { RunLine } from './runs.tsx'

export interface RunProps {
  standing: Standing
  zone: string
  run: RunLine
  finishedAt?: number
  progress: Progress
  plan?: string
  /** Lists of users and contacts, which are no billing. */
  beside?: Beside
  /** Why lines were skipped, in a word each. */
  skipped: readonly { why: string; rows: number }[]
  rows?: PlanRowsProps
}

/** What a run did: counts, what was skipped and why, and its lines, those that failed or wait first. */
export const RunScreen = (props: RunProps) => (
  <HubScreen standing={props.standing} place="/runs" title={`Run of ${timeIn(props.zone, props.run.startedAt)}`}>
    <div id="run">{props.run.state === 'running' && <RunProgress {...props.progress} />}</div>
    <Head {...props} />
    {props.run.cause && <Notice kind="error" title={props.run.cause} />}
    {props.run.counts && <Outcomes counts={props.run.counts} />}
    {props.beside && <BesideBilling beside={props.beside} />}
    {props.skipped.length > 0 && <Skipped skipped={props.skipped} />}
    {props.rows && <PlanRows {...props.rows} />}
  </HubScreen>
)

const Head = ({ run, zone, finishedAt, plan }: RunProps) => (
  <p
    class="meta"
    {...(run.state === 'running'
      ? hx({ get: `/runs/${run.id}`, trigger: 'ended from:document', target: '#main', swap: 'innerHTML' })
      : {})}
  >
    <State state={run.state} />
    <span>
      {run.about}, started <When at={run.startedAt} zone={zone} /> by {run.startedBy}
    </span>
    {finishedAt !== undefined && (
      <span>
        ended <When at={finishedAt} zone={zone} bare />, after {run.duration}
      </span>
    )}
    <span>{run.requests} requests to ConnectWise</span>
    {plan && <GoTo path={`/plans/${plan}`}>Its plan</GoTo>}
    <GoTo path={`/logs?run=${run.id}`}>Detailed log</GoTo>
  </p>
)

const Outcomes = ({ counts }: { counts: Counts }) => (
  <ul class="counts" aria-label="Outcomes">
    {Object.entries(counts).map(([outcome, n]) => (
      <li>
        <b>{n}</b> {outcome}
      </li>
    ))}
  </ul>
)

/** Counted apart from billing (FEATURES 4.12); nothing where there is nothing to say. */
const BesideBilling = ({ beside: { lists, contacts } }: { beside: Beside }) => {
  const counted = [
    [lists.attached, 'lists of users attached'],
    [lists.failed, 'lists of users not attached'],
    [contacts.created, 'contacts made'],
    [contacts.updated, 'contacts set inactive'],
    [contacts.held, 'contacts waiting'],
    [contacts.failed, 'contacts failed'],
  ] as const
  const told = counted.filter(([n = 0]) => n > 0)
  return told.length === 0 ? null : (
    <ul class="counts" aria-label="Beside billing">
      {told.map(([n, what]) => (
        <li>
          <b>{n}</b> {what}
        </li>
      ))}
    </ul>
  )
}

const Skipped = ({ skipped }: Pick<RunProps, 'skipped'>) => (
  <section class="card" aria-labelledby="skipped">
    <h2 id="skipped">Skipped, by reason</h2>
    <ul class="counts">
      {skipped.map(({ why, rows }) => (
        <li>
          <b>{rows}</b> {why}
        </li>
      ))}
    </ul>
  </section>
)
