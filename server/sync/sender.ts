import type { Mapping } from '#billing/mapping.ts'
import { isToBeMade } from '#billing/record.ts'
import type { Scope } from '#db/db.ts'
import type { Intent } from '#db/intents.ts'
import { findPlanRow } from '#db/plans.ts'
import type { Tenant } from '#db/tenants.ts'
import type { ConnectWise, Deps } from '#server/deps.ts'
import type { Lease } from './lease.ts'
import { loadMappings } from './mappings.ts'
import type { Slice } from './slice.ts'

/** What sending needs to know. */
export interface Sender {
  deps: Deps
  scope: Scope
  tenant: Tenant
  connectWise: ConnectWise
  lease: Lease
  slice: Slice
  mappings: ReadonlyMap<string, Mapping>
  /** Additions that a person pinned, and until which day. */
  pins: ReadonlyMap<number, string>
}

/** The mappings an intent's row was made from; records that were made meanwhile are named in them by their real ids. */
export async function mappingsOf({ scope, mappings }: Sender, intent: Intent): Promise<Mapping[]> {
  const row = await findPlanRow(scope, intent.planId, intent.rowSeq)
  const known = (row?.mappings ?? []).flatMap((id) => mappings.get(id) ?? [])
  if (!known.some(({ companyId, agreementId, productId = 0 }) => [companyId, agreementId, productId].some(isToBeMade)))
    return known
  const now = new Map((await loadMappings(scope)).map((mapping) => [mapping.id, mapping]))
  return known.flatMap(({ id }) => now.get(id) ?? [])
}
