import { monthName } from '#billing/period.ts'
import { Badge } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { When } from '#views/numbers.tsx'

/** The list of an account's users on one agreement. */
export interface ListLine {
  /** A mapping of the account, whose users can be downloaded. */
  mapping: string
  /** What the source calls the account. */
  name: string
  sourceName: string
  /** Absent: nothing was sent yet. `at` in epoch milliseconds. */
  sent?: { state: 'attached' | 'sending' | 'failed' | 'waiting'; period: string; at: number; problem?: string }
}

/** Whether the lists of users hang on this agreement, and why not (FEATURES 4.12). */
export const UserLists = ({ lists, zone }: { lists: readonly ListLine[]; zone: string }) => (
  <section class="card" aria-labelledby="user-lists">
    <h2 id="user-lists">Lists of users</h2>
    <ul class="lines">
      {lists.map((line) => (
        <li>
          <span class="name">
            {line.name} <span class="quiet">{line.sourceName}</span>
          </span>
          <span class="state">
            <Standing {...line} />
          </span>
          <span class="reason">
            <Words {...line} zone={zone} />
          </span>
          <span class="more">
            <button
              type="button"
              class="link"
              data-download={`users-${line.mapping}.csv`}
              {...hx({ get: `/mappings/${line.mapping}/people.csv`, swap: 'none' })}
            >
              Download<span class="visually-hidden"> the users of {line.name}</span>
            </button>
          </span>
        </li>
      ))}
    </ul>
  </section>
)

const Standing = ({ sent }: ListLine) =>
  sent?.state === 'attached' ? (
    <Badge kind="good">Attached</Badge>
  ) : (
    <Badge kind={sent === undefined ? 'off' : 'wait'}>Not attached</Badge>
  )

const Words = ({ sent, zone }: ListLine & { zone: string }) => {
  if (!sent) return <>It is attached after the next run that finds users listed by name.</>
  const { state, period, at, problem } = sent
  if (state === 'attached')
    return (
      <>
        {monthName(period)}, attached <When at={at} zone={zone} />, under Documents in ConnectWise.
      </>
    )
  return (
    <>
      {monthName(period)}, tried <When at={at} zone={zone} />: {problem}
    </>
  )
}
