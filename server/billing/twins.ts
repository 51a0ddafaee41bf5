import { likeness } from './suggestion.ts'

/** A record that exists, or that is to be made already. */
export interface Known {
  id: number
  name: string
  identifier: string
}

/** A known record that may be what somebody is about to make once more. */
export interface Twin extends Known {
  why: string
}

const alike = 850
const mostShown = 5

/** What is called the same or nearly the same, the most alike first, before another one is made (FEATURES M5). */
export function twinsOf(draft: { name: string; identifier: string }, known: readonly Known[]): Twin[] {
  const found = known.flatMap((one) => {
    const [score, why] = compared(draft, one)
    return score < alike ? [] : [{ score, twin: { ...one, why } }]
  })
  found.sort((a, b) => b.score - a.score || a.twin.id - b.twin.id)
  return found.slice(0, mostShown).map(({ twin }) => twin)
}

function compared(draft: { name: string; identifier: string }, { name, identifier }: Known): [number, string] {
  if (isSame(draft.identifier, identifier)) return [1001, 'the same id']
  const score = draft.name.trim() === '' ? 0 : likeness(draft.name, name)
  return [score, score === 1000 ? 'the same name' : 'nearly the same name']
}

/** ConnectWise does not tell identifiers apart by case. */
export const isSame = (a: string, b: string): boolean =>
  a.trim() !== '' && a.trim().toLowerCase() === b.trim().toLowerCase()

/** A company id made of a name: letters and digits only, at most 30, and not one that is taken (FEATURES P18). */
export function proposedIdentifier(name: string, known: readonly Pick<Known, 'identifier'>[]): string {
  const taken = new Set(known.map(({ identifier }) => identifier.toLowerCase()))
  const plain = name.normalize('NFD').replace(/[^A-Za-z0-9]/g, '')
  const start = plain === '' ? 'Company' : plain
  const numbered = (n: number): string => {
    const end = n === 1 ? '' : String(n)
    const text = start.slice(0, 30 - end.length) + end
    return taken.has(text.toLowerCase()) ? numbered(n + 1) : text
  }
  return numbered(1)
}
