import { z } from 'zod'
import { type Place, Problem } from '#server/problem.ts'
import type { Kind, Received } from './contract.ts'
import { parseExact } from './exact-json.ts'
import { instant } from './fields.ts'
import { placesOf } from './places.ts'
import { findRepeats } from './repeats.ts'
import { snapshots } from './snapshot.ts'

const tenMinutes = 600_000
const mostPerAccount = 1_000_000
const mostPlaces = 10_000

/** The platform calls us: `POST /api/v1/snapshots`. There is nothing to set and nothing to collect. */
export const push: Kind = { settings: z.strictObject({}), receive }

function receive(text: string, now: number): Received {
  const body = parse(text)
  const kind = kindOf(body)
  const parsed = snapshots[kind ?? 'counts'].safeParse(body, { reportInput: true })
  const found = parsed.success ? [] : placesOf(parsed.error)
  const known = kind ? found : [unknownKind, ...found.filter((place) => !/^kind$|^accounts\[/.test(place.path))]
  const accounts = parsed.data?.accounts ?? []
  const places = [...known, ...findRepeats(body), ...tooNew(body, now), ...tooLarge(accounts)]
  if (!parsed.success || places.length > 0) throw refusal(places)
  return parsed.data
}

function parse(text: string): unknown {
  try {
    return parseExact(text)
  } catch {
    throw refusal([{ path: '', message: 'The body is not valid JSON.' }])
  }
}

const kinds = z.object({ kind: z.enum(['counts', 'usage', 'invoice-lines']) })
const kindOf = (body: unknown) => kinds.safeParse(body).data?.kind
const unknownKind: Place = { path: 'kind', message: 'must be counts, usage or invoice-lines' }

/** A moment in the future would hide every later snapshot. */
function tooNew(body: unknown, now: number): Place[] {
  const takenAt = z.object({ takenAt: instant }).safeParse(body).data?.takenAt ?? 0
  return takenAt > now + tenMinutes
    ? [{ path: 'takenAt', message: 'must not be more than 10 minutes in the future; check the clock' }]
    : []
}

/** One account is one row, and the narrower of the two databases takes 2 MB a row. */
function tooLarge(accounts: Received['accounts']): Place[] {
  return accounts.flatMap((account, i) =>
    JSON.stringify(account).length <= mostPerAccount
      ? []
      : [
          {
            path: `accounts[${i}]`,
            message: `must be at most ${mostPerAccount.toLocaleString('en')} characters of JSON`,
          },
        ],
  )
}

function refusal(places: readonly Place[]): Problem {
  const rest = places.length - mostPlaces
  const listed = rest > 0 ? [...places.slice(0, mostPlaces), { path: '', message: `… and ${rest} more` }] : places
  return new Problem('invalid', 'The snapshot is not valid; nothing was stored.', { places: listed })
}
