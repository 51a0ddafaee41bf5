import type { Contact } from '#billing/existing.ts'
import type { Mapping } from '#billing/mapping.ts'
import { isToBeMade } from '#billing/record.ts'
import type { Scope } from '#db/db.ts'
import type { Intent } from '#db/intents.ts'
import { listLineAdditions } from '#db/line-additions.ts'
import { findPlanRow } from '#db/plans.ts'
import { listDatedLines } from '#db/prorations.ts'
import type { Tenant } from '#db/tenants.ts'
import type { ConnectWise, Deps } from '#server/deps.ts'
import type { Lease } from '#sync/lease.ts'
import { loadMappings } from '#sync/mapping/mappings.ts'
import type { Slice } from '#sync/slice.ts'

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
  /** A company's contacts, read at most ten minutes ago (I5). */
  contactsOf(companyId: number): Promise<Contact[]>
}

const freshMs = 600_000

/** Reads a company's contacts once for all that is written at it. */
export function rememberContacts({ now }: Pick<Deps, 'now'>, connectWise: ConnectWise): Sender['contactsOf'] {
  const known = new Map<number, { at: number; contacts: Promise<Contact[]> }>()
  return (companyId) => {
    const held = known.get(companyId)
    if (held && now() - held.at < freshMs) return held.contacts
    const contacts = connectWise.listContactsOf(companyId)
    known.set(companyId, { at: now(), contacts })
    contacts.catch(() => known.delete(companyId))
    return contacts
  }
}

/** Additions of an agreement whose purpose is known: mapped, left alone, made for a part of a period or for invoice lines. */
export async function knownAdditions({ scope, mappings }: Sender, agreementId: number): Promise<ReadonlySet<number>> {
  const mapped = [...mappings.values()].flatMap((mapping) => [mapping.additionId ?? 0, ...mapping.leaveAlone])
  const dated = await listDatedLines(scope, [agreementId])
  const ofLines = await listLineAdditions(scope, { agreements: [agreementId] })
  return new Set([...mapped, ...[...dated, ...ofLines].map(({ additionId }) => additionId)])
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
