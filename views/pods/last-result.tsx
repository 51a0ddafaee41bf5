import { Badge, type BadgeKind } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { When } from '#views/numbers.tsx'

/** How the last run ended for an account or a company. */
export interface ResultLine {
  state: 'none' | 'done' | 'held' | 'skipped' | 'failed'
  /** Absent: no run was about it yet. */
  at?: number
  cause?: string
  /** What another run would be about, for who may start one. */
  retry?: Record<string, string>
}

const badges: Record<ResultLine['state'], [BadgeKind, string]> = {
  none: ['off', 'Not synced'],
  done: ['good', 'Synced'],
  held: ['wait', 'Waits'],
  skipped: ['off', 'Skipped'],
  failed: ['bad', 'Error'],
}

/** Check or cross with a word, time and cause; where it failed, what to do and another try (X6, X7, X21). */
export const LastResult = ({ result, zone, about }: { result: ResultLine; zone: string; about: string }) => {
  const [kind, word] = badges[result.state]
  return (
    <p class="small">
      <Badge kind={kind}>{word}</Badge> {result.at !== undefined && <When at={result.at} zone={zone} bare />}
      {result.cause && `: ${result.cause.replace(/\.$/, '')}.`}
      {result.state === 'failed' && (
        <>
          {' '}
          Put right in ConnectWise what it names.{' '}
          {result.retry && (
            <button
              type="button"
              class="link"
              {...hx({ post: '/runs', vals: result.retry, target: '#run', swap: 'innerHTML', disable: 'this' })}
            >
              Try again<span class="visually-hidden">: {about}</span>
            </button>
          )}
        </>
      )}
    </p>
  )
}
