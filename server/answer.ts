import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { ProblemPage } from '#views/problem.tsx'
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

/** Says what went wrong as JSON or as a page, whichever was asked for. What nobody foresaw is logged, not shown. */
export function answerProblem(log: Log, error: unknown, c: Context): Response | Promise<Response> {
  if (error instanceof Problem) return problem(c, statusOf[error.kind], error.message, error.places)
  if (error instanceof HTTPException) return problem(c, error.status as ContentfulStatusCode, error.message)
  log.error('request.failed', { request: c.get('requestId'), reason: reasonOf(error) })
  return problem(c, 500, 'Something went wrong here. It is in the log.')
}

/** The one shape of every refusal: `{"problems":[{"path","message"}]}` (INTERFACE). */
export function problem(
  c: Context,
  status: ContentfulStatusCode,
  message: string,
  places: readonly Place[] = [],
): Response | Promise<Response> {
  if (c.req.header('accept')?.includes('text/html')) return page(c, ProblemPage({ status, message }), status)
  return c.json({ problems: places.length > 0 ? places : [{ path: '', message }] }, status)
}

/** A whole page; views are functions. */
export function page(c: Context, view: unknown, status: ContentfulStatusCode = 200): Response | Promise<Response> {
  return c.html(`<!doctype html>${view}`, status)
}
