import type { Addition } from '#billing/existing.ts'
import type { Scope, Statement } from '#db/db.ts'
import { saveAdditions, saveAgreements, saveCompanies, saveProducts } from '#db/mirror.ts'
import { listDatedLines } from '#db/prorations.ts'
import type { ConnectWise, Deps } from '#server/deps.ts'
import { listStandIns } from '#sync/records/to-be-made.ts'
import type { FileRow } from './file.ts'
import type { Existing } from './targets.ts'

type Named = Pick<FileRow, 'company' | 'agreement' | 'addition' | 'product'>

/**
 * Reads everything these rows name from ConnectWise, and how to keep what was read; records to be made are there as their
 * drafts say. Throws a Problem when it cannot.
 */
export async function readTargets(
  deps: Deps,
  scope: Scope,
  rows: readonly Named[],
): Promise<{ existing: Existing; mirrored: Statement[] }> {
  if (rows.length === 0) return { existing: nothing, mirrored: [] }
  const connectWise = await deps.connectWise(scope)
  const at = deps.now()
  const agreementIds = unique(rows.map((row) => row.agreement))
  const companyIds = unique(rows.map((row) => row.company))
  const productIds = unique(rows.flatMap((row) => row.product ?? []))
  const [agreements, companies, products, toBe] = await Promise.all([
    connectWise.listAgreements(agreementIds),
    connectWise.listCompanies(companyIds),
    connectWise.listProducts(productIds),
    listStandIns(scope, [...agreementIds, ...companyIds, ...productIds]),
  ])
  const withAdditions = unique(rows.filter((row) => row.addition !== undefined).map((row) => row.agreement))
  const read = withAdditions.filter((id) => agreements.some((agreement) => agreement.id === id))
  const additions = await listAdditionsOf(connectWise, read)
  return {
    existing: {
      agreements: byId([...agreements, ...toBe.agreements]),
      additions: byId(additions),
      datedLines: await listDatedLines(scope, read),
      companies: byId([...companies, ...toBe.companies]),
      products: byId([...products, ...toBe.products]),
    },
    mirrored: [
      ...saveAgreements(scope, agreementIds, agreements, at),
      ...saveAdditions(scope, read, additions, { at }),
      ...saveCompanies(scope, companies, at),
      ...saveProducts(scope, products, at),
    ],
  }
}

/** The client has few calls in flight whatever is asked at once. */
async function listAdditionsOf(connectWise: ConnectWise, agreements: readonly number[]): Promise<Addition[]> {
  return (await Promise.all(agreements.map((id) => connectWise.listAdditions(id)))).flat()
}

const unique = (ids: readonly number[]): number[] => [...new Set(ids)].sort((a, b) => a - b)
const byId = <T extends { id: number }>(rows: readonly T[]) => new Map(rows.map((row) => [row.id, row]))
const nothing: Existing = {
  agreements: new Map(),
  additions: new Map(),
  datedLines: [],
  companies: new Map(),
  products: new Map(),
}
