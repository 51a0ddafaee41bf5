import type { PlanRow } from '#billing/plan.ts'
import type { Rivals } from './choose.ts'
import { type NoLineTarget, rowWithoutTarget } from './line-target.ts'

/** The rows of lines that are not written: those with the same reason are one row of their account and month (X8). */
export function unwrittenRows(refused: readonly NoLineTarget[], rivals: readonly Rivals[]): PlanRow[] {
  const alike = new Map<string, NoLineTarget[]>()
  for (const one of refused) {
    const key = keyOf(one)
    alike.set(key, [...(alike.get(key) ?? []), one])
  }
  return [...rivals.map(rivalsRow), ...[...alike].map(([key, all]) => refusedRow(key, all))]
}

function keyOf(refusal: NoLineTarget): string {
  const { source, account, period, id } = refusal.line
  if (refusal.verdict === 'blocked') return `line:${id}`
  return `lines:${JSON.stringify([source, account, period, refusal.reason])}`
}

function refusedRow(key: string, all: readonly NoLineTarget[]): PlanRow {
  const [first] = all
  return rowWithoutTarget(
    all.map(({ line }) => line),
    { key, ...(first ? verdictOf(first) : {}) },
  )
}

function verdictOf(refusal: NoLineTarget): Partial<PlanRow> {
  switch (refusal.verdict) {
    case 'skipped':
      return { reason: refusal.reason, outcome: 'skipped', attention: refusal.attention ?? false }
    case 'failed':
      return { reason: refusal.reason, outcome: 'failed', attention: true }
    case 'blocked':
      return { holds: [refusal.hold], reason: refusal.hold.text, outcome: 'held', attention: true }
  }
}

const rivalsRow = ({ identity, lines, text }: Rivals): PlanRow =>
  rowWithoutTarget(lines, {
    key: `rivals:${identity}`,
    holds: [{ guard: 'G10', text, block: true }],
    reason: text,
    outcome: 'held',
    attention: true,
  })
