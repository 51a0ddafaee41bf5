import { type LoadedLine, ownKey, subscriptionKey } from './line.ts'
import type { LinePosting } from './posting.ts'
import { descriptionOf } from './words.ts'

/** What its addition stands for: a recurring charge's subscription, or the line itself (P10). */
export const identityOf = (line: LoadedLine): string =>
  line.kind === 'recurring' ? subscriptionKey(line) : ownKey(line)

/** What is remembered of a line once it is written. */
export const postingOf = (line: LoadedLine): LinePosting => ({
  lines: [line.id],
  source: line.source,
  account: line.account,
  kind: line.kind === 'recurring' ? 'persistent' : 'one-time',
  identity: identityOf(line),
  period: line.period,
  description: descriptionOf(line),
  offer: line.said.offer,
  ...(line.dates.cancelledBadge === 'user' ? { isEndTyped: true } : {}),
})
