import { type AccountName, type HeldReference, referenceRows } from '#billing/lines/references.ts'
import type { CrossReferences } from '#billing/lines/settings.ts'
import type { PlanRow } from '#billing/plan.ts'
import { isToBeMade, type Referred } from '#billing/record.ts'
import type { Scope } from '#db/db.ts'
import { listReferenceWrites, listReferredAccounts, listReferredAgreements } from '#db/lines-references.ts'
import { listAgreements } from '#db/mirror.ts'
import type { Tenant } from '#db/tenants.ts'
import type { ConnectWise, Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { type About, inScopeOf } from '#sync/asked.ts'

/** What of the source's ids a run may write (M23). */
export interface References {
  /** The chosen custom fields that are there. */
  fields: CrossReferences
  /** What its sources call the accounts. */
  names: readonly AccountName[]
  /** Companies and agreements that were there before, and what is wrong with the chosen fields. */
  rows: PlanRow[]
}

const nothing: References = { fields: { existing: false }, names: [], rows: [] }

/**
 * Looks up the chosen custom fields, one request where any is chosen, and what companies and agreements hold in them where
 * the second switch is on. What cannot be read is a row that says so: billing goes on without.
 */
export async function readCrossReferences(
  deps: Deps,
  scope: Scope,
  { lineSettings: { crossReferences: chosen } }: Tenant,
  run: About,
): Promise<References> {
  const ids = [chosen.companyFieldId, chosen.agreementFieldId, chosen.additionFieldId]
  if (ids.every((id) => id === undefined)) return nothing
  const names = await listReferredAccounts(scope)
  if (names.length === 0) return nothing
  const connectWise = await deps.connectWise(scope)
  try {
    const captions = new Map((await connectWise.listCustomFields()).map(({ id, caption }) => [id, caption]))
    const fields = presentIn(chosen, captions)
    const isMissing = ids.some((id) => id !== undefined && !captions.has(id))
    const held = chosen.existing ? await readHeld(connectWise, scope, { names, run, fields, captions }) : []
    const rows = [
      ...(isMissing ? [skipped(gone)] : []),
      ...referenceRows(await withPast(scope, held), await lackingRights(scope)),
    ]
    return { fields, names, rows }
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.kind === 'conflict') throw problem
    return { ...nothing, rows: [skipped(`custom fields could not be read: ${problem.message}`)] }
  }
}

const gone = 'a chosen custom field is not in ConnectWise any more: choose another in Settings › Configuration'

const skipped = (reason: string): PlanRow => ({
  ...{ key: 'references', source: '', accounts: [], mappings: [], before: {}, after: {}, holds: [] },
  ...{ reason, outcome: 'skipped', attention: false },
})

function presentIn(chosen: CrossReferences, captions: ReadonlyMap<number, string>): CrossReferences {
  const { companyFieldId, agreementFieldId, additionFieldId, existing } = chosen
  const has = (id: number | undefined): id is number => id !== undefined && captions.has(id)
  return {
    existing,
    ...(has(companyFieldId) ? { companyFieldId } : {}),
    ...(has(agreementFieldId) ? { agreementFieldId } : {}),
    ...(has(additionFieldId) ? { additionFieldId } : {}),
  }
}

type Account = Awaited<ReturnType<typeof listReferredAccounts>>[number]

interface Sought {
  names: readonly Account[]
  run: About
  fields: CrossReferences
  captions: ReadonlyMap<number, string>
}

/** What the records of a run's accounts hold; a value names every account on a record, whichever of them is asked for. */
async function readHeld(
  connectWise: ConnectWise,
  scope: Scope,
  { names, run, fields, captions }: Sought,
): Promise<HeldReference[]> {
  const { companyFieldId, agreementFieldId } = fields
  const of = async (what: Referred, fieldId: number | undefined, places: ReadonlyMap<number, Place>) => {
    if (fieldId === undefined || places.size === 0) return []
    const caption = captions.get(fieldId) ?? ''
    const found = await connectWise.listHeldTexts(what, [...places.keys()], fieldId)
    return found.flatMap(({ id, holds }): HeldReference[] => {
      const place = places.get(id)
      return place ? [{ of: what, id, ...place, fieldId, caption, ...(holds === undefined ? {} : { holds }) }] : []
    })
  }
  const asked = (places: ReadonlyMap<number, Place>) =>
    new Map([...places].filter(([, { accounts }]) => accounts.some(inScopeOf(run))))
  const companies = asked(companiesOf(names))
  const agreements = agreementFieldId === undefined ? new Map() : asked(await agreementsOf(scope, names))
  return [...(await of('company', companyFieldId, companies)), ...(await of('agreement', agreementFieldId, agreements))]
}

interface Place {
  companyId: number
  accounts: AccountName[]
}

function companiesOf(accounts: readonly Account[]): Map<number, Place> {
  const places = new Map<number, Place>()
  for (const account of accounts) addTo(places, account.companyId, account.companyId, account)
  return places
}

/** The agreements of their company that are chosen for accounts, and those that additions of their lines are on. */
async function agreementsOf(scope: Scope, accounts: readonly Account[]): Promise<Map<number, Place>> {
  const posted = await listReferredAgreements(scope)
  const named = accounts.flatMap((account) => {
    const own = posted.filter((one) => one.source === account.source && one.account === account.account)
    const ids = [...own.map(({ agreementId }) => agreementId), ...(account.agreementId ? [account.agreementId] : [])]
    return [...new Set(ids)].map((id) => ({ id, account }))
  })
  const known = await listAgreements(scope, [...new Set(named.map(({ id }) => id))])
  const owners = new Map(known.filter(({ gone: isGone }) => !isGone).map(({ id, body }) => [id, body.companyId]))
  const places = new Map<number, Place>()
  for (const { id, account } of named)
    if (owners.get(id) === account.companyId) addTo(places, id, account.companyId, account)
  return places
}

function addTo(places: Map<number, Place>, id: number, companyId: number, { source, account, name }: Account): void {
  if (isToBeMade(id)) return
  const place = places.get(id) ?? { companyId, accounts: [] }
  places.set(id, { ...place, accounts: [...place.accounts, { source, account, name }] })
}

/** What TrueUp wrote there before, and what ConnectWise refused. */
async function withPast(scope: Scope, held: readonly HeldReference[]): Promise<HeldReference[]> {
  const writes = held.length === 0 ? [] : await listReferenceWrites(scope)
  return held.map((reference) => {
    const own = writes.filter(({ key }) => key === `reference:${reference.of}:${reference.id}`)
    const done = own.findLast(({ state }) => state === 'done')?.draft
    const last = own.at(-1)
    const isRefused = last?.state === 'rejected' && last.httpStatus !== 403 && last.draft?.record === 'reference'
    return {
      ...reference,
      ...(done?.record === 'reference' ? { written: done.to } : {}),
      ...(isRefused && last.draft?.record === 'reference'
        ? { refused: { to: last.draft.to, why: last.error ?? 'ConnectWise refused it' } }
        : {}),
    }
  })
}

/** Why the newest write to a company, or an agreement, was not allowed. */
async function lackingRights(scope: Scope): Promise<Partial<Record<Referred, string>>> {
  const writes = await listReferenceWrites(scope)
  const of = (record: Referred) => {
    const last = writes.findLast((write) => write.record === record && write.state !== 'planned')
    return last?.httpStatus === 403 ? { [record]: last.error ?? 'a right is missing' } : {}
  }
  return { ...of('company'), ...of('agreement') }
}
