import type { Statement } from '#billing/book.ts'
import { readState } from '#billing/book.ts'
import { add } from '#billing/decimal.ts'
import { readName } from '#billing/mapping.ts'
import { dayIn, monthName, monthOf, shiftMonth } from '#billing/period.ts'
import { seriesOf } from '#billing/series.ts'
import type { listSeries } from '#db/changes.ts'
import type { MappingRow } from '#db/mappings.ts'
import type { listCompanyAccounts } from '#db/pods.ts'
import type { CountLine } from '#views/pods/company.tsx'
import type { PodState } from './pod.ts'

interface Known {
  names: Awaited<ReturnType<typeof listCompanyAccounts>>
  series: Awaited<ReturnType<typeof listSeries>>
}

/** One line for each account and what is read of it, however many additions that is written to. */
export function countLines(state: PodState, mappings: readonly MappingRow[], known: Known): CountLine[] {
  const keyOf = ({ sourceId, account, readsKey, rule }: MappingRow) =>
    JSON.stringify([sourceId, account, readsKey, rule.exclude ?? []])
  const first = new Map(mappings.map((row) => [keyOf(row), row]))
  return [...first.values()].map((mapping) => countLine(state, mapping, known))
}

function countLine(state: PodState, mapping: MappingRow, { names, series }: Known): CountLine {
  const { sourceId, account, reads } = mapping
  const source = state.sources.find(({ id }) => id === sourceId)
  const newest = state.input.books.get(sourceId)?.newest
  const isOf = (row: { account: string }) => row.account === account
  const said = series.filter((row) => isOf(row) && row.source === sourceId)
  const month = monthOf(state.input.today)
  return {
    source: source?.name ?? sourceId,
    name: names.find((row) => isOf(row) && row.sourceId === sourceId)?.name ?? account,
    account,
    unit: reads.map(readName).join(' + '),
    ...numberOf(state, mapping),
    period: monthName(newest?.period ?? (source?.billingPeriod === 'previous' ? shiftMonth(month, -1) : month)),
    ...(newest ? { takenAt: newest.takenAt } : {}),
    points: seriesOf(
      reads,
      said.map((row) => statementOf(state, row)),
      mapping.rule.exclude,
    ),
    mapping: mapping.id,
  }
}

/** The sum of what a mapping reads; absent when a part of it is not known, with the first reason. */
export function numberOf(
  { input }: PodState,
  { sourceId, account, reads, rule }: MappingRow,
): { quantity?: string; reason?: string } {
  const book = input.books.get(sourceId)
  if (!book) return { reason: 'its source is not connected' }
  const states = reads.map((read) => readState(book, account, read, rule.exclude))
  const reasons = states.flatMap(({ reason }) => reason ?? [])
  const quantities = states.flatMap((state) => ('quantity' in state ? state.quantity : []))
  return {
    ...(quantities.length === states.length ? { quantity: quantities.reduce(add, '0') } : {}),
    ...(reasons[0] === undefined ? {} : { reason: reasons[0] }),
  }
}

function statementOf({ viewer }: PodState, row: Known['series'][number]): Statement {
  const { source, account, readings, kind, takenAt } = row
  const takenOn = dayIn(viewer.tenant.zone, takenAt)
  const snapshot = { id: '', source, kind, period: monthOf(takenOn), takenAt, takenOn, complete: true }
  return { account, name: account, readings, snapshot }
}
