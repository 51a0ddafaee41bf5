import { timeIn } from '#billing/period.ts'
import { NeedsAttention } from '#views/connection.tsx'
import { Notice } from '#views/notice.tsx'
import { GoTo } from '#views/screen.tsx'
import type { PodProps } from './pod.tsx'

/** What stands in the way of writing, failed last time, or waits for a person. */
export const PodNotices = ({ standing, stopped, lastFailure, waiting, zone }: PodProps) => (
  <>
    {standing.state === 'attention' && <NeedsAttention {...standing} />}
    {stopped && <Notice kind="warning" title={stopped} />}
    {lastFailure && (
      <Notice kind="warning" title={`The last run failed at ${timeIn(zone, lastFailure.at)}.`}>
        <p>{lastFailure.cause}</p>
      </Notice>
    )}
    {waiting && (
      <Notice
        kind="info"
        title={`${[waiting.count === 1 ? '1 line waits' : `${waiting.count} lines wait`, ...waiting.money].join(', ')}.`}
      >
        <GoTo path={`/plans/${waiting.plan}`}>Review plan</GoTo>
      </Notice>
    )}
  </>
)
