import type { Ask, Route } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import { Problem } from '#server/problem.ts'
import { LinesClosed } from '#views/agreement-type.tsx'
import { ClosedScreen } from '#views/lines/closed.tsx'

/** The same addresses, which show and do nothing of invoice lines before an agreement type is chosen (K14). */
export const closedUntilTyped = (routes: readonly Route[]): readonly Route[] =>
  routes.map(([method, path, who, handle]) => [
    method,
    path,
    who,
    (c) => (c.get('viewer').lacksAgreementType ? closed(c) : handle(c)),
  ])

function closed(c: Ask) {
  const standing = standingOf(c.get('viewer'))
  const { method, path } = c.req
  if (method !== 'GET' || path.endsWith('.csv')) throw new Problem('conflict', whyClosed)
  return path === '/lines' ? fragment(c, ClosedScreen, { standing }) : fragment(c, LinesClosed, { role: standing.role })
}

/** Why nothing of invoice lines can be done yet. */
const whyClosed = 'Invoice lines wait until an agreement type is chosen under Settings › Configuration.'
