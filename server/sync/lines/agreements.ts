import { identityOf, recordWords } from '#billing/creation.ts'
import { firstOf } from '#billing/period.ts'
import type { NewAgreement } from '#billing/record.ts'
import { addCreation, type Creation, listCreations } from '#db/creations.ts'
import type { Scope } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import type { LineRow } from '#db/lines.ts'
import { listCompanies } from '#db/mirror.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { us } from '#sync/mapping/new-skus.ts'

interface Work {
  deps: Deps
  scope: Scope
  tenant: Pick<Tenant, 'defaultAgreementTypeId'>
}

/** Whether a line goes to the one agreement that is made for its company (FEATURES 4.3). */
export const needsAgreement = (
  line: Pick<LineRow, 'mapping' | 'companyId' | 'placedAgreementId' | 'leftOut' | 'goneAt'>,
) =>
  line.mapping === 'mapped' &&
  line.placedAgreementId === null &&
  line.companyId !== null &&
  !line.leftOut &&
  line.goneAt === null

/** Wants the one agreement of each company whose lines name none; with the next plan it waits for a yes, or is made. */
export async function wantAgreements(work: Work, lines: readonly LineRow[]): Promise<number> {
  const { deps, scope } = work
  const drafts = await draftsFor(work, lines)
  for (const draft of drafts) {
    const at = deps.now()
    const wanted = { record: draft.record, draft, identity: identityOf(draft), createdBy: us, createdAt: at }
    const body = { what: `${recordWords(draft)} is wanted`, member: us, draft }
    await saveWithEntry(scope, addCreation(scope, wanted), { at, event: 'wanted', body })
  }
  return drafts.length
}

/** What `wantAgreements` would want, for a dry run, beside what is wanted or foreseen already: nothing of it is stored. */
export async function foreseeAgreements(
  work: Work,
  lines: readonly LineRow[],
  foreseen: readonly Creation[],
): Promise<Creation[]> {
  const { deps, scope } = work
  const drafts = await draftsFor(work, lines)
  const known = drafts.length === 0 ? [] : [...(await listCreations(scope)), ...foreseen]
  const lowest = Math.min(0, ...known.map(({ id }) => id))
  return drafts.map((draft, i) => ({
    ...{ tenantId: scope.tenant, id: lowest - 1 - i, record: draft.record, draft, identity: identityOf(draft) },
    ...{ state: 'wanted', madeId: null, madeAt: null, createdBy: us, createdAt: deps.now() },
  }))
}

/** Named as its type, starting on the day of the company's first invoice. One request, where any is to be made. */
async function draftsFor({ deps, scope, tenant }: Work, lines: readonly LineRow[]): Promise<NewAgreement[]> {
  const { defaultAgreementTypeId: typeId } = tenant
  const needy = lines.filter(needsAgreement)
  if (needy.length === 0 || typeId === null) return []
  const types = await (await deps.connectWise(scope)).listAgreementTypes()
  const name = types.find(({ id }) => id === typeId)?.name
  if (name === undefined) return []
  const starts = firstDays(needy)
  const companies = await listCompanies(scope, [...starts.keys()])
  return [...starts].map(([companyId, startOn]) => {
    const company = companies.find(({ id }) => id === companyId)
    const names = { typeId: name, ...(company ? { companyId: company.name } : {}) }
    return { record: 'agreement', name, typeId, companyId, startOn, names }
  })
}

/** The day of each company's first invoice. */
function firstDays(needy: readonly LineRow[]): Map<number, string> {
  const starts = new Map<number, string>()
  for (const { companyId, invoicedOn, period } of needy) {
    const day = invoicedOn ?? firstOf(period)
    const known = starts.get(companyId ?? 0)
    if (companyId !== null && (known === undefined || day < known)) starts.set(companyId, day)
  }
  return starts
}
