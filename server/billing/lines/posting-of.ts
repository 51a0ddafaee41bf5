import { type LoadedLine, ownKey, subscriptionKey } from './line.ts'
import type { LineAddition, LinePosting } from './posting.ts'
import { descriptionOf } from './words.ts'

/** What its addition stands for: a recurring charge's subscription, or the line itself (P10). */
export const identityOf = (line: LoadedLine): string =>
  line.kind === 'recurring' ? subscriptionKey(line) : ownKey(line)

/** What is remembered of a line once it is written. `memory`: of the addition it is written to. */
export const postingOf = (line: LoadedLine, memory?: LineAddition): LinePosting => ({
  lines: [line.id],
  source: line.source,
  account: line.account,
  kind: line.kind === 'recurring' ? 'persistent' : 'one-time',
  identity: identityOf(line),
  period: line.period,
  description: descriptionOf(line),
  offer: line.said.offer,
  ...(isEndTyped(line, memory) ? { isEndTyped: true } : {}),
})

/** A day that a person typed stays the end of its addition until a person types another, or that there is none. */
const isEndTyped = ({ dates }: LoadedLine, memory: LineAddition | undefined): boolean =>
  dates.cancelledBadge === 'user' ? dates.cancelledOn !== null : memory?.isEndTyped === true
