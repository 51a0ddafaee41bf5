import type { Child } from 'hono/jsx'
import { timeIn } from '#billing/period.ts'
import { Badge, State } from './badge.tsx'
import { hx } from './hx.ts'
import { Announce, Notice } from './notice.tsx'
import { When } from './numbers.tsx'
import { GoTo, RecordLink, Screen, type Standing } from './screen.tsx'

/** What a pod says before its own content: how it stands, how old it is, what comes next. */
export interface PodProps {
  standing: Standing
  /** Its own address, `/companies/250`. */
  path: string
  title: string
  state: string
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
  waiting?: { plan: string; count: number }
  /** Agreements the member may not read in ConnectWise. */
  hidden: number
  /** The sources ConnectWise agrees with, when everything here is equal. */
  agreeing?: string
  /** Told to screen readers: what was just done. */
  done?: string
}

/** A pod and the tab of the same record: one column of parts, re-read when something was written. */
export const Pod = ({ pod, push, map, children }: { pod: PodProps; push?: object; map?: string; children?: Child }) => {
  const acts = pod.standing.role !== 'technician'
  return (
    <Screen title={pod.title} actions={<Actions pod={pod} {...(acts ? { push, map } : {})} />}>
      {pod.done && <Announce>{pod.done}</Announce>}
      <div id="run" />
      <div id="now" {...hx({ get: pod.path, trigger: 'written from:body', select: '#now', swap: 'outerHTML' })}>
        <Facts {...pod} />
        <Notices {...pod} />
        {children}
        {pod.hidden > 0 && (
          <p class="quiet">
            {pod.hidden === 1 ? '1 agreement is' : `${pod.hidden} agreements are`} not shown: your ConnectWise role may
            not read {pod.hidden === 1 ? 'it' : 'them'}.
          </p>
        )}
        {!acts && <p class="quiet">Pushing, approving and mapping need the role finance.</p>}
      </div>
    </Screen>
  )
}

const Actions = ({ pod, push, map }: { pod: PodProps; push?: object | undefined; map?: string | undefined }) => (
  <>
    {push && (
      <button
        type="button"
        {...hx({ post: '/runs', vals: { ...push }, target: '#run', swap: 'innerHTML', disable: 'this' })}
      >
        Push now
      </button>
    )}
    {map && <GoTo path={map}>Map</GoTo>}
    <button type="button" {...hx({ post: `${pod.path}/reading`, target: '#main', swap: 'innerHTML', disable: 'this' })}>
      Refresh
    </button>
  </>
)

const Facts = (pod: PodProps) => (
  <p class="meta">
    <State state={pod.state} />
    <Age {...pod} />
    <span>{pod.nextRun ? <>Next run {<When {...pod.nextRun} />}</> : 'Runs on demand'}</span>
    {pod.nextInvoiceOn && <span>Next invoice {pod.nextInvoiceOn}</span>}
    {pod.company && (
      <span>
        Agreement of{' '}
        <RecordLink screen="company" {...pod.company}>
          {pod.company.name}
        </RecordLink>
      </span>
    )}
  </p>
)

const Age = ({ readAt, zone, now, late, agreeing }: PodProps) => {
  if (readAt === undefined) return <span>Not read from ConnectWise yet</span>
  if (late || !agreeing) return <AsOf at={readAt} zone={zone} now={now} late={late} />
  return (
    <span>
      ConnectWise and {agreeing} agree {asOf(readAt, zone, now)}.
    </span>
  )
}

/** How old what is shown is: the time alone when it is of today. */
export const AsOf = ({ at, zone, now, late }: { at: number; zone: string; now: number; late?: boolean }) =>
  late ? (
    <Badge kind="wait">{asOf(at, zone, now)}, older than the last run should have left it</Badge>
  ) : (
    <span>{asOf(at, zone, now)}</span>
  )

function asOf(at: number, zone: string, now: number): string {
  const [day, time] = timeIn(zone, at).split(' ')
  return `as of ${day === timeIn(zone, now).slice(0, 10) ? time : `${day} ${time}`}`
}

const Notices = ({ standing, stopped, lastFailure, waiting, zone }: PodProps) => (
  <>
    {standing.state === 'attention' && (
      <Notice kind="error" title="ConnectWise needs attention, so nothing is read or written.">
        <p>{standing.stateCause}</p>
        {standing.role === 'admin' ? (
          <GoTo path="/settings/authentication">Open Authentication</GoTo>
        ) : (
          <p>Ask an admin.</p>
        )}
      </Notice>
    )}
    {stopped && <Notice kind="warning" title={stopped} />}
    {lastFailure && (
      <Notice kind="warning" title={`The last run failed at ${timeIn(zone, lastFailure.at)}.`}>
        <p>{lastFailure.cause}</p>
      </Notice>
    )}
    {waiting && (
      <Notice
        kind="info"
        title={`${waiting.count === 1 ? '1 line waits' : `${waiting.count} lines wait`} for a person.`}
      >
        <GoTo path={`/plans/${waiting.plan}`}>Review plan</GoTo>
      </Notice>
    )}
  </>
)
