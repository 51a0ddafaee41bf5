import { oneLine } from '#billing/one-line.ts'
import { monthName } from '#billing/period.ts'
import { isToBeMade } from '#billing/record.ts'
import type { LoadedLine } from './line.ts'

const longestDescription = 6000

/** What the invoice says of a line: its subscription and what it is charged for (P11). */
export function descriptionOf({ said, chargeName }: Pick<LoadedLine, 'said' | 'chargeName'>): string {
  const name = oneLine(said.subscriptionName ?? '')
  return oneLine(name === '' ? chargeName : `${name} - ${chargeName}`).slice(0, longestDescription)
}

/** `UsageFee of Backup 365, line L-7 of October 2026`: which line is meant. */
export function lineWords({ said, chargeName, period }: LoadedLine): string {
  const invoice = said.invoice === undefined ? '' : ` on ${oneLine(said.invoice)}`
  return `${chargeName} of ${oneLine(said.subscriptionName ?? said.offer)}, line ${said.id}${invoice} of ${monthName(period)}`
}

/** `lines L-1, L-2 of November 2026`. */
export function linesWords(lines: readonly LoadedLine[]): string {
  const [first] = lines
  if (!first) return 'no lines'
  const months = [...new Set(lines.map(({ period }) => monthName(period)))].join(' and ')
  return `lines ${lines.map(({ said }) => said.id).join(', ')} of ${months}`
}

/** `agreement 87`; one that is to be made has no number yet. */
export const agreementWords = (id: number): string => (isToBeMade(id) ? 'the new agreement' : `agreement ${id}`)
