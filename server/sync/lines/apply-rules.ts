import { monthName } from '#billing/period.ts'
import type { Scope } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { findLineLoad, listLineLoads } from '#db/line-loads.ts'
import { areEdits, findEdits, type SourceMonth, saveLoaded } from '#db/lines.ts'
import { addLogs } from '#db/logs.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { tenantOf } from '#sync/run.ts'
import { placeLines } from './place.ts'
import { type Ruled, ruleLines } from './ruled-lines.ts'

const mostTries = 3

/** How many lines the rules were applied to, how many they changed, and how many are posted and stay. */
export interface AppliedRules {
  lines: number
  changed: number
  locked: number
}

/** A month's lines: of one source, or only those of some charge types. */
interface Which {
  period: string
  sourceId?: string
  charges?: ReadonlySet<string>
}

/**
 * Applies today's rules again to the lines of a month that are not posted, of one source or all (P9, FEATURES 4.13); what
 * people typed stays. Recorded with the member. Throws a Problem when people keep changing the lines meanwhile.
 */
export async function applyRules(
  deps: Deps,
  scope: Scope,
  { period, sourceId, charges }: Which,
  member: string,
): Promise<AppliedRules> {
  const months = (await listLineLoads(scope)).filter(
    (load) => load.period === period && (sourceId === undefined || load.sourceId === sourceId),
  )
  const done = { lines: 0, changed: 0, locked: 0 }
  for (const month of months) {
    const applied = await applyTo(deps, scope, month, { charges, member })
    done.lines += applied.lines
    done.changed += applied.changed
    done.locked += applied.locked
  }
  return done
}

async function applyTo(
  deps: Deps,
  scope: Scope,
  month: SourceMonth,
  { charges, member }: { charges: Which['charges'] | undefined; member: string },
): Promise<AppliedRules> {
  for (let tries = 0; tries < mostTries; tries++) {
    const tenant = await tenantOf(scope)
    const [edits, load] = await Promise.all([findEdits(scope, month), findLineLoad(scope, month)])
    if (!load) return { lines: 0, changed: 0, locked: 0 }
    const { open, locked, changed } = await ruleLines(scope, tenant.lineSettings, month, charges)
    if (changed.length > 0)
      await saveRuled(deps, scope, month, { changed, member, onlyIf: areEdits(scope, month, edits, load) })
    const [now, last] = await Promise.all([findEdits(scope, month), findLineLoad(scope, month)])
    if (now !== edits || last?.snapshotId !== load.snapshotId || last.loadedAt !== load.loadedAt) continue
    await placeLines(scope, tenant, { ids: changed.map(({ row }) => row.id) })
    return { lines: open.length, changed: changed.length, locked: locked.length }
  }
  throw new Problem('conflict', 'Somebody is changing these lines: apply the rules again.', { retry: true })
}

async function saveRuled(
  deps: Deps,
  scope: Scope,
  { period, sourceId }: SourceMonth,
  { changed, member, onlyIf }: { changed: readonly Ruled[]; member: string; onlyIf: NonNullable<OnlyIf> },
): Promise<void> {
  const at = deps.now()
  const n = changed.length
  const text = `Rules were applied again to ${monthName(period)}: ${n} ${n === 1 ? 'line' : 'lines'} changed.`
  const log = { id: deps.id(), at, level: 'info' as const, event: 'lines.ruled', sourceId, member, text }
  const rows = changed.map(({ row, composed }) => ({ ...row, ...composed }))
  const body = { what: 'rules applied again', member, sourceId, period, lines: changed.map(({ row }) => row.id) }
  await saveWithEntry(
    scope,
    [...saveLoaded(scope, rows, onlyIf), ...addLogs(scope, [log], onlyIf)],
    { at, event: 'set', body },
    onlyIf,
  )
}

type OnlyIf = Parameters<typeof saveWithEntry>[3]
