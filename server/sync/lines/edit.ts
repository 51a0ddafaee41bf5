import { type Day, dayIn } from '#billing/period.ts'
import { closedReason } from '#billing/target.ts'
import type { Scope, Statement } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import { type LineRow, listLines } from '#db/lines.ts'
import { countEdited, isEdited, type LineEdit, saveLineEdits } from '#db/lines-edit.ts'
import type { Tenant } from '#db/tenants.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { refuse } from '#sync/mapping/place-account.ts'
import { readTargets } from '#sync/mapping/read-targets.ts'
import { agreementProblems } from '#sync/mapping/targets.ts'
import { tenantOf } from '#sync/run.ts'
import { compose } from './compose.ts'
import { placeAnew } from './place.ts'

/** What a person says of lines; null goes back to the rule, or to the agreement that mappings say. */
export interface LineChange {
  start?: Day | null
  end?: Day | 'never' | null
  agreement?: number | null
  leftOut?: boolean
}

/** Lines by our ids, each in the state it was seen in (`change`). */
export interface EditedLines {
  member: string
  seen: ReadonlyMap<string, string | null>
}

/**
 * Saves what a person said of lines that are not posted (M16, M17), with one ledger entry; says how many took it. Those that
 * somebody changed since, that are posted or being written stay as they are. Both days are worked out anew by today's rules,
 * because one follows from the other (FEATURES 4.2). Throws a Problem when an agreement is not an active one of the lines'
 * company (M27).
 */
export async function editLines(
  deps: Deps,
  scope: Scope,
  { member, seen }: EditedLines,
  said: LineChange,
): Promise<number> {
  const rows = (await listLines(scope, { ids: [...seen.keys()] })).filter(({ status }) => status !== 'synced')
  const tenant = await tenantOf(scope)
  const mirrored = await requireAgreement(deps, scope, tenant, rows, said)
  const [first] = rows
  if (!first) return 0
  const change = deps.id()
  const at = deps.now()
  const edits = rows.map((row) => ({ ...edited(row, said, tenant), seen: seen.get(row.id) ?? null }))
  const ids = rows.map(({ id }) => id)
  const body = {
    what: 'invoice lines',
    member,
    change,
    to: said,
    lines: ids,
    before: rows.filter(isTyped).map(typedOf),
  }
  await saveWithEntry(
    scope,
    [...mirrored, ...saveLineEdits(scope, edits, { change, at, member })],
    { at, event: 'mapped', body },
    isEdited(scope.tenant, ids, change),
  )
  if (said.agreement !== undefined) await placeAnew(scope, { ids })
  return countEdited(scope, ids, change)
}

const isTyped = ({ typedStart, typedEnd, agreementId, leftOut }: LineRow): boolean =>
  typedStart !== null || typedEnd !== null || agreementId !== null || leftOut

const typedOf = ({ id, typedStart, typedEnd, agreementId, leftOut }: LineRow) => ({
  ...{ id, typedStart, typedEnd, agreementId, leftOut },
})

function edited(
  row: LineRow,
  said: LineChange,
  { lineSettings }: Pick<Tenant, 'lineSettings'>,
): Omit<LineEdit, 'seen'> {
  const typed = {
    typedStart: said.start === undefined ? row.typedStart : said.start,
    typedEnd: said.end === undefined ? row.typedEnd : said.end,
    agreementId: said.agreement === undefined ? row.agreementId : said.agreement,
    leftOut: said.leftOut ?? row.leftOut,
  }
  const { effectiveOn, effectiveBadge, cancelledOn, cancelledBadge, warning } =
    said.start === undefined && said.end === undefined ? row : compose(row.said, lineSettings, { ...row, ...typed })
  return { id: row.id, ...typed, effectiveOn, effectiveBadge, cancelledOn, cancelledBadge, warning }
}

async function requireAgreement(
  deps: Deps,
  scope: Scope,
  { zone }: Tenant,
  rows: readonly LineRow[],
  { agreement: id }: LineChange,
): Promise<Statement[]> {
  if (id === undefined || id === null) return []
  const companies = [...new Set(rows.map(({ companyId }) => companyId))]
  const [company] = companies
  if (companies.length > 1 || company === undefined || company === null)
    throw new Problem('invalid', 'An agreement is one company’s: choose lines of one mapped organization.')
  const { existing, mirrored } = await readTargets(deps, scope, [{ company, agreement: id }])
  const agreement = existing.agreements.get(id)
  const closed = agreement && closedReason(agreement, dayIn(zone, deps.now()))
  refuse([...agreementProblems(id, company, existing), ...(closed === undefined ? [] : [closed])])
  return mirrored
}
