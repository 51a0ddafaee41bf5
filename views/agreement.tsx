import { type AdditionLine, AdditionLines } from './addition-lines.tsx'
import { Health, type HealthProps } from './health.tsx'
import { Empty } from './notice.tsx'
import { Pod, type PodProps } from './pod.tsx'
import { GoTo } from './screen.tsx'
import { Pager } from './table.tsx'

export interface AgreementProps {
  id: number
  pod: PodProps
  lines: readonly AdditionLine[]
  /** Of cost and price; absent: the member may not see them. */
  currency?: string
  page: number
  pages: number
  health?: HealthProps
}

/** The Agreement pod and tab (FEATURES 8.3). */
export const AgreementPod = (props: AgreementProps) => {
  const { id, pod, lines, currency, page, pages, health } = props
  const isMapped = lines.some(({ state }) => state !== undefined)
  const map = pod.company && `/mappings?company=${pod.company.id}`
  return (
    <Pod pod={pod} {...(isMapped || page > 1 ? { push: { agreement: String(id) } } : {})} {...(map ? { map } : {})}>
      {!isMapped && page === 1 && (
        <Empty kind="mapping" title="No account is mapped to this agreement.">
          {map && pod.standing.role !== 'technician' && <GoTo path={map}>Map an account</GoTo>}
        </Empty>
      )}
      {lines.length > 0 && (
        <AdditionLines
          caption={`Additions of ${pod.title}`}
          lines={lines}
          zone={pod.zone}
          {...(currency === undefined ? {} : { currency })}
        />
      )}
      <Pager path={pod.path} page={page} pages={pages} target="#main" />
      {health && <Health {...health} />}
    </Pod>
  )
}
