import { hx } from '#views/hx.ts'
import { Announce, Notice } from '#views/notice.tsx'

/** Applies today's rules to the lines of the month that is shown; what is posted and what people typed stays (P9). */
export const ApplyRules = ({ month, source }: { month: string; source: string }) => (
  <button
    type="button"
    {...hx({
      post: '/lines/rules',
      target: '#run',
      swap: 'innerHTML',
      vals: { month, source },
      confirm: 'Apply today’s rules to all lines of this month that are not posted? What people typed stays.',
      disable: 'this',
    })}
  >
    Apply rules again
  </button>
)

/** What applying them did. */
export const RulesApplied = (props: { month: string; lines: number; changed: number; locked: number }) => {
  const { month, lines, changed, locked } = props
  const title = `Rules applied to ${month}: ${changed} of ${lines} lines changed.`
  return (
    <Notice kind="good" title={title}>
      {locked > 0 && (
        <p>{locked === 1 ? '1 line is posted and stays' : `${locked} lines are posted and stay`} as posted.</p>
      )}
      <Announce>{title}</Announce>
    </Notice>
  )
}
