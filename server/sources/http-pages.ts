import { Problem } from '#server/problem.ts'
import type { Effects } from './contract.ts'
import { type Getter, getPage, type Page } from './http-get.ts'

const mostPages = 1_000
const mostCharacters = 50_000_000
const longestMs = { waitedFor: 60_000, run: 10 * 60_000 }

/** Takes one page and says where the next one stands; undefined after the last. */
export type Turn = (page: Page, number: number, url: URL) => URL | undefined

/**
 * Reads page after page from `first` on. Throws a Problem when they do not end, when one comes twice, or when one cannot
 * be read. With `most` it stops after so many pages and says so.
 */
export async function readPages(
  effects: Effects,
  first: URL,
  getter: Getter,
  turn: Turn,
  most = Number.POSITIVE_INFINITY,
): Promise<{ pages: number; isCut: boolean }> {
  const until = effects.now() + (getter.once ? longestMs.waitedFor : longestMs.run)
  const seen = new Map<string, number>()
  let characters = 0
  let url: URL | undefined = first
  for (let number = 1; url; number++) {
    if (number > most) return { pages: most, isCut: true }
    if (number > mostPages || effects.now() > until) throw endless(`more than ${number - 1}`)
    const page: Page = await getPage(effects, url, getter)
    characters += page.text.length
    if (characters > mostCharacters) throw endless(`more than ${mostCharacters / 1e6} MB in ${number}`)
    await checkNew(seen, page, number)
    url = turn(page, number, url)
  }
  return { pages: seen.size, isCut: false }
}

async function checkNew(seen: Map<string, number>, { text }: Page, number: number): Promise<void> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const fingerprint = new Uint8Array(digest).toString()
  const before = seen.get(fingerprint)
  if (before !== undefined)
    throw new Problem(
      'incomplete',
      `Page ${number} of the platform is the same as page ${before}, so its pages do not end.`,
    )
  seen.set(fingerprint, number)
}

const endless = (many: string): Problem =>
  new Problem('incomplete', `The platform’s pages do not end: ${many} pages came, and nothing of them is used.`)

/** The address of the next page in a `Link` header, on this origin only. */
export function nextLink(link: string | null, url: URL): URL | undefined {
  const address = /<([^<>]*)>\s*;[^,]*\brel="?next\b/i.exec(link ?? '')?.[1]
  if (address === undefined) return undefined
  const next = URL.canParse(address, url) ? new URL(address, url) : undefined
  if (next?.origin === url.origin && next.username === '') return next
  throw new Problem('incomplete', 'The platform links its next page to another address, so nothing of it is used.')
}

/** The same address with a parameter of another value. */
export function withParameter(url: URL, name: string, value: string): URL {
  const next = new URL(url)
  next.searchParams.set(name, value)
  return next
}
