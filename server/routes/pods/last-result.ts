import { words } from '#billing/words.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import type { LastResult } from '#sync/last-results.ts'
import type { ResultLine } from '#views/pods/last-result.tsx'

/** A result as the viewer may see it: it tells no cost and no price. `about` is what another try would be about. */
export const resultLine = (
  { state, at, cause }: LastResult,
  viewer: Viewer,
  about: Record<string, string>,
): ResultLine => ({
  ...{ state, at },
  ...(cause === undefined || state === 'done' ? {} : { cause: words(cause, false) }),
  ...(includesRole(viewer.role, 'finance') ? { retry: about } : {}),
})
