import type { Mapping } from '#billing/mapping.ts'
import type { Day } from '#billing/period.ts'
import type { PlanInput } from '#billing/plan.ts'
import { listChoices } from '#db/choices.ts'
import type { Creation } from '#db/creations.ts'
import type { Scope } from '#db/db.ts'
import { listLastValuesOf } from '#db/last-values.ts'
import { listLineAdditions } from '#db/line-additions.ts'
import { type AgreementRow, listAdditions, listAgreements, listCompanies, listProducts } from '#db/mirror.ts'
import { listDatedLines, listProrations } from '#db/prorations.ts'
import type { Source } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import { toChoice } from '#sync/approve/choices.ts'
import type { LineWork } from '#sync/lines/line-work.ts'
import { loadLinesInput } from '#sync/lines/plan-input.ts'
import { agreementsOf, loadWishes } from '#sync/lines/wishes.ts'
import { withWanted } from '#sync/records/wanted-records.ts'
import { loadBooks } from '#sync/sources/collect.ts'
import { loadEarlier } from '#sync/sources/earlier.ts'
import { withCycle } from './invoicing.ts'

interface Asked {
  today: Day
  /** Epoch milliseconds. */
  now: number
  mappings: readonly Mapping[]
  sources: readonly Source[]
  /** Only what the sources say of these accounts; absent: of all they list. */
  accounts?: readonly string[]
  /** Records that are wanted beside those that are stored as wanted. */
  wanted?: readonly Creation[]
  /** Invoice lines that are planned, too. */
  lines?: LineWork
  /** What people want done with additions is planned, too. */
  wishing?: boolean
  /** Why an agreement's additions cannot be relied on; null when they can. */
  problemOf: (row: AgreementRow) => string | null
}

/** Everything a plan of these mappings is made of, as it is stored: no vendor is asked. */
export async function loadInput(scope: Scope, tenant: Tenant, asked: Asked): Promise<PlanInput> {
  const { mappings, today, problemOf } = asked
  const heeded = await loadWishes(scope)
  const wishes = asked.wishing ? heeded : []
  const lines = asked.lines ? await loadLinesInput(scope, tenant, asked.lines) : undefined
  const places = [
    ...mappings,
    ...(lines?.lines ?? []).map(({ place }) => place),
    ...(lines?.additions ?? []),
    ...agreementsOf(wishes).map((agreementId) => ({ agreementId })),
  ]
  const [{ books, accounts }, agreements, companies, choices] = await Promise.all([
    loadBooks(scope, { ...asked, tenant }),
    loadAgreements(scope, tenant, unique(places.flatMap(({ agreementId }) => agreementId ?? [])), problemOf),
    listCompanies(scope, unique(places.flatMap((place) => ('companyId' in place && place.companyId) || []))),
    listChoices(scope),
  ])
  const additions = [...agreements.values()].flatMap((state) => state.additions)
  const named = places.flatMap((place) => ('productId' in place && place.productId) || [])
  const [products, lastValues, prorations, datedLines, ofLines] = await Promise.all([
    listProducts(scope, unique([...additions.map((addition) => addition.productId), ...named])),
    listLastValuesOf(scope, unique(additions.map((addition) => addition.id))),
    listProrations(scope, unique(mappings.flatMap((mapping) => mapping.additionId ?? []))),
    listDatedLines(scope, [...agreements.keys()]),
    listLineAdditions(scope, { agreements: [...agreements.keys()] }),
  ])
  const input = {
    today,
    mappings,
    accounts,
    books,
    agreements,
    companies: new Map(companies.map((company) => [company.id, company])),
    products: new Map(products.map((product) => [product.id, product])),
    lastValues: new Map(lastValues.map((row) => [row.additionId, fieldsOf(row)])),
    choices: new Map(choices.map((choice) => [choice.additionId, toChoice(choice)])),
    ...(tenant.currency === null ? {} : { currency: tenant.currency }),
    wholeQuantities: tenant.wholeQuantities,
    catalogueCosts: new Set(asked.sources.filter(({ data }) => data.catalogueCost).map(({ id }) => id)),
    prorations,
    datedLines,
    ofLines: new Set(ofLines.map(({ additionId }) => additionId)),
    wishes,
    heeded,
    ...(lines ? { lines } : {}),
    earlier: await loadEarlier(scope, { ...asked, tenant, books, prorations }),
  }
  return withWanted(scope, tenant, input, asked.wanted ?? [])
}

/** Stored last values as the pure core sees them. */
export const fieldsOf = (row: Awaited<ReturnType<typeof listLastValuesOf>>[number]) => ({
  additionId: row.additionId,
  agreementId: row.agreementId,
  ...(row.quantity === null ? {} : { quantity: row.quantity }),
  ...(row.unitCost === null ? {} : { cost: row.unitCost }),
  ...(row.unitPrice === null ? {} : { price: row.unitPrice }),
})

async function loadAgreements(
  scope: Scope,
  tenant: Tenant,
  ids: readonly number[],
  problemOf: Asked['problemOf'],
): Promise<PlanInput['agreements']> {
  const [known, additions] = await Promise.all([listAgreements(scope, ids), listAdditions(scope, ids)])
  const rows = known.filter((row) => !row.gone)
  const byAgreement = new Map(rows.map((row) => [row.id, [] as typeof additions]))
  for (const addition of additions) byAgreement.get(addition.agreementId)?.push(addition)
  return new Map(
    rows.map((row) => {
      const problem = problemOf(row)
      const state = { agreement: withCycle(row.body, tenant), additions: byAgreement.get(row.id) ?? [] }
      const movedBack = row.movedBackFrom === null ? {} : { movedBackFrom: row.movedBackFrom }
      const invoicing = row.invoicing === null ? {} : { invoicing: row.invoicing }
      return [row.id, { ...state, ...movedBack, ...invoicing, ...(problem === null ? {} : { problem }) }]
    }),
  )
}

const unique = (ids: readonly number[]): number[] => [...new Set(ids)]
