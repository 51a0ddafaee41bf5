import { Announce, Notice } from '#views/notice.tsx'
import { type CompanyLines, PlanRows } from './rows.tsx'

export interface DryRunProps {
  counts: { ready: number; held: number; unchanged: number; skipped: number; failed: number }
  groups: readonly CompanyLines[]
  more: number
  hidden: number
  seesMoney: boolean
}

/** What a sync would change now. */
export const DryRun = ({ counts, groups, more, hidden, seesMoney }: DryRunProps) => (
  <div class="stack">
    <Notice kind={counts.failed > 0 ? 'error' : 'info'} title={words(counts)}>
      <p>A dry run: nothing was written, and no plan was kept.</p>
    </Notice>
    <PlanRows {...{ caption: 'What a sync would change', groups, hidden, seesMoney }} {...onePage} />
    {more > 0 && <p class="quiet">And {more} more.</p>}
    <Announce>{words(counts)}</Announce>
  </div>
)

const onePage = { page: 1, pages: 1, path: '', target: '' }

function words({ ready, held, unchanged, skipped, failed }: DryRunProps['counts']): string {
  const parts = [
    [ready, 'would be written'],
    [held, 'would wait for a person'],
    [failed, 'could not be read'],
    [skipped, 'skipped'],
    [unchanged, 'unchanged'],
  ] as const
  const said = parts.filter(([n]) => n > 0).map(([n, text]) => `${n} ${text}`)
  return said.length === 0 ? 'Nothing is mapped here.' : `${said.join(', ')}.`
}
