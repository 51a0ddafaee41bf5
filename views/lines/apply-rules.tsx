import { hx } from '#views/hx.ts'
import { Announce, Notice } from '#views/notice.tsx'

/** Applies today's rules to the lines of the month that is shown; what is posted and what people typed stays (P9). */
export const ApplyRules = ({ month, source }: { month: string; source: string }) => (
  <details>
    <summary>Apply rules again …</summary>
    <p>
      Works out the days and names of this month’s lines anew, by the rules of Settings › Configuration. Posted lines
      and days that people typed stay as they are.
    </p>
    <div class="actions">
      <button
        type="button"
        {...hx({ post: '/lines/rules', target: '#run', swap: 'innerHTML', vals: { month, source }, disable: 'this' })}
      >
        Apply to lines that are not posted
      </button>
    </div>
  </details>
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
