import * as z from 'zod'
import { type Place, Problem } from '#server/problem.ts'
import type { Kind, Received, ReceivedAccount } from './contract.ts'
import { parseExact } from './exact-json.ts'
import { instant } from './fields.ts'
import { mostPlaces, placesOf } from './places.ts'
import { findRepeats } from './repeats.ts'
import { accountOf, head, isTooLarge, tooLarge } from './snapshot.ts'

const tenMinutes = 600_000

const receive = (text: string, now: number): Received => readSnapshot(parse(text), now)

/** The platform calls us: `POST /api/v1/snapshots`. There is nothing to set and nothing to collect. */
export const push: Kind = { settings: z.strictObject({}), receive }

/** Reads a snapshot from JSON that `parseExact` has parsed. Throws a Problem that lists every bad place. */
export function readSnapshot(body: unknown, now: number): Received {
  const around = head.safeParse(body, { reportInput: true })
  const { accounts, places: inAccounts } = readAccounts(body)
  const places = [
    ...(around.success ? [] : placesOf(around.error)),
    ...tooNew(body, now),
    ...inAccounts,
    ...(inAccounts.length > mostPlaces ? [] : findRepeats(body)),
  ]
  if (!around.success || places.length > 0) throw refusal(places)
  return { ...around.data, accounts }
}

const ofAnyKind = z.object({ kind: head.shape.kind, accounts: z.array(z.unknown()) })

/** One after the other, so that a body with nothing right in it is given up early. */
function readAccounts(body: unknown): { accounts: ReceivedAccount[]; places: Place[] } {
  const accounts: ReceivedAccount[] = []
  const places: Place[] = []
  const given = ofAnyKind.safeParse(body).data
  for (const [i, account] of (given?.accounts ?? []).entries()) {
    const parsed = accountOf[given?.kind ?? 'counts'].safeParse(account, { reportInput: true })
    if (!parsed.success) for (const place of placesOf(parsed.error, ['accounts', i])) places.push(place)
    else if (isTooLarge(parsed.data)) places.push({ path: `accounts[${i}]`, message: tooLarge })
    else accounts.push(parsed.data)
    if (places.length > mostPlaces) break
  }
  return { accounts, places }
}

function parse(text: string): unknown {
  try {
    return parseExact(text)
  } catch {
    throw refusal([{ path: '', message: 'The body is not valid JSON.' }])
  }
}

/** A moment in the future would hide every later snapshot. */
function tooNew(body: unknown, now: number): Place[] {
  const takenAt = z.object({ takenAt: instant }).safeParse(body).data?.takenAt ?? 0
  return takenAt > now + tenMinutes
    ? [{ path: 'takenAt', message: 'must not be more than 10 minutes in the future; check the clock' }]
    : []
}

function refusal(places: readonly Place[]): Problem {
  const rest = places.length - mostPlaces
  const listed = rest > 0 ? [...places.slice(0, mostPlaces), { path: '', message: 'and more' }] : places
  return new Problem('invalid', 'The snapshot is not valid; nothing was stored.', { places: listed })
}
