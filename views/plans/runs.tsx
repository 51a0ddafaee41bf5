import { type Counts, countWords } from '#billing/summary.ts'
import { State } from '#views/badge.tsx'
import { Empty } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'
import { GoTo, HubScreen, type Standing } from '#views/screen.tsx'
import { Pager, Table } from '#views/table.tsx'

export interface RunLine {
  id: string
  state: string
  startedAt: number
  startedBy: string
  /** What it was about: everything, a source, some accounts or lines. */
  about: string
  counts?: Counts
  cause?: string
  requests: number
  duration?: string
}

export interface RunsProps {
  standing: Standing
  zone: string
  runs: readonly RunLine[]
  page: number
  pages: number
}

/** X13: the runs there were, the newest first. */
export const RunsScreen = ({ standing, zone, runs, page, pages }: RunsProps) => (
  <HubScreen standing={standing} place="/runs" title="Runs">
    {runs.length === 0 ? (
      <Empty kind="run" title="Never run">
        <p>The first scheduled run, or Sync now on the dashboard, would be listed here.</p>
      </Empty>
    ) : (
      <Table caption="Runs" columns={columns}>
        <tbody>
          {runs.map((run) => (
            <Line run={run} zone={zone} />
          ))}
        </tbody>
      </Table>
    )}
    <Pager path="/runs" page={page} pages={pages} target="#main" />
  </HubScreen>
)

const columns = [
  { text: 'Started' },
  { text: 'State' },
  { text: 'About', room: 1 as const },
  { text: 'Outcome' },
  { text: 'Requests', number: true, room: 2 as const },
  { text: 'Duration', number: true, room: 2 as const },
]

const Line = ({ run, zone }: { run: RunLine; zone: string }) => (
  <tr class={run.state === 'failed' ? 'bad' : run.state === 'held' ? 'wait' : undefined}>
    <td class="name">
      <GoTo path={`/runs/${run.id}`}>
        <When at={run.startedAt} zone={zone} bare />
      </GoTo>
      <p class="quiet">by {run.startedBy}</p>
    </td>
    <td class="state">
      <State state={run.state} />
    </td>
    <td class="room-1">{run.about}</td>
    <td class="reason">{run.cause ?? (run.counts && countWords(run.counts))}</td>
    <td class="number room-2">{run.requests}</td>
    <td class="number room-2">{run.duration}</td>
  </tr>
)
