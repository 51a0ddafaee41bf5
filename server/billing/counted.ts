import type { Person } from './reading.ts'

const mostPatterns = 50
const mostCharacters = 100

/** Why a person is not counted, in words; undefined when they are (FEATURES V12). */
export function whyNot(
  person: Person,
  services: readonly string[] | undefined,
  exclude: readonly string[],
): string | undefined {
  if (services && !person.services?.some((service) => services.includes(service)))
    return `does not use ${services.join(' or ')}`
  const pattern = exclude.find((one) =>
    [person.name, person.email].some((text) => text !== undefined && fits(text, one)),
  )
  return pattern === undefined ? undefined : `the rule leaves out ${pattern}`
}

/** Whether a text is what a pattern says, without case; `*` stands for any text. Each part is looked for once, so time is linear. */
function fits(text: string, pattern: string): boolean {
  const all = plain(text)
  const [first = '', ...rest] = plain(pattern).split('*')
  const last = rest.pop()
  if (last === undefined) return all === first
  const end = all.length - last.length
  if (!all.startsWith(first) || !all.endsWith(last)) return false
  let at = first.length
  for (const part of rest) {
    const found = all.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= end
}

/** An é is an é, whether it is written as one sign or as two. */
const plain = (text: string): string => text.normalize('NFC').toLowerCase()

/** What is wrong with patterns, in words; empty when they can be used. */
export function patternProblems(patterns: readonly string[]): string[] {
  const problems = patterns.flatMap((pattern) => {
    const why = problemOf(pattern)
    return why === undefined ? [] : [`exclude ${why}`]
  })
  if (patterns.length > mostPatterns) problems.push(`exclude names more than ${mostPatterns} patterns`)
  if (new Set(patterns).size < patterns.length) problems.push('exclude names a pattern twice')
  return [...new Set(problems)]
}

function problemOf(pattern: string): string | undefined {
  if (/^\**$/.test(pattern)) return 'would leave out everybody: exclude the account instead'
  if (pattern.length > mostCharacters) return `holds a pattern of more than ${mostCharacters} characters`
  if (/\p{Cc}/u.test(pattern) || pattern.trim() !== pattern)
    return 'holds a pattern with a space at its end or a control character'
  return undefined
}
