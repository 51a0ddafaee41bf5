import type { askSource } from './collect-sources.ts'

const mostShown = 5

/** What a platform said in a test, to be looked at; nothing of it is stored. */
export interface SourceSample {
  period: string
  pages: number
  accounts: number
  readings: number
  people: number
  complete: boolean
  /** Whether it is all there is, in words. */
  state: string
  first: { id: string; name: string; says: string }[]
}

type Collected = Awaited<ReturnType<typeof askSource>>
type Account = Collected['accounts'][number]

export function sampleOf({ period, pages, isCut, complete, accounts }: Collected): SourceSample {
  const people = accounts.flatMap(({ readings }) => readings.map((reading) => reading.people?.length ?? 0))
  return {
    period,
    pages,
    accounts: accounts.length,
    readings: accounts.reduce((sum, { readings, lines }) => sum + readings.length + (lines?.length ?? 0), 0),
    people: people.reduce((sum, n) => sum + n, 0),
    complete,
    state: stateOf(isCut, complete),
    first: accounts.slice(0, mostShown).map(({ id, name, ...account }) => ({ id, name, says: saysOf(account) })),
  }
}

function stateOf(isCut: boolean, complete: boolean): string {
  if (isCut) return 'there are more pages, which a run reads'
  return complete ? 'complete' : 'not known to be complete, so it may raise and never lowers'
}

function saysOf({ readings, lines }: Pick<Account, 'readings' | 'lines'>): string {
  if (lines) return `${lines.length} invoice lines`
  return readings.map(({ name, quantity }) => `${quantity} ${name}`).join(', ') || 'nothing'
}
