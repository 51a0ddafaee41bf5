import { Problem } from '#server/problem.ts'

/**
 * The address of a platform's API, which must be of an origin that the operator allows, exactly as both are written
 * (TRUST 7.2). Throws a Problem otherwise.
 */
export function allowedBase(text: string, allowed: readonly string[]): URL {
  const url = canonical(text)
  if (url && allowed.includes(url.origin)) return url
  // What stands before an @ may be a password.
  const typed = JSON.stringify(text.replace(/^.*@/s, '…@').slice(0, 100))
  const choices = allowed.length === 0 ? 'none' : allowed.join(', ')
  throw new Problem('invalid', `site_not_allowed: ${typed} is not of an origin that may be called.`, {
    places: [
      { path: 'base', message: `must begin with an origin that the operator allows in SOURCE_HOSTS: ${choices}` },
    ],
  })
}

/** undefined for whatever is written in another way than it is called: user info, dots, other numbers of one host. */
function canonical(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const isPlain = url.search === '' && url.hash === '' && url.username === '' && !/[?#\\]/.test(text)
  return isPlain && (url.href === text || url.href === `${text}/`) ? url : undefined
}

/** The base's own path without its last slash. */
export const basePathOf = (base: URL): string => base.href.replace(/\/$/, '')
