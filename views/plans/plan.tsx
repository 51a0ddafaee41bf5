import { timeIn } from '#billing/period.ts'
import { State } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { Announce, Empty, Notice } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'
import { GoTo, HubScreen, type Standing } from '#views/screen.tsx'
import { Tile, Tiles } from '#views/tiles.tsx'
import { PlanRows, type PlanRowsProps } from './rows.tsx'

export interface PlanProps {
  id: string
  run: string
  state: string
  fingerprint: string
  createdAt: number
  zone: string
  startedBy: string
  closedBy?: string
  /** It is being written: outcomes come in. */
  live: boolean
  counts: { changes: number; approvable: number; blocked: number; conflicts: number; unchanged: number }
  /** `+20.00 USD a month`, one per currency and cycle, for who may see money. */
  money: readonly string[]
  nextInvoiceOn?: string
  rows: PlanRowsProps
  /** What the viewer may do here, or why nothing. `goLive`: schedules write from then on. */
  decision: { approve: boolean; dismiss: boolean; goLive: boolean; why?: string }
  /** Said aloud with this answer. */
  told?: string
}

/** V1: every change before it is written, and the yes to exactly that. */
export const PlanScreen = ({ standing, plan }: { standing: Standing; plan: PlanProps }) => (
  <HubScreen standing={standing} place="/plans" title={`Plan of ${timeIn(plan.zone, plan.createdAt)}`}>
    <div id="run" />
    <PlanBody {...plan} />
  </HubScreen>
)

/** All of a plan. While it is being written it asks again; afterwards when somebody has chosen, or a run has ended. */
export const PlanBody = (plan: PlanProps) => (
  <div id="plan" class="stack" {...refresh(plan)}>
    <Head {...plan} />
    <Figures {...plan} />
    <Step {...plan} />
    {plan.rows.groups.length === 0 && plan.rows.hidden === 0 ? (
      <Empty kind="equal" title="Nothing to change: ConnectWise and the sources agree." />
    ) : (
      <PlanRows {...plan.rows} />
    )}
    {plan.told && <Announce>{plan.told}</Announce>}
  </div>
)

const refresh = ({ id, live, rows }: PlanProps) =>
  hx({
    get: `/plans/${id}/rows?page=${rows.page}${live ? '&live=1' : ''}`,
    trigger: live ? 'every 2s' : 'chosen from:document, ended from:document',
    target: 'this',
    swap: 'outerMorph',
    sync: 'this:drop',
  })

const Head = (plan: PlanProps) => (
  <p class="meta">
    <State state={plan.state} />
    <span>
      Made <When at={plan.createdAt} zone={plan.zone} /> by {plan.startedBy}
    </span>
    {plan.closedBy && <span>Dismissed by {plan.closedBy}</span>}
    <GoTo path={`/runs/${plan.run}`}>Its run</GoTo>
  </p>
)

const Figures = ({ counts, money, nextInvoiceOn }: PlanProps) => (
  <Tiles>
    <Tile label="Changes" note={`${counts.unchanged} unchanged`}>
      {counts.changes}
    </Tile>
    <Tile label="Waiting for a person" {...(counts.approvable > 0 ? { kind: 'wait' as const } : {})}>
      {counts.approvable} held
    </Tile>
    {counts.blocked > 0 && (
      <Tile label="Cannot be approved" kind="bad">
        {counts.blocked} blocked
      </Tile>
    )}
    {money.length > 0 && (
      <Tile label="Money, together">
        {money.map((text) => (
          <p class="number">{text}</p>
        ))}
      </Tile>
    )}
    {nextInvoiceOn && <Tile label="Earliest next invoice">{nextInvoiceOn}</Tile>}
  </Tiles>
)

const Step = (plan: PlanProps) => (
  <>
    {plan.state === 'stale' && (
      <Notice kind="info" title="A newer plan speaks of the same lines.">
        <GoTo path="/plans">Look at the plans</GoTo>
      </Notice>
    )}
    {plan.counts.blocked > 0 && plan.state === 'waiting' && (
      <Notice kind="warning" title={`${plan.counts.blocked} of these cannot be approved, only put right.`}>
        <p>Each line says what it needs. Then sync again.</p>
      </Notice>
    )}
    {plan.decision.why && <p class="quiet">{plan.decision.why}</p>}
    {plan.decision.approve ? <Approval {...plan} /> : plan.decision.dismiss && <Dismiss id={plan.id} />}
  </>
)

const Approval = ({ id, fingerprint, counts, decision: { goLive, dismiss }, rows }: PlanProps) => (
  <form class="card" {...hx({ post: `/plans/${id}/approval`, ...swapped, disable: 'find button' })}>
    <input type="hidden" name="fingerprint" value={fingerprint} />
    <input type="hidden" name="page" value={String(rows.page)} />
    {goLive && (
      <p>Scheduled runs have only observed so far. With a first approval they write what needs no approval.</p>
    )}
    {counts.conflicts > 0 && <p>{conflictWords(counts.conflicts)} To decide otherwise, choose on the line first.</p>}
    <div class="field">
      <label for="note">Note (optional)</label>
      <textarea id="note" name="note" maxlength={500} rows={2} />
    </div>
    <div class="actions">
      <button type="submit" class="primary">
        {approveWords(counts.approvable, goLive)}
      </button>
      {dismiss && <Dismiss id={id} />}
    </div>
  </form>
)

const Dismiss = ({ id }: { id: string }) => (
  <button type="button" {...hx({ post: `/plans/${id}/dismissal`, ...swapped, disable: 'this' })}>
    Dismiss
  </button>
)

const conflictWords = (n: number): string =>
  n === 1
    ? "1 of these is a conflict: approving writes the source's value there."
    : `${n} of these are conflicts: approving writes the source's values there.`

const swapped = { target: '#plan', swap: 'outerHTML' as const }

function approveWords(n: number, goLive: boolean): string {
  if (n === 0) return 'Approve and go live'
  return `Approve ${n} ${n === 1 ? 'change' : 'changes'}${goLive ? ' and go live' : ''}`
}
