import type { Decimal } from './decimal.ts'
import type { Addition } from './existing.ts'
import type { Fields, Hold, LastValue } from './plan.ts'
import { type WritableField, writableFields } from './rule.ts'
import type { Target } from './target.ts'

/** FEATURES 4.11: ConnectWise holds neither what TrueUp last wrote nor what is wanted: somebody changed it. */
export function conflict(
  field: WritableField,
  last: LastValue | undefined,
  existing: Fields,
  wanted: Fields,
  addition: Addition,
): Hold[] {
  const known = last?.[field]
  if (known === undefined || known === existing[field]) return []
  const who =
    addition.updatedBy === undefined
      ? ''
      : ` (last changed by ${addition.updatedBy} at ${addition.updatedAt ?? 'an unknown time'})`
  const text = `TrueUp last wrote ${field} ${known}, ConnectWise holds ${existing[field] ?? 'none'}${who}, the source says ${wanted[field]}`
  const withoutMoney = `TrueUp last wrote another ${field} than ConnectWise holds${who}`
  return [{ guard: 'G9', text, ...(field === 'quantity' ? {} : { withoutMoney }) }]
}

/** The first sight of an addition, and a value that came to equal the wanted one, become the last value. */
export function adopted(
  { state }: Pick<Target, 'state'>,
  addition: Addition,
  existing: Fields,
  wanted: Fields,
  last: LastValue | undefined,
): { adopt?: LastValue } {
  const next = (field: WritableField) => {
    const isAsWanted = existing[field] !== undefined && existing[field] === wanted[field]
    return isAsWanted ? existing[field] : (last?.[field] ?? existing[field])
  }
  if (last && writableFields.every((field) => next(field) === last[field])) return {}
  const [quantity, cost, price] = writableFields.map(next)
  const values = pick({ quantity, cost, price }, writableFields)
  return { adopt: { additionId: addition.id, agreementId: state.agreement.id, ...values } }
}

/** These fields of all, without those that have no value. */
export function pick(
  fields: Partial<Record<WritableField, Decimal | undefined>>,
  names: readonly WritableField[],
): Fields {
  return Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])))
}
