import { badCondition, unknownName } from './refusal.ts'

export type Literal = string | number | boolean | null | { instant: number }
type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'contains' | 'like' | 'in'

export type Condition =
  | { kind: 'and'; parts: Condition[] }
  | { kind: 'or'; parts: Condition[] }
  | { kind: 'compare'; path: string; operator: Operator; negated: boolean; values: Literal[] }

interface Token {
  kind: 'word' | 'symbol' | 'string' | 'number' | 'instant'
  text: string
}

const pattern =
  /\s+|(?<symbol>!=|<=|>=|[=<>(),])|"(?<double>[^"]*)"|'(?<single>[^']*)'|\[(?<instant>[^\]]*)\]|(?<number>-?\d+(?:\.\d+)?)(?![\w/])|(?<word>[A-Za-z_][\w/]*)/y

function tokenise(text: string): Token[] {
  const tokens: Token[] = []
  pattern.lastIndex = 0
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex
    const groups = pattern.exec(text)?.groups
    if (!groups) throw badCondition(`Unexpected text at position ${at}.`)
    const { symbol, double, single, instant, number, word } = groups
    if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol })
    else if ((double ?? single) !== undefined) tokens.push({ kind: 'string', text: double ?? single ?? '' })
    else if (instant !== undefined) tokens.push({ kind: 'instant', text: instant })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word })
  }
  return tokens
}

/**
 * Parses the `conditions` of a list: comparisons, `and`, `or`, `not`, parentheses; `and` binds tighter.
 * `knows` says whether a path exists. Throws a 400 Refusal for an unknown name or wrong grammar.
 */
export function parseConditions(text: string, knows: (path: string) => boolean): Condition {
  const parser = createParser(tokenise(text), knows)
  const condition = parser.any()
  parser.end()
  return condition
}

function createParser(tokens: readonly Token[], knows: (path: string) => boolean) {
  let at = 0
  const peek = (...texts: string[]) => {
    const token = tokens[at]
    return token && (token.kind === 'word' || token.kind === 'symbol') && texts.includes(token.text.toLowerCase())
  }
  const accept = (...texts: string[]) => (peek(...texts) ? tokens[at++]?.text.toLowerCase() : undefined)
  const expect = (text: string) => {
    if (!accept(text)) throw badCondition(`Expected '${text}' but found '${tokens[at]?.text ?? 'the end'}'.`)
  }
  const joined = (kind: 'and' | 'or', part: () => Condition): Condition => {
    const first = part()
    if (!peek(kind)) return first
    const parts = [first]
    while (accept(kind)) parts.push(part())
    return { kind, parts }
  }
  const any = (): Condition => joined('or', every)
  const every = (): Condition => joined('and', one)
  const one = (): Condition => {
    if (!accept('(')) return comparison()
    const inner = any()
    expect(')')
    return inner
  }
  const comparison = (): Condition => {
    const path = tokens[at++]
    if (path?.kind !== 'word') throw badCondition(`Expected a name but found '${path?.text ?? 'the end'}'.`)
    if (!knows(path.text)) throw unknownName(path.text)
    const negated = accept('not') !== undefined
    const operator = operatorOf(accept('=', '!=', '<', '<=', '>', '>=', 'contains', 'like', 'in'), negated)
    return { kind: 'compare', path: path.text, operator, negated, values: operator === 'in' ? list() : [value()] }
  }
  const list = (): Literal[] => {
    expect('(')
    const values = [value()]
    while (accept(',')) values.push(value())
    expect(')')
    return values
  }
  const value = (): Literal => literal(tokens[at++])
  const end = () => {
    if (at < tokens.length) throw badCondition(`Unexpected '${tokens[at]?.text}'.`)
  }
  return { any, end }
}

function operatorOf(text: string | undefined, negated: boolean): Operator {
  if (text === 'contains' || text === 'like' || text === 'in') return text
  if (negated || text === undefined) throw badCondition('Expected an operator.')
  return text as Operator
}

function literal(token: Token | undefined): Literal {
  if (token?.kind === 'string') return token.text
  if (token?.kind === 'number') return Number(token.text)
  if (token?.kind === 'instant') return instantOf(token.text)
  const word = token?.kind === 'word' ? token.text.toLowerCase() : undefined
  if (word === 'true' || word === 'false') return word === 'true'
  if (word === 'null') return null
  throw badCondition(`Expected a value but found '${token?.text ?? 'the end'}'.`)
}

/** `[2026-01-31T00:00:00Z]` is an instant. */
function instantOf(text: string): Literal {
  const instant = Date.parse(text)
  if (Number.isNaN(instant)) throw badCondition(`[${text}] is not a date.`)
  return { instant }
}
