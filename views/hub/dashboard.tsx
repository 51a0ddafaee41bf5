import type { Counts } from '#billing/summary.ts'
import { State } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { Notice } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'
import { GoTo, HubScreen, type Standing } from '#views/screen.tsx'
import { Tile, Tiles } from '#views/tiles.tsx'
import { Attention, LastRun, SystemInformation } from './dashboard-parts.tsx'

export interface AttentionLine {
  kind: 'held' | 'failed' | 'parked' | 'stale' | 'unmapped'
  /** Account, company, source: what it is about. */
  about: string
  why: string
  /** Only for who may see money. */
  amount?: { value: string; currency: string | undefined }
  /** It is a sum, not an amount a billing cycle. */
  once?: true
  step: { path: string; text: string }
}

export interface SourceLine {
  name: string
  kind: string
  /** `2026-11-21 22:00, complete, 39 accounts`; absent: nothing was ever sent. */
  newest?: { at: number; complete: boolean; accounts: number }
  stale: boolean
  /** The newest month of invoice lines that was loaded. */
  loaded?: { month: string; at: number; lines: number; complete: boolean }
  /** Why a platform that is asked could not be read. */
  problem?: string
}

export interface DashboardProps {
  standing: Standing
  zone: string
  /** Scheduled runs plan and write nothing yet (G16). */
  observing: boolean
  stopped: boolean
  reconcile: boolean
  lastRun?: {
    id: string
    state: string
    at: number
    cause?: string
    counts?: Counts
    requests: number
    startedBy: string
  }
  /** Epoch milliseconds; absent: only on demand. */
  nextRunAt?: number
  counts: { held: number; failed: number; unmapped: number; parked: number; errors: number; warnings: number }
  /** Invoice lines that are not posted, and what of them needs somebody; absent: there are none at all. */
  lines?: { open: number; unmapped: number; held: number; error: number }
  attention: readonly AttentionLine[]
  /** Attention lines there are beyond those shown. */
  more: number
  /** Whether the member may read everything there is. */
  isWhole: boolean
  system: { version?: string; apiOrigin: string; site: string; keysSavedAt?: number; clock: number }
  sources: readonly SourceLine[]
  changesPerRun: readonly { day: string; value: number }[]
  mayAct: boolean
}

/** FEATURES X11–X13 and the attention list, money first. */
export const DashboardScreen = (props: DashboardProps) => (
  <HubScreen
    standing={props.standing}
    place="/dashboard"
    title="Dashboard"
    actions={props.mayAct && props.standing.state === 'connected' && !props.standing.disabled ? <SyncNow /> : undefined}
  >
    <div id="run" />
    <div
      id="standings"
      {...hx({ get: '/dashboard', trigger: 'ended from:document', select: '#standings', swap: 'outerHTML' })}
    >
      <Standings {...props} />
      <Attention {...props} />
      <div class="columns">
        <LastRun {...props} />
        <SystemInformation {...props} />
      </div>
    </div>
  </HubScreen>
)

/** The one primary action of the hub. */
const whenNone = ({ disabled }: Standing): string => (disabled ? 'None: switched off' : 'On demand only')

const SyncNow = () => (
  <button type="button" class="primary" {...hx({ post: '/runs', target: '#run', swap: 'innerHTML' })}>
    Sync now
  </button>
)

const Standings = (props: DashboardProps) => (
  <>
    {props.standing.state === 'attention' && (
      <Notice kind="error" title="The connection needs attention. Nothing is read or written until it works again.">
        <p>{props.standing.stateCause}</p>
        {props.standing.role === 'admin' && <GoTo path="/settings/authentication">Look at the connection</GoTo>}
      </Notice>
    )}
    {props.reconcile && (
      <Notice
        kind="warning"
        title="Restored from a backup: nothing is written until it has been compared with ConnectWise."
      />
    )}
    {props.stopped && <Notice kind="warning" title="The kill switch is on: nothing is written to ConnectWise." />}
    {props.observing && (
      <Notice kind="info" title="Observing: scheduled runs plan and write nothing until a first plan is approved.">
        <GoTo path="/plans">Look at the plans</GoTo>
      </Notice>
    )}
    <Figures {...props} />
  </>
)

const Figures = ({ zone, standing, lastRun, nextRunAt, counts, lines }: DashboardProps) => (
  <Tiles>
    <Tile label="Connection" kind={standing.state === 'connected' ? 'good' : 'bad'}>
      <State state={standing.state} />
    </Tile>
    <Tile label="Last sync" note={lastRun && <When at={lastRun.at} zone={zone} />}>
      {lastRun ? <State state={lastRun.state} /> : 'Never run'}
    </Tile>
    <Tile label="Next scheduled run" note={nextRunAt === undefined ? undefined : zone}>
      {nextRunAt === undefined ? whenNone(standing) : <When at={nextRunAt} zone={zone} bare />}
    </Tile>
    <Figure label="Waiting for a person" n={counts.held} word="held" kind="wait" path="/plans" />
    <Figure label="Failed in the last run" n={counts.failed} word="failed" kind="bad" path="/logs?level=error" />
    <Figure
      label="Accounts without a mapping"
      n={counts.unmapped}
      word="unmapped"
      kind="wait"
      path="/mappings?status=unmapped"
    />
    {lines && <OpenLines lines={lines} />}
    <Figure label="Errors, 30 days" n={counts.errors} word="errors" kind="bad" path="/logs?level=error" />
    <Figure label="Warnings, 30 days" n={counts.warnings} word="warnings" kind="wait" path="/logs?level=warning" />
  </Tiles>
)

const OpenLines = ({ lines }: { lines: NonNullable<DashboardProps['lines']> }) => {
  const { open, unmapped, held, error } = lines
  const words = [`${unmapped} unmapped`, `${held} held`, `${error} with an error`]
  const kind = error > 0 ? 'bad' : unmapped + held > 0 ? 'wait' : undefined
  return (
    <Tile
      label="Invoice lines"
      {...(kind ? { kind } : {})}
      note={
        open === 0 ? (
          'All are synced'
        ) : (
          <>
            {words.filter((text) => !text.startsWith('0')).join(', ')} <GoTo path="/lines">Look</GoTo>
          </>
        )
      }
    >
      {open} not synced
    </Tile>
  )
}

const Figure = (props: { label: string; n: number; word: string; kind: 'wait' | 'bad'; path: string }) => (
  <Tile
    label={props.label}
    {...(props.n > 0 ? { kind: props.kind } : {})}
    note={props.n > 0 ? <GoTo path={props.path}>Look</GoTo> : 'Nothing to do'}
  >
    {props.n} {props.word}
  </Tile>
)
