import type { Finding } from '#billing/health.ts'
import { Badge } from '#views/badge.tsx'

export interface HealthProps {
  /** `Company`, `Agreement`. */
  of: string
  findings: readonly Finding[]
}

/** What billing needs of a record, each ok or not with what to do (FEATURES P17, P18). Open while something is wrong. */
export const Health = ({ of, findings }: HealthProps) => {
  const wrong = findings.filter(({ ok }) => !ok).length
  return (
    <details class="card" open={wrong > 0}>
      <summary>
        {of} health: {wrong === 0 ? 'all is as it should be' : `${wrong} of ${findings.length} to fix`}
      </summary>
      <ul class="lines">
        {findings.map(({ what, ok, fix }) => (
          <li>
            <span class="name">{what}</span>
            <span class="state">{ok ? <Badge kind="good">OK</Badge> : <Badge kind="bad">Not OK</Badge>}</span>
            {!ok && <span class="fix">{fix}</span>}
          </li>
        ))}
      </ul>
    </details>
  )
}
