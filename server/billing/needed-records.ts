import { type CreationPolicy, draftProblems, type KnownChoices, plainCreation, recordWords } from './creation.ts'
import type { Hold, PlanInput, PlanRow } from './plan.ts'
import { isNewRecord, isToBeMade, type NewRecord } from './record.ts'

/** A record somebody wants made, and what its draft is checked against. */
export interface WantedRecord {
  draft: NewRecord
  known: KnownChoices
}

type Wanted = ReadonlyMap<number, WantedRecord>

/**
 * The plan with a row for each record that one of its changes needs and ConnectWise does not hold yet: nothing is made that
 * nobody needs (FEATURES M5, S4, 4.3). Rows say what they need, so that they are written in that order.
 */
export function withNeededRecords(rows: readonly PlanRow[], input: PlanInput): PlanRow[] {
  const wanted = input.creations ?? new Map()
  if (wanted.size === 0) return [...rows]
  const changed = rows.map((row) => (row.change === undefined ? row : withNeeds(row, wanted)))
  const ids = new Set<number>()
  for (const id of changed.flatMap((row) => (row.change === undefined ? [] : namedBy(row)))) addNeeded(ids, id, wanted)
  const made = [...ids].sort((a, b) => b - a).flatMap((id) => recordRow(id, changed, input, wanted))
  const order = ['company', 'contact', 'agreement', 'product']
  made.sort((a, b) => order.indexOf(a.record ?? '') - order.indexOf(b.record ?? ''))
  return [...made, ...changed]
}

/** `company:-3`: the key of a record's row, and of its write. */
const recordKey = (id: number, { draft }: WantedRecord): string => `${draft.record}:${id}`

/** The negative id in a record's key; undefined for what stands on no wish, like a contact of an export. */
export function wantedIdOf(key: string): number | undefined {
  const id = /^(?:company|contact|agreement|product):(-\d+)$/.exec(key)?.[1]
  return id === undefined ? undefined : Number(id)
}

const namedBy = ({ agreementId, productId }: PlanRow): number[] =>
  [agreementId, productId].filter((id): id is number => id !== undefined && isToBeMade(id))

function withNeeds(row: PlanRow, wanted: Wanted): PlanRow {
  const needs = namedBy(row).flatMap((id) => keyOf(id, wanted))
  return needs.length === 0 ? row : { ...row, needs: [...(row.needs ?? []), ...needs] }
}

function keyOf(id: number, wanted: Wanted): string[] {
  const record = wanted.get(id)
  return record ? [recordKey(id, record)] : []
}

function addNeeded(ids: Set<number>, id: number, wanted: Wanted): void {
  if (ids.has(id) || !wanted.has(id)) return
  ids.add(id)
  for (const needed of neededBy(id, wanted)) addNeeded(ids, needed, wanted)
}

/** A contact needs its company; an agreement its company and its contact. */
function neededBy(id: number, wanted: Wanted): number[] {
  const draft = wanted.get(id)?.draft
  if (draft?.record !== 'contact' && draft?.record !== 'agreement') return []
  const contactId = draft.record === 'agreement' ? (draft.contactId ?? contactAt(draft.companyId, wanted)) : undefined
  return [draft.companyId, contactId].filter((one): one is number => one !== undefined && isToBeMade(one))
}

/** Who an agreement without a contact of its own will name: the company's new default contact, at a new company any. */
function contactAt(companyId: number, wanted: Wanted): number | undefined {
  const contacts = [...wanted].filter(([, { draft }]) => draft.record === 'contact' && draft.companyId === companyId)
  const byDefault = contacts.find(([, { draft }]) => draft.record === 'contact' && draft.isDefault)
  return (byDefault ?? (isToBeMade(companyId) ? contacts[0] : undefined))?.[0]
}

function recordRow(id: number, rows: readonly PlanRow[], input: PlanInput, wanted: Wanted): PlanRow[] {
  const record = wanted.get(id)
  if (!record) return []
  const { draft, known } = record
  const needy = rows.filter((row) => row.change !== undefined && isNeededBy(id, row, wanted))
  const [first] = needy
  const noContact = draft.record === 'agreement' && isToBeMade(draft.companyId) && neededBy(id, wanted).length < 2
  // A product is everybody's: who is billed for it is nobody else's business.
  const accounts = draft.record === 'product' ? [] : [...new Set(needy.flatMap((row) => row.accounts))]
  const holds = [
    ...policyHolds(draft, input.creationPolicy ?? plainCreation),
    ...draftProblems(draft, noContact ? { ...known, hasContact: false } : known).map(({ text }) => block(text)),
  ]
  return [
    {
      ...{ key: recordKey(id, record), record: draft.record, draft, change: 'create' },
      needs: neededBy(id, wanted).flatMap((needed) => keyOf(needed, wanted)),
      source: first?.source ?? '',
      ...(first?.snapshot === undefined ? {} : { snapshot: first.snapshot }),
      ...{ accounts, mappings: [...new Set(needy.flatMap((row) => row.mappings))] },
      ...placeOf(id, draft),
      ...{ before: {}, after: {}, holds, outcome: 'pending', attention: false },
      reason: whyNeeded(accounts, needy.length),
    },
  ]
}

const whyNeeded = (accounts: readonly string[], lines: number): string =>
  accounts.length > 0 ? `needed by ${accounts.join(', ')}` : `needed by ${lines} ${lines === 1 ? 'line' : 'lines'}`

function isNeededBy(id: number, row: PlanRow, wanted: Wanted): boolean {
  const ids = new Set<number>()
  for (const named of namedBy(row)) addNeeded(ids, named, wanted)
  return ids.has(id)
}

function placeOf(id: number, draft: NewRecord): Pick<PlanRow, 'companyId' | 'agreementId' | 'productId'> {
  if (draft.record === 'company') return { companyId: id }
  if (draft.record === 'product') return { productId: id }
  return draft.record === 'agreement' ? { companyId: draft.companyId, agreementId: id } : { companyId: draft.companyId }
}

/** G12: what is made is looked at first, unless settings allow agreements without. */
function policyHolds(draft: NewRecord, policy: CreationPolicy): Hold[] {
  const { companies, agreements, products } = policy
  const allowed = { company: companies, contact: companies, agreement: agreements, product: products }[draft.record]
  if (allowed === 'off') return [block(`settings do not allow TrueUp to make this ${draft.record}`)]
  return allowed === 'automatic' ? [] : [{ guard: 'G12', text: `makes ${recordWords(draft)}` }]
}

const block = (text: string): Hold => ({ guard: 'G12', text, block: true })

/**
 * Records and what needs them wait together: nothing is made while all that needs it waits or can never be written, and
 * nothing is approved upon a record that cannot be made.
 */
export function holdRecords(rows: readonly PlanRow[]): PlanRow[] {
  const held = new Map(rows.map((row) => [row.key, row]))
  const records = rows.filter((row) => wantedIdOf(row.key) !== undefined && row.change !== undefined)
  if (records.length === 0) return [...rows]
  for (const { key } of records.toReversed()) {
    const needy = [...held.values()].filter((row) => row.change !== undefined && row.needs?.includes(key))
    const row = held.get(key)
    if (!row || isBlocked(row) || needy.length === 0 || !needy.every(({ outcome }) => outcome === 'held')) continue
    if (needy.every(isBlocked)) held.set(key, withHold(row, block('nothing that needs it can be written')))
    else if (row.outcome === 'pending')
      held.set(key, withHold(row, { guard: 'G12', text: 'all that needs it waits for an approval' }))
  }
  for (const { key } of records) {
    const record = held.get(key)
    if (!record || !isBlocked(record) || !isNewRecord(record.draft)) continue
    const hold = block(`waits for ${recordWords(record.draft)}, which cannot be made`)
    for (const row of held.values())
      if (row.change !== undefined && row.needs?.includes(key) && !isBlocked(row))
        held.set(row.key, withHold(row, hold))
  }
  return rows.map((row) => held.get(row.key) ?? row)
}

const isBlocked = ({ holds }: PlanRow): boolean => holds.some((hold) => hold.block)
const withHold = (row: PlanRow, hold: Hold): PlanRow => ({ ...row, holds: [...row.holds, hold], outcome: 'held' })
