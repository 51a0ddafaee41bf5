import { readRetryAfter } from '#server/http/http-date.ts'
import { networkReason } from '#server/http/network-reason.ts'
import { readText } from '#server/http/read-text.ts'
import { within } from '#server/http/within.ts'
import { Problem } from '#server/problem.ts'
import type { Effects } from './contract.ts'
import { parseExact } from './exact-json.ts'

const mostBytes = 10_000_000
const timeoutMs = 30_000
const mostTries = 5
const longestWaitMs = 5 * 60_000

/** One page of a platform's API. */
export interface Page {
  text: string
  body: unknown
  link: string | null
}

export interface Getter {
  headers: Record<string, string>
  /** What no answer may repeat. */
  secret: string
  /** Nothing is tried again. */
  once: boolean
}

type Outcome = Page | { problem: Problem; retryAfterMs?: number | undefined }

/** One page, asked again while that may help. Throws a Problem that says why there is none. */
export async function getPage(effects: Effects, url: URL, getter: Getter): Promise<Page> {
  for (let tries = 1; ; tries++) {
    const outcome = await getOnce(effects, url, getter)
    if (!('problem' in outcome)) return outcome
    if (!outcome.problem.retry || getter.once || tries >= mostTries) throw outcome.problem
    const waitMs = outcome.retryAfterMs ?? effects.random() * 1000 * 2 ** tries
    if (waitMs > longestWaitMs) throw outcome.problem
    await effects.sleep(waitMs)
  }
}

async function getOnce(effects: Effects, url: URL, { headers, secret }: Getter): Promise<Outcome> {
  try {
    return await within(effects, timeoutMs, async (signal) => {
      const request = new Request(url, { headers, signal, redirect: 'manual' })
      const response = await effects.fetch(request)
      if (!response.ok) return refused(effects, response)
      const text = await readText(response, mostBytes)
      if (text === undefined) return { problem: new Problem('broken', 'A page of the platform is larger than 10 MB.') }
      return pageOf(text, response.headers, secret)
    })
  } catch (error) {
    return { problem: lost(error) }
  }
}

/** A refusal on the way is final; of everything else the network may recover. */
function lost(error: unknown): Problem {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (cause instanceof Problem) return cause
  return new Problem('unreachable', `The platform cannot be reached: ${networkReason(cause)}.`, { retry: true })
}

async function refused({ now }: Effects, response: Response): Promise<Outcome> {
  await response.body?.cancel()
  const { status, headers } = response
  const problem = problemOf(status)
  return { problem, retryAfterMs: readRetryAfter(headers.get('retry-after'), now()) }
}

function problemOf(status: number): Problem {
  const says = `The platform answered with status ${status}`
  if (status === 0 || (status >= 300 && status < 400))
    return new Problem(
      'broken',
      'The platform redirects elsewhere, which is not followed: enter the address it leads to.',
    )
  if (status === 401 || status === 403)
    return new Problem(
      'forbidden',
      `The platform refuses the key (${status}): enter a valid one in Settings › Sources.`,
    )
  if (status === 404)
    return new Problem('broken', 'There is nothing at this address (404): check it in Settings › Sources.')
  if (status === 429)
    return new Problem('unreachable', 'The platform asks to wait (429): it is asked too often.', { retry: true })
  if (status >= 500) return new Problem('unreachable', `${says}: it has trouble of its own.`, { retry: true })
  return new Problem('broken', `${says}: check the address in Settings › Sources.`)
}

function pageOf(text: string, headers: Headers, secret: string): Outcome {
  if (text.includes(secret))
    return { problem: new Problem('broken', 'The platform repeats our key in its answer, so nothing of it is kept.') }
  try {
    return { text, body: parseExact(text), link: headers.get('link') }
  } catch {
    const isPage = text.trimStart().startsWith('<')
    const what = isPage
      ? 'a web page instead of data'
      : text === ''
        ? 'an empty answer'
        : 'an answer that is cut off or not JSON'
    return { problem: new Problem('broken', `The platform gave ${what}: check the address in Settings › Sources.`) }
  }
}
