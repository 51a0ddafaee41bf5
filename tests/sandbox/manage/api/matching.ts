import type { Condition, Literal } from './conditions.ts'

type Comparison = Extract<Condition, { kind: 'compare' }>

/** Whether a record meets a condition; `read` gives the value at a path, undefined when it is not set. */
export function meets(condition: Condition, read: (path: string) => unknown): boolean {
  if (condition.kind === 'and') return condition.parts.every((part) => meets(part, read))
  if (condition.kind === 'or') return condition.parts.some((part) => meets(part, read))
  return compares(condition, read(condition.path)) !== condition.negated
}

function compares({ operator, values }: Comparison, value: unknown): boolean {
  const [wanted] = values
  if (wanted === undefined) return false
  if (operator === 'in') return values.some((one) => order(value, one) === 0)
  if (operator === 'contains') return textOf(value).includes(textOf(wanted))
  if (operator === 'like') return likePattern(textOf(wanted)).test(textOf(value))
  if (operator === '!=') return order(value, wanted) !== 0
  const difference = order(value, wanted)
  if (difference === undefined) return false
  if (operator === '=') return difference === 0
  if (operator === '<') return difference < 0
  if (operator === '<=') return difference <= 0
  return operator === '>' ? difference > 0 : difference >= 0
}

/** Negative, 0 or positive as the value stands to the literal; undefined when they do not compare. Texts ignore case. */
function order(value: unknown, wanted: Literal): number | undefined {
  const isNone = value === undefined || value === null || value === ''
  if (wanted === null) return isNone ? 0 : 1
  if (isNone) return wanted === '' ? 0 : undefined
  if (typeof wanted === 'object') return typeof value === 'string' ? Date.parse(value) - wanted.instant : undefined
  if (typeof wanted === 'string') return typeof value === 'string' ? textOrder(value, wanted) : undefined
  return typeof value === typeof wanted ? Number(value) - Number(wanted) : undefined
}

function textOrder(value: string, wanted: string): number {
  const [a, b] = [value.toLowerCase(), wanted.toLowerCase()]
  if (a === b) return 0
  return a < b ? -1 : 1
}

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value).toLowerCase())

const likePattern = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/[*%]+/g, '.*')}$`, 's')
