import type { Scope, Statement } from '#db/db.ts'
import { isLeaseLost, releaseLease, renewLease, requireLease, takeLease } from '#db/leases.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'

/** The right to write for a tenant. It saves work; safety is the claim of each intent, the horizon and the marker. */
export interface Lease {
  /** Grows with every holder; every effect carries it (I11). */
  readonly fence: number
  /** Keeps the lease when a part of it is used up. Throws a Problem when somebody else has taken it. */
  keep(): Promise<void>
  /** Saved with what only the holder may save: the batch fails when somebody else has taken the lease. */
  required(): Statement
}

/** How the lease's length is divided: a write may take a third, and must start while a half remains (TRUST 4.3). */
export const leaseTimes = (deps: Pick<Deps, 'config'>) => {
  const lengthMs = deps.config.SYNC_LEASE_SECONDS * 1000
  return { lengthMs, writeTimeoutMs: lengthMs / 3, leftForWriteMs: lengthMs / 2, renewAfterMs: lengthMs / 6 }
}

const taken = () => new Problem('conflict', 'another process has taken over this tenant', { retry: true })

/** Runs work under the tenant's lease; undefined, and no work done, while another holds it. */
export async function underLease<T>(
  deps: Deps,
  scope: Scope,
  work: (lease: Lease) => Promise<T>,
): Promise<T | undefined> {
  const { lengthMs, renewAfterMs } = leaseTimes(deps)
  const fence = await takeLease(scope, deps.id(), lengthMs)
  if (fence === undefined) return undefined
  let renewedAt = deps.now()
  const keep = async () => {
    if (deps.now() - renewedAt < renewAfterMs) return
    renewedAt = deps.now()
    if (!(await renewLease(scope, fence, lengthMs))) throw taken()
  }
  try {
    return await work({ fence, keep, required: () => requireLease(scope, fence) })
  } catch (cause) {
    throw isLeaseLost(cause) ? taken() : cause
  } finally {
    await releaseLease(scope, fence)
  }
}
