import type { LedgerRow } from '#db/ledger.ts'

interface Body {
  what?: string
  member?: string
  on?: boolean
  rows?: unknown
  after?: {
    companyId?: number | null
    agreementId?: number | null
    include?: boolean
    mappings?: readonly { targetKey: string }[]
  }
}

/** One change of an account's mappings in words. */
export function historyText({ at, body }: LedgerRow): { at: number; member: string; text: string } {
  const said = JSON.parse(body) as Body
  return { at, member: said.member ?? 'A file', text: wordsOf(said) }
}

function wordsOf({ what, on, rows, after }: Body): string {
  if (what === 'skus') return 'chose a product for a SKU it uses.'
  if (rows !== undefined) return 'mapped it by an import.'
  const targets = after?.mappings?.map(({ targetKey }) => targetKey.replace(':', ' ')).join(', ')
  switch (what) {
    case 'company':
      return `chose company ${after?.companyId}.`
    case 'agreement':
      return `chose agreement ${after?.agreementId}.`
    case 'target':
      return `mapped it to ${targets} of agreement ${after?.agreementId}.`
    case 'include':
      return (on ?? after?.include) ? 'included it.' : 'excluded it.'
    case 'rule':
      return 'changed its rule.'
    case 'unmap':
      return targets ? `unmapped a target; left is ${targets}.` : 'unmapped it.'
    default:
      return targets ? `put back ${targets}.` : 'put back what was before.'
  }
}
