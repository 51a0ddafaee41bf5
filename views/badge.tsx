import type { Child } from 'hono/jsx'

const signs = { good: '✓', bad: '✕', wait: '!', unknown: '?', off: '–', busy: '…', changed: '→' }

export type BadgeKind = keyof typeof signs

/** Status as word, sign and colour, never colour alone. */
export const Badge = ({ kind, children }: { kind: BadgeKind; children: Child }) => (
  <span class={`badge ${kind}`}>
    <span aria-hidden="true">{signs[kind]}</span> {children}
  </span>
)

/** Every state people see, by the word they read (FEATURES 4.5). */
const states: Record<string, [BadgeKind, string]> = {
  connected: ['good', 'Connected'],
  attention: ['bad', 'Needs attention'],
  disconnected: ['off', 'Not connected'],
  mapped: ['good', 'Mapped'],
  unmapped: ['unknown', 'Unmapped'],
  excluded: ['off', 'Excluded'],
  parked: ['bad', 'Parked'],
  'response-error': ['unknown', 'Response Error'],
  'not-synced': ['off', 'Not Synced'],
  synced: ['good', 'Synced'],
  'left-out': ['off', 'Left out'],
  equal: ['good', 'Equal'],
  written: ['good', 'Written'],
  invoiced: ['good', 'Invoiced'],
  gone: ['off', 'Removed'],
  unwritten: ['off', 'Not written'],
  pending: ['changed', 'Pending'],
  conflict: ['wait', 'Conflict'],
  hidden: ['off', 'Agreements not shown'],
  kept: ['off', 'Kept'],
  pinned: ['off', 'Pinned'],
  stale: ['unknown', 'Stale'],
  partial: ['unknown', 'Partial'],
  ready: ['good', 'Ready'],
  waiting: ['wait', 'Waiting'],
  approved: ['good', 'Approved'],
  applying: ['busy', 'Applying'],
  dismissed: ['off', 'Dismissed'],
  running: ['busy', 'Running'],
  done: ['good', 'Done'],
  created: ['good', 'Created'],
  updated: ['good', 'Updated'],
  cancelled: ['good', 'Cancelled'],
  unchanged: ['good', 'Unchanged'],
  held: ['wait', 'Held'],
  blocked: ['bad', 'Blocked'],
  skipped: ['off', 'Skipped'],
  failed: ['bad', 'Failed'],
  unknown: ['unknown', 'Unknown'],
  info: ['off', 'Info'],
  warning: ['wait', 'Warning'],
  error: ['bad', 'Error'],
}

/** Of a record that ConnectWise does not hold yet (FEATURES M5). */
export const ToBeMade = () => <Badge kind="changed">to be made with the next approved plan</Badge>

/** The badge of a state by its name; a name nobody knows is shown as it is. */
export const State = ({ state }: { state: string }) => {
  const [kind, word] = states[state] ?? ['unknown', state]
  return <Badge kind={kind}>{word}</Badge>
}
