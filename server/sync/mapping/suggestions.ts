import { refusedStatuses } from '#billing/offered.ts'
import { type Candidate, type Ranking, type Suggestion, suggest } from '#billing/suggestion.ts'
import { listPlaces, listUnplaced } from '#db/accounts.ts'
import { listOfferedCompanies } from '#db/catalogue.ts'
import type { Scope } from '#db/db.ts'
import type { AccountKey } from '#db/mappings.ts'
import { sha256 } from '#db/sha256.ts'
import type { Deps } from '#server/deps.ts'
import { tenantOf } from '#sync/run.ts'
import { listAllCompanies } from './catalogue.ts'
import { offeringOf } from './place-account.ts'

export interface Suggested extends Suggestion {
  key: AccountKey
  company: Candidate
}

/** A company for every account that has none and clearly is one's namesake (M6). Nothing is saved by this. */
export async function listSuggestions(deps: Deps, scope: Scope): Promise<Suggested[]> {
  if ((await tenantOf(scope)).companiesListedAt === null) await listAllCompanies(deps, scope)
  const hidden = refusedStatuses(offeringOf(await tenantOf(scope)))
  const [unplaced, companies, places] = await Promise.all([
    listUnplaced(scope),
    listOfferedCompanies(scope, hidden),
    listPlaces(scope),
  ])
  const ranking = rankingOf(companies)
  const byId = new Map(companies.map((company) => [company.id, company]))
  const sources = [...new Set(unplaced.map(({ sourceId }) => sourceId))]
  return sources.flatMap((sourceId) => {
    const accounts = unplaced.filter((account) => account.sourceId === sourceId)
    const taken = new Set(places.filter((place) => place.sourceId === sourceId).map(({ companyId }) => companyId))
    return [...suggest(accounts, companies, taken, ranking)].flatMap(([account, suggestion]) => {
      const company = byId.get(suggestion.companyId)
      return company ? [{ ...suggestion, key: { sourceId, account }, company }] : []
    })
  })
}

const mostRankings = 20
const rankings = new Map<string, Ranking>()

/** What was compared with exactly these companies before; the lists that were asked for last are remembered. */
function rankingOf(companies: readonly Candidate[]): Ranking {
  const key = sha256(JSON.stringify(companies))
  const ranking = rankings.get(key) ?? new Map()
  rankings.delete(key)
  rankings.set(key, ranking)
  for (const oldest of [...rankings.keys()].slice(0, -mostRankings)) rankings.delete(oldest)
  return ranking
}
