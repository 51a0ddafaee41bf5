import {
  type CreationPolicy,
  type DraftProblem,
  draftProblems,
  identityOf,
  type KnownChoices,
  recordWords,
} from '#billing/creation.ts'
import { isNewRecord, type NewRecord } from '#billing/record.ts'
import { addCreation, type Creation, findCreationOf, listCreations } from '#db/creations.ts'
import type { Scope } from '#db/db.ts'
import { withdrawCreation } from '#db/end-creation.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { listAgreements, listCompanies, listProducts } from '#db/mirror.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { placeAnew } from '#sync/lines/place.ts'
import { tenantOf } from '#sync/run.ts'

/** The id that stands for a wanted record: its own once it was made. */
export const recordIdOf = ({ id, madeId }: Pick<Creation, 'id' | 'madeId'>): number => madeId ?? id

/**
 * Somebody wants a record made with the next approved plan; `recordIdOf` what comes back is used as a company's,
 * contact's, agreement's or product's id from now on. What is wanted already, or was made of the same wish and is still
 * there, is given back. Throws a Problem saying all that is wrong.
 */
export async function wantRecord(
  deps: Deps,
  scope: Scope,
  member: string,
  draft: NewRecord,
  known: KnownChoices = {},
): Promise<Creation> {
  const { creation: policy } = await tenantOf(scope)
  refuseDraft([...policyProblems(draft, policy), ...draftProblems(draft, known)])
  const identity = identityOf(draft)
  const existing = await findCreationOf(scope, identity)
  if (existing && (existing.state === 'wanted' || (await isStillThere(scope, existing)))) return existing
  const at = deps.now()
  const wanted = { record: draft.record, draft, identity, createdBy: member, createdAt: at }
  const body = { what: `${recordWords(draft)} is wanted`, member, draft }
  await saveWithEntry(scope, addCreation(scope, wanted), { at, event: 'wanted', body })
  const saved = await findCreationOf(scope, identity)
  if (!saved) throw new Problem('conflict', 'Somebody withdrew this meanwhile. Try again.')
  return saved
}

/**
 * Nobody wants this record any more, nor what was to be made at it; what was mapped to them is unmapped. Throws a
 * Problem when it was made already.
 */
export async function withdrawRecord(deps: Deps, scope: Scope, member: string, id: number): Promise<void> {
  const [creation] = await listCreations(scope, { ids: [id] })
  if (creation?.state !== 'wanted') throw noLonger()
  const dependent = (await listCreations(scope)).filter(({ draft }) => isAt(draft, id))
  const all = [creation, ...dependent]
  const texts = all.flatMap(({ draft }) => (isNewRecord(draft) ? recordWords(draft) : []))
  const body = { what: `${texts.join(', ')} withdrawn`, member, ids: all.map((one) => one.id) }
  const statements = all.flatMap((one) => withdrawCreation(scope, one))
  await saveWithEntry(scope, statements, { at: deps.now(), event: 'withdrawn', body })
  await placeAnew(scope)
}

const isAt = (draft: Creation['draft'], companyId: number): boolean =>
  (draft.record === 'agreement' || draft.record === 'contact') && draft.companyId === companyId

/** One that was made and has ended or was deleted is not made again without a person's yes: this wish is one (4.3). */
async function isStillThere(scope: Scope, { record, madeId }: Creation): Promise<boolean> {
  if (madeId === null) return false
  if (record === 'company') return (await listCompanies(scope, [madeId])).some(({ deleted }) => !deleted)
  if (record === 'product') return (await listProducts(scope, [madeId])).some(({ inactive }) => !inactive)
  if (record !== 'agreement') return true
  return (await listAgreements(scope, [madeId])).some(({ gone, body }) => !gone && body.status === 'Active')
}

const noLonger = () => new Problem('conflict', 'This record was made or withdrawn meanwhile. It is shown as it is now.')

/** What the tenant's settings say of making such a record. */
function policyProblems({ record }: NewRecord, policy: CreationPolicy): DraftProblem[] {
  const allowed = {
    company: policy.companies,
    contact: policy.companies,
    agreement: policy.agreements,
    product: policy.products,
  }
  if (allowed[record] !== 'off') return []
  const names = { company: 'companies', contact: 'contacts', agreement: 'agreements', product: 'products' }
  return [{ field: 'record', text: `Settings do not allow TrueUp to make ${names[record]}.` }]
}

function refuseDraft(problems: readonly DraftProblem[]): void {
  if (problems.length > 0) throw new Problem('invalid', problems.map(({ text }) => text).join(' '))
}
