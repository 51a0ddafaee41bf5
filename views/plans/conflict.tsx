import { hx } from '#views/hx.ts'
import { Announce } from '#views/notice.tsx'

/** Where ConnectWise holds neither what TrueUp last wrote nor what the source says (FEATURES 4.11). */
export interface Conflict {
  /** Where a choice is posted to; absent for who may not choose. */
  path?: string
  values: readonly { name: string; last?: string; existing: string; wanted: string }[]
  /** Who changed it in ConnectWise, if ConnectWise says. */
  changedBy?: string
  /** `2026-11-21 14:05`, where known. */
  changedAt?: string
  /** The days a pin may end on, and the one that is offered. */
  pin: { first: string; last: string; offered: string }
  /** Why the source's value cannot be taken. */
  blocked?: string
}

/** The three values side by side, and the three choices. */
export const ConflictChoices = (conflict: Conflict) => (
  <div class="conflict">
    <dl>
      {conflict.values.map(({ name, last, existing, wanted }) => (
        <>
          <dt>{name}</dt>
          <dd>
            TrueUp last wrote <b>{last ?? 'nothing'}</b>, ConnectWise holds <b>{existing}</b>, the source says{' '}
            <b>{wanted}</b>.
          </dd>
        </>
      ))}
    </dl>
    {conflict.changedBy && (
      <p class="quiet">
        Last changed in ConnectWise by {conflict.changedBy}
        {conflict.changedAt ? ` at ${conflict.changedAt}` : ''}.
      </p>
    )}
    {conflict.blocked && <p>The source's value cannot be taken: {conflict.blocked}.</p>}
    {conflict.path ? (
      <Choices {...conflict} path={conflict.path} />
    ) : (
      <p class="quiet">Somebody with the finance role in TrueUp chooses here.</p>
    )}
  </div>
)

const Choices = ({ path, values, pin, blocked }: Conflict & { path: string }) => {
  const [only] = values.length === 1 ? values : []
  const post = { post: path, target: 'closest .conflict', swap: 'outerHTML' as const, disable: 'this' }
  return (
    <div class="actions">
      <button type="button" {...hx({ ...post, vals: { choice: 'keep' } })}>
        {only ? `Keep theirs: ${only.existing}` : 'Keep theirs'}
      </button>
      {!blocked && (
        <button type="button" {...hx({ ...post, vals: { choice: 'take' } })}>
          {only ? `Take the source's: ${only.wanted}` : "Take the source's"}
        </button>
      )}
      <form class="inline" {...hx({ ...post, disable: 'find button' })}>
        <input type="hidden" name="choice" value="pin" />
        <label>
          Pin until <input type="date" name="until" value={pin.offered} min={pin.first} max={pin.last} required />
        </label>
        <button type="submit">Pin</button>
      </form>
    </div>
  )
}

/** Instead of the choices, once one was made. */
export const ChoiceMade = ({ text, run }: { text: string; run?: string }) => (
  <div class="conflict">
    <p>
      <span aria-hidden="true">✓</span> {text}
    </p>
    {run && <div {...hx({ get: `/runs/${run}/progress`, trigger: 'load', target: 'this', swap: 'innerHTML' })} />}
    <Announce>{text}</Announce>
  </div>
)
