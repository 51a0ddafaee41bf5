import { type Scope, type Statement, save } from '#db/db.ts'
import { saveLineLoad } from '#db/line-loads.ts'
import {
  areEdits,
  findEdits,
  listLines,
  listLinesBeingWritten,
  type SourceMonth,
  saveChanged,
  saveGone,
  saveLoaded,
} from '#db/lines.ts'
import { addLogs } from '#db/logs.ts'
import type { Source } from '#db/sources.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { compareWith, type Found } from './compare-word.ts'
import type { Composed } from './compose.ts'
import { entriesOf } from './load-log.ts'
import { readWord, type Word } from './word.ts'

const mostTries = 3

/** What a load did, in numbers of lines. */
export interface Loaded {
  snapshotId: string
  /** Lines its word names. */
  lines: number
  added: number
  changed: number
  gone: number
  /** Posted lines of which the source says something else now; they stay as they were posted (X9). */
  posted: number
}

/**
 * Turns what a source told of a month into its invoice lines, and applies today's rules to those that are not posted
 * (FEATURES 4.2). Loading the same again changes nothing; what people typed stays. Undefined: nothing was told of that month.
 * Throws a Problem when people keep changing the lines meanwhile. Where each line goes is not worked out here.
 */
export async function loadLines(
  deps: Deps,
  scope: Scope,
  tenant: Pick<Tenant, 'lineSettings'>,
  source: Pick<Source, 'id' | 'name'>,
  period: string,
  by: string,
): Promise<Loaded | undefined> {
  const month = { sourceId: source.id, period }
  for (let tries = 0; tries < mostTries; tries++) {
    const word = await readWord(scope, month)
    if (!word) return undefined
    const edits = await findEdits(scope, month)
    const same = areEdits(scope, month, edits)
    const [rows, locked] = await Promise.all([listLines(scope, month), listLinesBeingWritten(scope)])
    const found = compareWith(word, rows, locked, tenant.lineSettings, period)
    const loaded = countOf(word, found)
    const at = deps.now()
    await save(scope.db, [
      ...statementsOf(deps, scope, found, month, same),
      ...saveLineLoad(scope, loadOf(word, month, at, by), same),
      ...addLogs(scope, entriesOf({ id: deps.id(), at, by, source, period }, loaded, written(found)), same),
    ])
    if ((await findEdits(scope, month)) === edits) return loaded
  }
  throw new Problem('conflict', 'Somebody is changing these lines: load them again.', { retry: true })
}

function statementsOf(
  deps: Deps,
  scope: Scope,
  { fresh, updated, changed, gone, back }: Found,
  month: SourceMonth,
  onlyIf: Parameters<typeof saveGone>[3],
): Statement[] {
  const at = deps.now()
  const loaded = { loadedAt: at, changed: null, goneAt: null }
  const same = { ...plain, ...month, ...loaded }
  const news = fresh.map(({ account, line, snapshotId, composed }) =>
    Object.assign({ id: deps.id(), account, line, snapshotId }, same, composed),
  )
  const known = updated.map(({ row, snapshotId, composed }) => ({ ...row, ...composed, ...loaded, snapshotId }))
  return [
    ...saveGone(scope, back, null, onlyIf),
    ...saveLoaded(scope, [...news, ...known], onlyIf),
    ...saveChanged(scope, changed, onlyIf),
    ...saveGone(scope, gone, at, onlyIf),
  ]
}

/** A line nobody has looked at yet. */
const plain = {
  origin: 'source' as const,
  leftOut: false,
  mapping: 'unmapped' as const,
  leaveAlone: [],
  status: 'not-synced' as const,
}

const written = ({ fresh, updated }: Found): Composed[] => [...fresh, ...updated].map(({ composed }) => composed)

const countOf = (word: Word, { fresh, updated, changed, gone }: Found): Loaded => ({
  snapshotId: word.newest.id,
  lines: word.lines.length,
  added: fresh.length,
  changed: updated.length,
  gone: gone.length,
  posted: changed.length,
})

const loadOf = ({ newest, complete, lines }: Word, month: SourceMonth, loadedAt: number, loadedBy: string) => ({
  ...month,
  snapshotId: newest.id,
  takenAt: newest.takenAt,
  complete: complete !== undefined,
  lineCount: lines.length,
  loadedAt,
  loadedBy,
})
