import { State } from '#views/badge.tsx'
import { SelectField, TextField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { Empty } from '#views/notice.tsx'
import { When } from '#views/numbers.tsx'
import { GoTo, HubScreen, type Standing } from '#views/screen.tsx'
import { Pager, Table } from '#views/table.tsx'
import { Tile, Tiles } from '#views/tiles.tsx'

export interface LogEntryLine {
  id: string
  at: number
  level: 'info' | 'warning' | 'error'
  text: string
  source?: string
  run?: string
  plan?: string
}

export interface LogEntries {
  zone: string
  counts: { total: number; errors: number; warnings: number; newestAt?: number }
  entries: readonly LogEntryLine[]
  /** Whether the member may read everything there is. */
  isWhole: boolean
  page: number
  pages: number
}

export interface LogsProps extends LogEntries {
  standing: Standing
  sources: readonly { id: string; name: string }[]
  filter: LogFilterFields
}

/** The filter as typed; empty fields do not narrow. */
export interface LogFilterFields {
  level: string
  source: string
  company: string
  account: string
  run: string
  text: string
  days: string
}

/** FEATURES X14, X15. */
export const LogsScreen = ({ standing, sources, filter, ...entries }: LogsProps) => (
  <HubScreen standing={standing} place="/logs" title="Logs">
    <search>
      <form
        id="log-filter"
        class="toolbar"
        {...hx({
          get: '/logs/entries',
          target: '#log-entries',
          swap: 'outerHTML',
          trigger: 'submit, change, input changed delay:300ms',
          sync: 'this:replace',
        })}
      >
        <input type="hidden" name="run" value={filter.run} />
        <input type="hidden" name="company" value={filter.company} />
        <input type="hidden" name="account" value={filter.account} />
        <TextField label="Search" name="text" type="search" value={filter.text} />
        <SelectField
          label="Level"
          name="level"
          value={filter.level}
          choices={[
            { value: '', text: 'All levels' },
            { value: 'error', text: 'Errors' },
            { value: 'warning', text: 'Warnings' },
            { value: 'info', text: 'Info' },
          ]}
        />
        <SelectField
          label="Source"
          name="source"
          value={filter.source}
          choices={[{ value: '', text: 'All sources' }, ...sources.map(({ id, name }) => ({ value: id, text: name }))]}
        />
        <SelectField
          label="Period"
          name="days"
          value={filter.days}
          choices={[
            { value: '1', text: 'Last day' },
            { value: '7', text: 'Last 7 days' },
            { value: '30', text: 'Last 30 days' },
            { value: '90', text: 'Last 90 days' },
            { value: '460', text: 'All that is kept (460 days)' },
          ]}
        />
        {filter.run || filter.company || filter.account ? <GoTo path="/logs">Show all</GoTo> : null}
      </form>
    </search>
    <LogList {...entries} />
  </HubScreen>
)

/** The tiles and the entries that the filter finds. */
export const LogList = ({ zone, counts, entries, isWhole, page, pages }: LogEntries) => (
  <div id="log-entries">
    <Tiles>
      <Tile label="Entries">{counts.total}</Tile>
      <Tile label="Errors" {...(counts.errors > 0 ? { kind: 'bad' as const } : {})}>
        {counts.errors} {counts.errors === 1 ? 'error' : 'errors'}
      </Tile>
      <Tile label="Warnings" {...(counts.warnings > 0 ? { kind: 'wait' as const } : {})}>
        {counts.warnings} {counts.warnings === 1 ? 'warning' : 'warnings'}
      </Tile>
      <Tile
        label="Last update"
        note={
          <button
            type="button"
            {...hx({ get: '/logs/entries', target: '#log-entries', swap: 'outerHTML', include: '#log-filter' })}
          >
            Refresh
          </button>
        }
      >
        {counts.newestAt === undefined ? 'None' : <When at={counts.newestAt} zone={zone} />}
      </Tile>
    </Tiles>
    {entries.length === 0 ? (
      <Empty title="No entry matches.">
        <p>Entries are kept for 460 days. Choose a longer period, or search for something else.</p>
      </Empty>
    ) : (
      <Table
        caption={`Log entries, times in ${zone}`}
        columns={[
          { text: `Time (${zone})` },
          { text: 'Level' },
          { text: 'What happened' },
          { text: 'Source', room: 1 },
        ]}
      >
        <tbody>{entries.map((entry) => LogLine({ ...entry, zone }))}</tbody>
      </Table>
    )}
    {!isWhole && (
      <p class="quiet">Entries about companies and agreements that you may not read in ConnectWise are not shown.</p>
    )}
    <Pager path="/logs/entries" page={page} pages={pages} target="#log-entries" include="#log-filter" />
  </div>
)

const LogLine = ({ at, level, text, source, run, plan, zone }: LogEntryLine & { zone: string }) => (
  <tr>
    <td class="name nowrap">
      <When at={at} zone={zone} bare />
    </td>
    <td class="state">
      <State state={level} />
    </td>
    <td>
      {text} {run && <GoTo path={`/runs/${run}`}>Run</GoTo>} {plan && <GoTo path={`/plans/${plan}`}>Plan</GoTo>}
    </td>
    <td class="room-1">{source}</td>
  </tr>
)
