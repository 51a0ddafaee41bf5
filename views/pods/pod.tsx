import type { Child } from 'hono/jsx'
import { NeedsAgreementType } from '#views/agreement-type.tsx'
import { State } from '#views/badge.tsx'
import { NotConnected } from '#views/connection.tsx'
import { hx } from '#views/hx.ts'
import { Announce } from '#views/notice.tsx'
import { FromTo, When } from '#views/numbers.tsx'
import { GoTo, RecordLink, Screen, type Standing } from '#views/screen.tsx'
import { AsOf, asOf } from './as-of.tsx'
import { PodNotices } from './notices.tsx'

/** What a pod says before its own content: how it stands, how old it is, what comes next. */
export interface PodProps {
  standing: Standing
  /** Its own address, `/companies/250`. */
  path: string
  title: string
  state: string
  /** What is to be written, where it is one line; of more, how many. */
  change?: { from: string; to: string } | number
  zone: string
  now: number
  /** When ConnectWise was last read for it; absent: never. Epoch milliseconds. */
  readAt?: number
  /** A run should have read it since. */
  late: boolean
  /** Of an agreement. */
  company?: { id: number; name: string; href: string }
  /** An agreement's next invoice. */
  nextInvoiceOn?: string
  /** When the next scheduled run starts; absent: runs start on demand. */
  nextRun?: { at: number; zone: string }
  /** Why nothing is written at all, in words. */
  stopped?: string
  /** Why the last run failed, and when. */
  lastFailure?: { at: number; cause: string }
  /** A plan that waits for a person here, and how many of its lines do. */
  waiting?: { plan: string; count: number; money: readonly string[] }
  /** Agreements the member may not read in ConnectWise. */
  hidden: number
  /** The sources ConnectWise agrees with, when everything here is equal. */
  agreeing?: string
  /** Told to screen readers: what was just done. */
  done?: string
}

interface PodParts {
  pod: PodProps
  /** What a run here is about; absent where nothing is mapped. */
  run?: Record<string, string>
  map?: string
  children?: Child
}

/** A pod and the tab of the same record: one column of parts, re-read when something was written. */
export const Pod = ({ pod, run, map, children }: PodParts) => {
  const acts = pod.standing.role !== 'technician'
  return (
    <Screen
      title={pod.title}
      actions={pod.standing.state === 'disconnected' ? undefined : <Actions {...{ pod, run, map, acts }} />}
    >
      {pod.done && <Announce>{pod.done}</Announce>}
      <div id="run" />
      <div
        id="now"
        {...hx({
          get: pod.path,
          trigger: 'written from:body, ended from:document, chosen from:document',
          sync: 'this:replace',
          select: '#now',
          swap: 'outerHTML',
        })}
      >
        {pod.standing.state === 'disconnected' ? (
          <NotConnected role={pod.standing.role} />
        ) : (
          <>
            <Facts {...pod} />
            <PodNotices {...pod} />
            <NeedsAgreementType {...pod.standing} />
            {children}
          </>
        )}
        {pod.hidden > 0 && (
          <p class="quiet">
            {pod.hidden === 1 ? '1 agreement is' : `${pod.hidden} agreements are`} not shown: your ConnectWise role may
            not read {pod.hidden === 1 ? 'it' : 'them'}.
          </p>
        )}
        {!acts && <p class="quiet">Pushing, approving and mapping need the role finance.</p>}
        <p class="small">
          <GoTo path="/help">Help</GoTo>
        </p>
      </div>
    </Screen>
  )
}

const Actions = ({
  pod,
  run,
  map,
  acts,
}: {
  pod: PodProps
  run: PodParts['run'] | undefined
  map: string | undefined
  acts: boolean
}) => (
  <>
    {run && !pod.standing.disabled && (
      <button
        type="button"
        {...hx({ post: acts ? '/runs' : '/dry-runs', vals: run, target: '#run', swap: 'innerHTML', disable: 'this' })}
      >
        {acts ? 'Push now' : 'Dry run'}
      </button>
    )}
    {acts && map && <GoTo path={map}>Map</GoTo>}
    <button type="button" {...hx({ post: `${pod.path}/reading`, target: '#main', swap: 'innerHTML', disable: 'this' })}>
      Refresh
    </button>
  </>
)

const Facts = (pod: PodProps) => (
  <p class="meta">
    <span class="nowrap">
      <State state={pod.state} /> {pod.change !== undefined && <Change change={pod.change} />}
    </span>
    <Age {...pod} />
    <span>{pod.nextRun ? <>Next run {<When {...pod.nextRun} />}</> : whenNone(pod)}</span>
    {pod.nextInvoiceOn && <span>Next invoice {pod.nextInvoiceOn}</span>}
    {pod.company && (
      <span>
        Agreement of{' '}
        <RecordLink screen="company" {...pod.company}>
          {pod.company.name}
        </RecordLink>
      </span>
    )}
    {pod.company && <GoTo path={`/companies/${pod.company.id}`}>Whole company</GoTo>}
  </p>
)

const whenNone = ({ standing }: PodProps): string => (standing.disabled ? 'Nothing runs' : 'Runs on demand')

const Change = ({ change }: { change: NonNullable<PodProps['change']> }) =>
  typeof change === 'number' ? <b>{change} lines</b> : <FromTo {...change} />

const Age = ({ readAt, zone, now, late, agreeing, hidden }: PodProps) => {
  if (readAt === undefined) return hidden > 0 ? null : <span>Not read from ConnectWise yet</span>
  if (late || !agreeing) return <AsOf at={readAt} zone={zone} now={now} late={late} />
  return (
    <span>
      ConnectWise and {agreeing} agree {asOf(readAt, zone, now)}.
    </span>
  )
}
