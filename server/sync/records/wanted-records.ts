import type { Agreement } from '#billing/existing.ts'
import type { WantedRecord } from '#billing/needed-records.ts'
import type { AgreementState, PlanInput } from '#billing/plan.ts'
import { isNewRecord } from '#billing/record.ts'
import { standInsOf } from '#billing/to-be-made.ts'
import { type Creation, listCreations, listTwins } from '#db/creations.ts'
import type { Scope } from '#db/db.ts'
import type { Tenant } from '#db/tenants.ts'

/** A plan's input with everything that is wanted, and `more`, beside what is there, each under its negative id. */
export async function withWanted(
  scope: Scope,
  tenant: Tenant,
  input: PlanInput,
  more: readonly Creation[],
): Promise<PlanInput> {
  const wanted = [...(await listCreations(scope)), ...more]
  if (wanted.length === 0) return input
  const stand = standInsOf(wanted)
  const creations = await knownOf(scope, tenant, wanted)
  return {
    ...input,
    agreements: joined(input.agreements, stand.agreements.map(withoutAdditions)),
    companies: joined(input.companies, byId(stand.companies)),
    products: joined(input.products, byId(stand.products)),
    creations,
    creationPolicy: tenant.creation,
  }
}

const joined = <T>(held: ReadonlyMap<number, T>, more: readonly (readonly [number, T])[]) => new Map([...held, ...more])
const withoutAdditions = (agreement: Agreement): [number, AgreementState] => [
  agreement.id,
  { agreement, additions: [] },
]
const byId = <T extends { id: number }>(records: readonly T[]) => records.map((record) => [record.id, record] as const)

async function knownOf(
  scope: Scope,
  { companyStatuses }: Tenant,
  wanted: readonly Creation[],
): Promise<Map<number, WantedRecord>> {
  const called = (record: 'company' | 'product') =>
    wanted.flatMap(({ draft }) => (draft.record === record ? [draft.identifier] : []))
  const twins = {
    company: await listTwins(scope, 'company', called('company')),
    product: await listTwins(scope, 'product', called('product')),
  }
  return new Map(
    wanted.flatMap(({ id, draft }) => {
      if (!isNewRecord(draft)) return []
      const isCalled = draft.record === 'company' || draft.record === 'product'
      const twin = isCalled ? twins[draft.record].get(draft.identifier.toLowerCase()) : undefined
      const known = { ...(companyStatuses ? { companyStatuses } : {}), ...(twin ? { twin } : {}) }
      return [[id, { draft, known }] as const]
    }),
  )
}
