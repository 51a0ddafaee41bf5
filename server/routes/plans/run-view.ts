import type { Run } from '#db/runs.ts'
import { causeOf } from '#routes/cause.ts'
import type { Viewer } from '#session/viewer.ts'
import type { RunLine } from '#views/plans/runs.tsx'

/** How a run stands in a list. `sources`: their names by id. */
export function runLine(run: Run, viewer: Viewer, sources: ReadonlyMap<string, string>): RunLine {
  const { id, state, startedAt, startedBy, counts, cause, requests, finishedAt } = run
  return {
    ...{ id, state, startedAt, startedBy, requests },
    about: aboutOf(run, sources),
    ...(counts === null ? {} : { counts }),
    ...causeOf(cause, viewer),
    ...(finishedAt === null ? {} : { duration: durationOf(finishedAt - startedAt) }),
  }
}

function aboutOf({ sourceId, accounts, mappings, lines }: Run, sources: ReadonlyMap<string, string>): string {
  if (lines !== null) return counted(lines.length, 'invoice line')
  if (mappings !== null) return counted(mappings.length, 'mapped line')
  const source = sourceId === null ? '' : (sources.get(sourceId) ?? sourceId)
  if (accounts !== null) return [counted(accounts.length, 'account'), source].filter(Boolean).join(' of ')
  return source === '' ? 'Everything' : source
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`

/** `40 s`, `3 min 20 s`, `1 h 5 min`. */
function durationOf(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
