import { instantText } from '#billing/period.ts'
import { Problem } from '#server/problem.ts'
import { literal } from './exact-json.ts'
import { type Found, find, itemsOf } from './field-path.ts'
import { accountsOf, changed, type Gathered, gather, nothingYet, type Plan, planOf } from './http-accounts.ts'
import type { Answer } from './http-answer.ts'
import { nextLink, withParameter } from './http-pages.ts'
import { placeIn } from './http-places.ts'
import { NoList, rowsOf } from './http-rows.ts'
import type { Field, HttpSettings } from './http-settings.ts'

interface Known {
  /** Items of the outermost list: what a page's total counts. */
  items: number
  total?: number
  isComplete?: unknown
  takenAt?: unknown
  period?: unknown
}

/** Pages in a layout of the platform's own, read by the declared fields. */
export function readFields(
  settings: HttpSettings,
  fields: ReadonlyMap<string, Field>,
  asked: { period: string; now: number },
): Answer {
  const plan = planOf(settings.kind, fields)
  const gathered = nothingYet()
  const known: Known = { items: 0 }
  return {
    turn({ body, link }, number, url) {
      const said = envelopeOf(settings, body, number)
      const items = takePage(gathered, plan, body, number)
      known.items += items
      remember(known, said)
      if (settings.paging === 'link') return nextLink(link, url)
      if (settings.paging === 'cursor') return nextCursor(settings, said.next, url)
      if (settings.paging !== 'page' || isLast(known, said.pages, number, items)) return undefined
      return withParameter(url, settings.parameter, String(settings.firstPage + number))
    },
    end(isCut) {
      if (!isCut && known.total !== undefined && known.total !== known.items)
        throw new Problem(
          'incomplete',
          `The platform counts ${known.total} rows and listed ${known.items}, so nothing of them is used.`,
        )
      const body = {
        kind: settings.kind,
        period: known.period ?? asked.period,
        takenAt: known.takenAt ?? instantText(asked.now),
        complete: isCut ? false : (known.isComplete ?? known.total !== undefined),
        accounts: accountsOf(gathered, plan),
      }
      return { body, placeOf: (path) => placeIn(gathered, plan, path) }
    },
  }
}

type Said = Partial<Record<keyof HttpSettings['envelope'], unknown>>

/** What the page says of itself. Throws a Problem that names what is declared and not there. */
function envelopeOf({ envelope }: HttpSettings, body: unknown, number: number): Said {
  const page = { value: body, at: '' }
  const said = Object.entries(envelope).map(([name, path]) => [name, find(page, path.names)] as const)
  const lost = said.filter(([name, { value }]) => value === undefined && name !== 'next')
  if (lost.length > 0)
    throw changed(lost.map(([name, { at }]) => `${name}, at ${at}, is not on page ${number}`).join('; '))
  return Object.fromEntries(said.map(([name, { value }]) => [name, value]))
}

function remember(known: Known, said: Said): void {
  const total = wholeOf(said.total, 'total')
  if (known.total !== undefined && known.total !== total)
    throw new Problem('incomplete', 'The platform’s total changed between two pages, so nothing of them is used.')
  if (total !== undefined) known.total = total
  known.takenAt ??= said.takenAt
  if (typeof said.period === 'string') known.period = said.period.slice(0, 7)
  else known.period ??= said.period
  if (known.isComplete === undefined || known.isComplete === true) known.isComplete = said.complete
}

function takePage(gathered: Gathered, plan: Plan, body: unknown, number: number): number {
  try {
    for (const row of rowsOf(body, plan)) gather(gathered, plan, row, number)
  } catch (error) {
    if (!(error instanceof NoList)) throw error
    throw changed(`page ${number}${placeOf(error.found)} is not a list${holdsInstead(body)}`)
  }
  return itemsOf(find({ value: body, at: '' }, plan.lists[0] ?? []))?.length ?? 0
}

const placeOf = ({ at }: Found): string => (at === '' ? '' : `: ${at}`)

function holdsInstead(body: unknown): string {
  const names = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : []
  const plain = names.filter((name) => /^[\w-]{1,40}$/.test(name)).slice(0, 5)
  return plain.length > 0 ? `; the page holds ${plain.join(', ')}` : ''
}

function isLast(known: Known, pages: unknown, number: number, items: number): boolean {
  const last = wholeOf(pages, 'pages')
  if (last !== undefined) return number >= last
  return items === 0 || known.items === known.total
}

function nextCursor({ parameter, envelope }: HttpSettings, value: unknown, url: URL): URL | undefined {
  if (value === undefined || value === null || value === '' || value === false) return undefined
  const cursor = literal(value) ?? value
  if (typeof cursor !== 'string' || cursor.length > 2_000)
    throw changed(`next, at ${envelope.next?.text}, must be text or a number`)
  return withParameter(url, parameter, cursor)
}

function wholeOf(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined
  const text = literal(value) ?? value
  if (typeof text === 'string' && /^\d{1,15}$/.test(text)) return Number(text)
  throw changed(`${name} must be a whole number`)
}
