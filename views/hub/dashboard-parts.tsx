import { monthName } from '#billing/period.ts'
import { Badge, State } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { Money, When } from '#views/numbers.tsx'
import { GoTo } from '#views/screen.tsx'
import { Sparkline } from '#views/sparkline.tsx'
import type { AttentionLine, DashboardProps, SourceLine } from './dashboard.tsx'

export const Attention = ({ attention, more, isWhole }: DashboardProps) => (
  <section class="card" aria-labelledby="attention">
    <h2 id="attention">What needs somebody</h2>
    {attention.length === 0 ? (
      <p class="quiet">Nothing. Held and failed changes, parked mappings and silent sources would be listed here.</p>
    ) : (
      <ul class="lines">{attention.map((line) => AttentionItem(line))}</ul>
    )}
    {more > 0 && <p class="quiet">And {more} more.</p>}
    <div {...hx({ get: '/duplicates/count', trigger: 'load', swap: 'outerHTML' })} />
    {!isWhole && <p class="quiet">What is about companies and agreements that you may not read is not shown.</p>}
  </section>
)

const words = {
  held: ['wait', 'Held'],
  failed: ['bad', 'Failed'],
  parked: ['bad', 'Parked'],
  stale: ['unknown', 'Silent'],
  unmapped: ['unknown', 'Unmapped'],
} as const

const AttentionItem = ({ kind, about, why, amount, once, step }: AttentionLine) => (
  <li>
    <span class="name">{about}</span>
    <span class="state">
      <Badge kind={words[kind][0]}>{words[kind][1]}</Badge>
    </span>
    {amount && (
      <span class="change">
        <Money {...amount} />
        {once ? '' : ' a cycle'}
      </span>
    )}
    <span class="reason">{why}</span>
    <span class="more">
      <GoTo path={step.path}>{step.text}</GoTo>
    </span>
  </li>
)

export const LastRun = ({ lastRun, zone, changesPerRun }: DashboardProps) => (
  <section class="card" aria-labelledby="last-run">
    <h2 id="last-run">Last run</h2>
    {lastRun ? (
      <>
        <p>
          <State state={lastRun.state} /> <When at={lastRun.at} zone={zone} />, by {lastRun.startedBy},{' '}
          {lastRun.requests} requests{lastRun.cause ? `: ${lastRun.cause}` : ''}
        </p>
        {lastRun.counts && (
          <ul class="counts">
            {Object.entries(lastRun.counts).map(([outcome, n]) => (
              <li>
                <b>{n}</b> {outcome}
              </li>
            ))}
          </ul>
        )}
        <p>
          <GoTo path={`/runs/${lastRun.id}`}>Details</GoTo>{' '}
          <GoTo path={`/logs?run=${lastRun.id}`}>Log of this run</GoTo>{' '}
          <Sparkline points={changesPerRun} label="Changes per run" />
        </p>
      </>
    ) : (
      <p class="quiet">Never run.</p>
    )}
  </section>
)

export const SystemInformation = ({ standing, zone, system, sources }: DashboardProps) => (
  <section class="card" aria-labelledby="system">
    <h2 id="system">System Information</h2>
    <dl>
      <dt>Connection</dt>
      <dd>
        <State state={standing.state} />
      </dd>
      <dt>ConnectWise</dt>
      <dd>
        {standing.company} at {system.site}
        {system.version ? `, version ${system.version}` : ''}
      </dd>
      <dt>API address</dt>
      <dd>{system.apiOrigin}</dd>
      <dt>Keys saved</dt>
      <dd>{system.keysSavedAt === undefined ? 'Unknown' : <When at={system.keysSavedAt} zone={zone} />}</dd>
      <dt>Time zone</dt>
      <dd>
        {zone}, now <When at={system.clock} zone={zone} bare />
      </dd>
      {sources.map((source) => (
        <>
          <dt>{source.name}</dt>
          <dd>
            <SourceState {...source} zone={zone} />
            {source.loaded && <Loaded {...source.loaded} zone={zone} />}
          </dd>
        </>
      ))}
    </dl>
    {sources.length === 0 && <p class="quiet">No source is connected yet.</p>}
  </section>
)

const SourceState = ({ newest, stale, problem, zone }: SourceLine & { zone: string }) =>
  newest ? (
    <>
      {problem !== undefined ? (
        <State state="failed" />
      ) : stale ? (
        <State state="stale" />
      ) : (
        <Badge kind="good">Heard</Badge>
      )}{' '}
      <When at={newest.at} zone={zone} />, {newest.complete ? 'complete' : 'partial'}, {newest.accounts} accounts
    </>
  ) : (
    <>
      <State state={problem === undefined ? 'unknown' : 'failed'} /> nothing sent yet
    </>
  )

const Loaded = ({ month, at, lines, complete, zone }: NonNullable<SourceLine['loaded']> & { zone: string }) => (
  <p class="quiet">
    {lines} invoice lines of {monthName(month)} loaded <When at={at} zone={zone} bare />
    {complete ? '' : ', not complete'}
  </p>
)
