import { expect, it } from 'vitest'
import { waitForNeeds } from '#billing/needs.ts'
import type { PlanRow } from '#billing/plan.ts'

const row = (key: string, outcome: PlanRow['outcome'], needs: string[] = []): PlanRow => ({
  key,
  change: 'update',
  source: 'src',
  accounts: ['A-17'],
  mappings: ['m1'],
  before: {},
  after: {},
  holds: [],
  reason: 'users 12',
  outcome,
  attention: false,
  needs,
})

it('a row waits with the row it needs, also over several steps and in any order', () => {
  const rows = [
    row('addition:3', 'pending', ['agreement:-2']),
    row('agreement:-2', 'pending', ['company:-1']),
    row('company:-1', 'held'),
    row('addition:9', 'pending', ['addition:8']),
    row('addition:8', 'pending'),
  ]
  const waiting = waitForNeeds(rows)
  expect(waiting.map(({ outcome }) => outcome)).toEqual(['held', 'held', 'held', 'pending', 'pending'])
  expect(waiting.map(({ reason }) => reason).slice(0, 2)).toEqual([
    'users 12; waits for the new agreement of A-17',
    'users 12; waits for the new company of A-17',
  ])
})

it('a row whose need is nowhere waits', () => {
  expect(waitForNeeds([row('addition:3', 'pending', ['addition:2'])])[0]?.outcome).toBe('held')
})
