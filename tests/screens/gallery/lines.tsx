import { type AdditionLine, AdditionLines } from '#views/pods/addition-lines.tsx'
import { Screen } from '#views/screen.tsx'
import { longName } from './given.ts'

const part = { under: true, quantity: '2', reasons: ['From 2026-11-17 to 2026-11-30.'] } as const

/** Lines for parts of periods under their standing line, in every state. */
const lines: readonly AdditionLine[] = [
  { name: longName, state: 'equal', quantity: '12', reasons: [], counts: ['Platform, A-17: 12 users'], tick: ['a'] },
  { ...part, name: 'Part of November 2026', state: 'written', price: '10' },
  { ...part, name: 'Part of 2026-11-15 to 2026-12-14', state: 'invoiced', price: '10' },
  { name: 'Part of November 2026', under: true, state: 'pending', desired: '2', reasons: ['Written by the next run.'] },
  { name: 'Catch-up of November 2026', under: true, state: 'held', desired: '1', reasons: ['missed: 2 from 17 on'] },
  { ...part, name: 'Part of October 2026', state: 'gone', quantity: '0', reasons: ['Removed in ConnectWise.'] },
  { name: longName, state: 'conflict', quantity: '14', desired: '12', reasons: ['Somebody changed it.'], tick: ['b'] },
]

export const Lines = () => (
  <Screen title={longName}>
    <AdditionLines caption="Additions" lines={lines} zone="UTC" currency="USD" />
  </Screen>
)
