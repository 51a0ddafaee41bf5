import { type Decimal, decimal } from '#billing/decimal.ts'

/** Stands before the digits of a number a double cannot be trusted with; no valid name or decimal begins so. */
const mark = '\u0000'
/** A double holds any decimal of so few digits and gives it back unchanged. */
const safeLength = 15

/**
 * Parses JSON without losing a digit: a double forgets the end of `12.0000000000000000001` and the exponent of `1e3`.
 * Read numbers with `literal`. Throws a SyntaxError.
 */
export function parseExact(text: string): unknown {
  const next = /"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g
  let marked = ''
  let done = 0
  for (let hit = next.exec(text); hit; hit = next.exec(text)) {
    const [token] = hit
    if (token === '"') next.lastIndex = endOfString(text, hit.index)
    else if (token.length > safeLength || /e/i.test(token)) {
      marked += `${text.slice(done, hit.index)}"\\u0000${token}"`
      done = next.lastIndex
    }
  }
  return JSON.parse(marked + text.slice(done))
}

/** A parsed number as its digits; undefined for everything else. */
export function literal(value: unknown): Decimal | undefined {
  if (typeof value === 'number') return decimal(value, 20)
  return typeof value === 'string' && value.startsWith(mark) ? value.slice(1) : undefined
}

function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote > 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0
    while (text[quote - 1 - backslashes] === '\\') backslashes++
    if (backslashes % 2 === 0) return quote + 1
  }
  return text.length
}
