import type * as z from 'zod'
import type { Place } from '#server/problem.ts'

/** More are not listed, nor looked for. */
export const mostPlaces = 10_000

/** zod's issues as places, `accounts[3].counts[0].quantity`, one per unknown member; `within` is where the value stood. */
export function placesOf(error: z.ZodError, within: readonly PropertyKey[] = []): Place[] {
  return error.issues.flatMap((issue) => {
    const at = [...within, ...issue.path]
    const path = pathOf(at)
    if (issue.code === 'unrecognized_keys')
      return issue.keys
        .slice(0, mostPlaces + 1)
        .map((key) => ({ path: pathOf([...at, key]), message: 'is not known here' }))
    const missing = issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value')
    return [{ path, message: missing ? 'is missing' : sentence(issue.message) }]
  })
}

const sentence = (message: string): string => message.replace(/^Invalid input: expected object.*/, 'must be an object')

function pathOf(parts: readonly PropertyKey[]): string {
  return parts.reduce<string>((path, part) => {
    if (typeof part === 'number') return `${path}[${part}]`
    const name = String(part).slice(0, 100)
    if (!/^[\w-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`
    return path === '' ? name : `${path}.${name}`
  }, '')
}
