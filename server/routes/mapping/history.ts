import { isToBeMade } from '#billing/record.ts'
import type { LedgerRow } from '#db/ledger.ts'
import type { Deps } from '#server/deps.ts'
import type { Viewer } from '#session/viewer.ts'
import type { Places } from '#sync/mapping/account-state.ts'
import { sightOf } from './sight.ts'

interface Target {
  targetKey: string
  companyId: number
  agreementId: number
}

interface Body {
  what?: string
  member?: string
  on?: boolean
  rows?: unknown
  after?: { companyId?: number | null; agreementId?: number | null; include?: boolean; mappings?: readonly Target[] }
}

const unseen = 'changed it in a company or agreement that you may not read in ConnectWise.'

/** Changes of an account's mappings in words; of what the viewer may not read in ConnectWise, only that there was one. */
export async function historyOf(
  deps: Deps,
  viewer: Viewer,
  rows: readonly LedgerRow[],
): Promise<{ at: number; member: string; text: string }[]> {
  const changes = rows.map(({ at, body }) => ({ at, said: JSON.parse(body) as Body }))
  const maySee = await sightOf(
    deps,
    viewer,
    changes.map(({ said }) => placesIn(said)),
  )
  return changes.map(({ at, said }) => ({
    ...{ at, member: said.member ?? 'A file' },
    text: maySee(placesIn(said)) ? wordsOf(said) : unseen,
  }))
}

const placesIn = ({ after: { companyId = null, agreementId = null, mappings = [] } = {} }: Body): Places => ({
  companyId,
  agreementId,
  mappings,
})

/** What was to be made then has another id by now, or none. */
const recordWords = (what: string, id: number | null | undefined): string =>
  isToBeMade(id ?? 0) ? `a new ${what}` : `${what} ${id}`

const targetWords = (key: string): string => {
  const [what = '', id] = key.split(':')
  return recordWords(what, Number(id))
}

function wordsOf({ what, on, rows, after }: Body): string {
  if (what === 'skus') return 'chose a product for a SKU it uses.'
  if (rows !== undefined) return 'mapped it by an import.'
  const targets = after?.mappings?.map(({ targetKey }) => targetWords(targetKey)).join(', ')
  switch (what) {
    case 'company':
      return `chose ${recordWords('company', after?.companyId)}.`
    case 'agreement':
      return `chose ${recordWords('agreement', after?.agreementId)}.`
    case 'target':
      return `mapped it to ${targets} of ${recordWords('agreement', after?.agreementId)}.`
    case 'include':
      return (on ?? after?.include) ? 'included it.' : 'excluded it.'
    case 'rule':
      return 'changed its rule.'
    case 'reads':
      return 'changed what it reads.'
    case 'split':
      return 'split it over another addition.'
    case 'unmap':
      return targets ? `unmapped a target; left is ${targets}.` : 'unmapped it.'
    default:
      return targets ? `put back ${targets}.` : 'put back what was before.'
  }
}
