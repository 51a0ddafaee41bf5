import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { type FC, jsx } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { Nonce } from '#views/hx.ts'
import { Release } from '#views/layout.tsx'
import { ProblemNotice, ProblemPage } from '#views/problem.tsx'
import { type Log, reasonOf } from './log.ts'
import { type Place, Problem, type ProblemKind } from './problem.ts'

const statusOf: Record<ProblemKind, ContentfulStatusCode> = {
  invalid: 422,
  not_found: 404,
  forbidden: 403,
  conflict: 409,
  unreachable: 503,
  incomplete: 502,
  broken: 502,
}

/** Says what went wrong in the form the caller reads. What nobody foresaw is logged, not shown. */
export function answerProblem(log: Log, error: unknown, c: Context): Response | Promise<Response> {
  if (error instanceof Problem) return problem(c, statusOf[error.kind], error.message, error.places)
  if (error instanceof HTTPException) return problem(c, error.status as ContentfulStatusCode, error.message)
  log.error('request.failed', { request: c.get('requestId'), reason: reasonOf(error) })
  return problem(c, 500, 'Something went wrong here. It is in the log.')
}

/**
 * The one shape of every refusal: `{"problems":[{"path","message"}]}` (INTERFACE); a page for an address opened by hand;
 * for a member's screen a notice that goes above what is there, so that nothing typed is lost.
 */
export function problem(
  c: Context,
  status: ContentfulStatusCode,
  message: string,
  places: readonly Place[] = [],
): Response | Promise<Response> {
  const reference = c.get('requestId')
  if (c.get('wants') === 'fragment') {
    c.header('HX-Retarget', '#notice')
    c.header('HX-Reswap', 'innerHTML')
    return fragment(c, ProblemNotice, { status, message, places, reference }, status)
  }
  if (c.req.header('accept')?.includes('text/html')) return page(c, ProblemPage, { status, message, reference }, status)
  return c.json({ problems: places.length > 0 ? places : [{ path: '', message }] }, status)
}

/** A whole page of a view. */
export function page<P extends object>(
  c: Context,
  View: FC<P>,
  props: P,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  return c.html(`<!doctype html>${withNonce(c, View, props)}`, status)
}

/** A part of a page, of the same view the page would compose. */
export function fragment<P extends object>(
  c: Context,
  View: FC<P>,
  props: P,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> {
  return c.html(String(withNonce(c, View, props)), status)
}

/** Every element that htmx obeys carries the nonce of this answer, which only we know. */
const withNonce = <P extends object>(c: Context, View: FC<P>, props: P) =>
  jsx(
    Release.Provider,
    { value: c.get('release') ?? '' },
    jsx(Nonce.Provider, { value: c.get('secureHeadersNonce') ?? '' }, jsx(View as FC, props)),
  )
