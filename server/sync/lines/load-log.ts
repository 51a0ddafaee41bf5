import { monthName } from '#billing/period.ts'
import type { LogEntry } from '#db/logs.ts'
import type { Composed } from './compose.ts'
import type { Loaded } from './load.ts'

interface Load {
  id: string
  /** Epoch milliseconds. */
  at: number
  by: string
  source: { id: string; name: string }
  period: string
}

/** What a load did, and one warning for each thing that is odd about lines it brought. */
export function entriesOf(
  { id, at, by, source, period }: Load,
  loaded: Loaded,
  written: readonly Composed[],
): LogEntry[] {
  const about = { at, event: 'lines.loaded', sourceId: source.id, member: by }
  const opening = `${source.name}, ${monthName(period)}:`
  return [
    { ...about, id, level: 'info', text: `${opening} ${countsText(loaded)}` },
    ...[...oddities(written)].map(([odd, count], i) => ({
      ...about,
      id: `${id}-${i}`,
      level: 'warning' as const,
      text: `${opening} ${linesText(count)}: ${odd}`,
    })),
  ]
}

const linesText = (count: number): string => `${count} ${count === 1 ? 'line' : 'lines'}`

function countsText({ lines, added, changed, gone, posted }: Loaded): string {
  const parts = [
    `${linesText(lines)} loaded`,
    added > 0 && `${added} new`,
    changed > 0 && `${changed} changed`,
    gone > 0 && `${gone} no longer named`,
    posted > 0 && `${posted} changed after they were posted and left as they were`,
  ]
  return `${parts.filter(Boolean).join(', ')}.`
}

function oddities(written: readonly Composed[]): Map<string, number> {
  const odd = new Map<string, number>()
  const add = (what: string) => odd.set(what, (odd.get(what) ?? 0) + 1)
  for (const { warning, chargeKind, chargeType } of written) {
    if (warning !== null) add(warning)
    if (chargeKind === null) add(`unknown charge type ${chargeType}`)
  }
  return odd
}
