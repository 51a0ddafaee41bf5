import type { Hold, PlanRow } from '#billing/plan.ts'
import { type CustomValue, isToBeMade, type Referred } from '#billing/record.ts'
import type { LinePosting } from './posting.ts'
import type { CrossReferences } from './settings.ts'

/** What a custom field of these records takes at most. */
const longest = 100

/** What the source calls an account. */
export interface AccountName {
  source: string
  account: string
  name: string
}

/** A company or agreement that is there, and what its custom field holds. */
export interface HeldReference {
  of: Referred
  id: number
  /** The company it belongs to, or is. */
  companyId: number
  accounts: readonly AccountName[]
  fieldId: number
  caption: string
  /** Absent: ConnectWise did not say; null: the record has no such field. */
  holds?: string | null
  /** What TrueUp wrote there last. */
  written?: string
  /** A value that ConnectWise refused or did not keep, and why: it is not sent again. */
  refused?: { to: string; why: string }
}

/** The ids the source knows by, on what this plan makes: additions of lines, companies and agreements (M23). */
export function withReferences(
  rows: readonly PlanRow[],
  { fields, names }: { fields: CrossReferences; names: readonly AccountName[] },
): PlanRow[] {
  return rows.map((row) => {
    if (row.change !== 'create') return row
    if (row.posting) return { ...row, posting: withValue(row.posting, fields.additionFieldId, lineId(row.posting)) }
    const accounts = names.filter(({ source, account }) => source === row.source && row.accounts.includes(account))
    if (row.draft?.record === 'company')
      return { ...row, draft: withValue(row.draft, fields.companyFieldId, valueFor('company', accounts)) }
    if (row.draft?.record === 'agreement')
      return { ...row, draft: withValue(row.draft, fields.agreementFieldId, valueFor('agreement', accounts)) }
    return row
  })
}

function withValue<T extends { reference?: CustomValue }>(what: T, fieldId: number | undefined, value: string): T {
  return fieldId === undefined || value === '' ? what : { ...what, reference: { fieldId, value } }
}

/** The subscription's id, or where it has none the offer's; of a one-time line its own. Too long a one is left out. */
function lineId({ kind, identity }: LinePosting): string {
  const parts = JSON.parse(identity) as unknown
  if (!Array.isArray(parts)) return ''
  const id = kind === 'persistent' ? parts[2] || parts[3] : parts[3]
  return typeof id === 'string' && id.length <= longest ? id : ''
}

/** Ids of the accounts on the company, their names on the agreement; as many of several as there is room for. */
function valueFor(of: Referred, accounts: readonly AccountName[]): string {
  const texts = accounts.map(({ account, name }) => (of === 'company' ? account : name))
  const unique = [...new Set(texts)].sort()
  return unique.reduce((told, text) => {
    const more = told === '' ? text : `${told}, ${text}`
    return more.length <= longest ? more : told
  }, '')
}

/**
 * A row for every company and agreement that was there before and does not hold its source's id yet (M23). `lacking`: the
 * right that was missing last time; one write tries whether it was given since.
 */
export function referenceRows(
  held: readonly HeldReference[],
  lacking: Partial<Record<Referred, string>> = {},
): PlanRow[] {
  const tried = new Set<string>()
  return held.flatMap(rowFor).map((row) => {
    const reason = row.change === undefined ? undefined : lacking[row.record === 'company' ? 'company' : 'agreement']
    if (reason === undefined || !tried.has(row.record ?? '')) {
      tried.add(row.record ?? '')
      return row
    }
    const { change: _, draft: __, ...rest } = row
    return { ...rest, holds: [], reason, outcome: 'skipped' }
  })
}

function rowFor(reference: HeldReference): PlanRow[] {
  const { of, id, companyId, accounts, fieldId, caption, holds, refused } = reference
  const to = valueFor(of, accounts)
  const [first] = accounts
  if (!first || to === '' || holds === to || isToBeMade(id)) return []
  const row: PlanRow = {
    ...{ key: `reference:${of}:${id}`, record: of, source: first.source, mappings: [], before: {}, after: {} },
    ...{ accounts: accounts.map(({ account }) => account), companyId, attention: false },
    ...{ holds: [], reason: '', outcome: 'pending' },
    ...(of === 'agreement' ? { agreementId: id } : {}),
  }
  const why = refused?.to === to ? refused.why : whyNot(reference)
  if (why !== undefined) return [{ ...row, reason: why, outcome: 'skipped' }]
  const from = holds ?? ''
  const draft = { record: 'reference' as const, fieldId, caption, from, to }
  const conflict = from === '' || from === reference.written ? [] : [someoneElses(caption, from, to)]
  const reason = `the ${of} gets what its source calls it`
  return [{ ...row, draft, change: 'update', holds: conflict, reason }]
}

/** Other records of the instance have the field; this one answers without. */
function whyNot({ holds, caption, of }: HeldReference): string | undefined {
  if (holds === null) return `ConnectWise shows no custom field ${caption} on this ${of}`
  return holds === undefined ? `ConnectWise does not say what custom fields of a ${of} hold` : undefined
}

const someoneElses = (caption: string, from: string, to: string): Hold => ({
  guard: 'G12',
  text: `somebody wrote ${from} to ${caption}: approved, it becomes ${to}`,
})
