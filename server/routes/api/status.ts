import type { Context } from 'hono'
import { zonedTimeIn } from '#billing/period.ts'
import { listOverviews, type Overview } from '#db/overview.ts'
import { page } from '#server/answer.ts'
import { isLoopback } from '#server/config.ts'
import type { Deps } from '#server/deps.ts'
import { StatusPage, type TenantStatus } from '#views/session/status.tsx'

/**
 * `GET /`: how every tenant stands. It is shown to this machine only, because nobody has to say who they are; where the
 * world reaches us at PUBLIC_URL, a proxy on this machine brings everybody here.
 */
export const getStatus = (deps: Deps) => async (c: Context) => {
  const { HOST, PUBLIC_URL } = deps.config
  const isLocal = [HOST, ...[PUBLIC_URL, c.req.url].map((url) => new URL(url).hostname)].every(isLoopback)
  const tenants = isLocal ? (await listOverviews(deps.db)).map(statusOf) : 'hidden'
  c.header('Cache-Control', 'no-store')
  return page(c, StatusPage, { tenants })
}

function statusOf({ tenant, lastRun, waiting, ...numbers }: Overview): TenantStatus {
  const { id, companyId, state, stateCause, mode, zone } = tenant
  return {
    ...numbers,
    id,
    company: companyId,
    state,
    ...(stateCause === null ? {} : { stateCause }),
    mode,
    ...(lastRun ? { lastRun: runOf(lastRun, zone) } : {}),
    ...(waiting ? { waiting: { id: waiting.id, createdAt: zonedTimeIn(zone, waiting.createdAt) } } : {}),
  }
}

function runOf({ id, state, startedAt, cause, requests, counts }: NonNullable<Overview['lastRun']>, zone: string) {
  return {
    id,
    state,
    startedAt: zonedTimeIn(zone, startedAt),
    ...(cause === null ? {} : { cause }),
    requests,
    ...(counts === null ? {} : { counts }),
  }
}
