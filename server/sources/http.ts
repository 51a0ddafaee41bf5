import { dayIn, monthName, monthOf } from '#billing/period.ts'
import { Problem } from '#server/problem.ts'
import type { Asked, Collected, Effects, Kind, Received } from './contract.ts'
import { readContract } from './http-contract.ts'
import { readFields } from './http-fields.ts'
import { allowedBase, basePathOf } from './http-hosts.ts'
import { readPages } from './http-pages.ts'
import { type HttpSettings, httpSettings, readHttpSettings } from './http-settings.ts'
import { readSnapshot } from './push.ts'

/** We ask the platform's own API, in the published contract's layout or by declared fields. */
export const http: Kind = {
  settings: httpSettings,
  check: ({ base = '' }, allowed) => void allowedBase(base, allowed),
  collect,
}

async function collect(effects: Effects, asked: Asked): Promise<Collected> {
  const settings = readHttpSettings(asked.settings)
  const now = effects.now()
  const { fields } = settings
  const answer = fields ? readFields(settings, fields, { period: asked.period, now }) : readContract()
  const getter = { headers: headersOf(settings, asked.secret), secret: asked.secret, once: asked.isWaitedFor ?? false }
  const { pages, isCut } = await readPages(effects, urlOf(settings, asked), getter, answer.turn, asked.pages)
  const { body, placeOf } = answer.end(isCut)
  const received = read(body, now, placeOf)
  checkAsked(settings, asked.period, received)
  return { ...received, pages, isCut }
}

const headersOf = ({ header }: HttpSettings, secret: string): Record<string, string> => ({
  accept: 'application/json',
  ...(header === undefined ? { authorization: `Bearer ${secret}` } : { [header]: secret }),
})

function urlOf(settings: HttpSettings, { period, allowed }: Asked): URL {
  const base = allowedBase(settings.base, allowed)
  const url = new URL(`${basePathOf(base)}${settings.path.replaceAll('{period}', period)}`)
  if (url.origin !== base.origin) throw new Problem('invalid', 'The path leads to another address.')
  if (!settings.fields) url.searchParams.set('page', '1')
  else if (settings.paging === 'page') url.searchParams.set(settings.parameter, String(settings.firstPage))
  return url
}

function read(body: unknown, now: number, placeOf: (path: string) => string): Received {
  try {
    return readSnapshot(body, now)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const places = error.places.map(({ path, message }) => ({
      path: placeOf(path),
      message: message.replace(/accounts\[\S+/g, placeOf),
    }))
    const [first] = places
    const more = places.length > 1 ? `; and ${places.length - 1} more` : ''
    const said = `The platform’s answer is not valid: ${first?.path} ${first?.message}${more}. Nothing of it is used.`
    throw new Problem('broken', said, { places })
  }
}

/** What was given must be what was asked for. */
function checkAsked({ kind, path, envelope, fields }: HttpSettings, period: string, received: Received): void {
  const asked = `${kind} of ${monthName(period)}`
  if (received.kind !== kind || received.period !== period)
    throw new Problem(
      'broken',
      `The platform was asked for ${asked} and gave ${received.kind} of ${monthName(received.period)}.`,
    )
  const isTold = !fields || path.includes('{period}') || envelope.period !== undefined
  if (isTold || isAround(period, received.takenAt)) return
  throw new Problem(
    'invalid',
    `The platform says only what is so now: to read ${asked}, put {period} into the path in Settings › Sources.`,
  )
}

/** Whether an instant lies in this month somewhere on earth. */
const isAround = (period: string, at: number): boolean =>
  ['Etc/GMT+12', 'Etc/GMT-14'].some((zone) => monthOf(dayIn(zone, at)) === period)
