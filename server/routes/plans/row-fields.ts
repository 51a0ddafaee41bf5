import { draftFields } from '#billing/draft-fields.ts'
import { changedDays } from '#billing/lines/changed-days.ts'
import { writableFields } from '#billing/rule.ts'
import type { PlanRowRecord } from '#db/plans.ts'
import type { ChangeLine } from '#views/plans/rows.tsx'

/** What a product costs belongs to no agreement whose money ConnectWise would show or not: finance sees it. */
export const isOfProduct = ({ record }: PlanRowRecord): boolean => record === 'product'

/** What a row changes, field by field; `money`: with costs and prices. Records to be made tell each of their fields. */
export function fieldsOf(row: PlanRowRecord, money: boolean): ChangeLine['fields'] {
  const { before, after, draft } = row
  const values = writableFields.filter((name) => after[name] !== undefined && (money || name === 'quantity'))
  const isNew = draft?.record !== 'contact' || draft.inactiveId === undefined
  const drafted = isNew ? draftFields(draft).filter((field) => money || !field.money) : []
  return [
    ...drafted.map(({ name, value, from }) => ({ name, from: from || 'none', to: value })),
    ...values.map((name) => ({ name, from: before[name] ?? 'none', to: after[name] ?? 'none' })),
    ...daysOf(row),
    ...textsOf(row),
  ]
}

/** One without a last day bills every cycle (P3). */
function daysOf(row: PlanRowRecord): ChangeLine['fields'] {
  const { first, last } = changedDays(row)
  return [
    ...(first ? [{ name: 'first day', from: first[0] ?? 'none', to: first[1] ?? 'none' }] : []),
    ...(last ? [{ name: 'last day', from: last[0] ?? 'none', to: last[1] ?? 'no end' }] : []),
  ]
}

/** What is written once, when the addition of an invoice line is made (P11, M23). */
function textsOf({ change, posting }: PlanRowRecord): ChangeLine['fields'] {
  if (change !== 'create' || !posting) return []
  const { description, reference } = posting
  return [
    ...(description === undefined ? [] : [{ name: 'invoice description', from: 'none', to: description }]),
    ...(reference === undefined ? [] : [{ name: 'cross reference', from: 'none', to: reference.value }]),
  ]
}
