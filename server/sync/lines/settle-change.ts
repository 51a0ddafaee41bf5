import { add, type Decimal, multiply } from '#billing/decimal.ts'
import { correctionOf } from '#billing/lines/correction.ts'
import type { InvoiceLine } from '#billing/lines/line.ts'
import { dayIn, monthOf } from '#billing/period.ts'
import type { Scope, Statement } from '#db/db.ts'
import { saveWithEntry } from '#db/ledger.ts'
import type { LineRow } from '#db/lines.ts'
import { addCorrection, countEdited, isEdited, listCorrections, saveSettled } from '#db/lines-edit.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { tenantOf } from '#sync/run.ts'
import { compose } from './compose.ts'
import { placeAnew } from './place.ts'

/** A posted line as somebody saw it (`change`). */
interface Asked {
  row: LineRow
  seen: string | null
  member: string
}

/** A posted line stays as it was posted, whatever its source says now (FEATURES 4.5). */
export const leaveLine = (deps: Deps, scope: Scope, asked: Asked): Promise<void> =>
  settle(deps, scope, asked, 'left', () => [])

/**
 * Adds a Correction line for what a source says otherwise of a posted one-time line, beyond the corrections there are
 * (FEATURES 4.5); its posting waits for a person. Throws a Problem when there is no difference in money to correct.
 */
export async function correctLine(deps: Deps, scope: Scope, asked: Asked): Promise<void> {
  const { row } = asked
  if (row.settled !== null || (row.changed === null && row.goneAt === null)) throw nothingOpen()
  if (row.chargeKind !== 'one-time')
    throw new Problem(
      'invalid',
      'The addition of a subscription follows its next month’s line: nothing is to be corrected.',
    )
  const earlier = await listCorrections(scope, row.id)
  const said = differenceOf(row, earlier)
  const { lineSettings, zone } = await tenantOf(scope)
  const today = dayIn(zone, deps.now())
  const period = monthOf(today)
  const { chargeStart = row.effectiveOn, chargeEnd } = row.said
  const line = { ...said, invoicedOn: today, chargeStart, ...(chargeEnd === undefined ? {} : { chargeEnd }) }
  const id = deps.id()
  await settle(deps, scope, asked, 'corrected', (onlyIf) =>
    addCorrection(
      scope,
      {
        ...compose(line, lineSettings, { period }),
        ...{ id, sourceId: row.sourceId, account: row.account, period, line: line.id, origin: 'correction' },
        ...{ correctionOf: row.id, snapshotId: row.snapshotId, loadedAt: deps.now(), leftOut: false },
        ...{ mapping: 'unmapped', leaveAlone: [], status: 'not-synced', agreementId: row.placedAgreementId },
      },
      onlyIf,
    ),
  )
  await placeAnew(scope, { ids: [id] })
}

function differenceOf(row: LineRow, earlier: readonly LineRow[]): InvoiceLine {
  const id = `${row.line} correction ${earlier.length + 1}`
  const now = row.changed ?? undefined
  const said =
    earlier.length === 0
      ? correctionOf(row.said, now, id)
      : correctionOf(inOneUnit(row.said, earlier), now && inOneUnit(now, []), id)
  if (said) return said
  throw new Problem('invalid', 'There is no difference in money that a line could correct: leave it as posted.')
}

/** A line and its corrections as one unit of what they come to. */
function inOneUnit(line: InvoiceLine, corrections: readonly LineRow[]): InvoiceLine {
  const all = [line, ...corrections.map(({ said }) => said)]
  const sum = (field: 'unitCost' | 'unitPrice'): Decimal =>
    all.reduce((total, one) => add(total, multiply(one.quantity, one[field] ?? '0')), '0')
  return {
    ...{ ...line, quantity: '1' },
    ...(line.unitCost === undefined ? {} : { unitCost: sum('unitCost') }),
    ...(line.unitPrice === undefined ? {} : { unitPrice: sum('unitPrice') }),
  }
}

async function settle(
  deps: Deps,
  scope: Scope,
  { row, seen, member }: Asked,
  settled: 'corrected' | 'left',
  statements: (onlyIf: ReturnType<typeof isEdited>) => readonly Statement[],
): Promise<void> {
  const change = deps.id()
  const at = deps.now()
  const mine = isEdited(scope.tenant, [row.id], change)
  const body = { what: 'invoice line', member, change, lines: [row.id], to: { settled }, says: row.changed }
  await saveWithEntry(
    scope,
    [
      saveSettled(scope, { id: row.id, change: seen }, { settled, change, updatedAt: at, updatedBy: member }),
      ...statements(mine),
    ],
    { at, event: 'mapped', body },
    mine,
  )
  if ((await countEdited(scope, [row.id], change)) === 0) throw nothingOpen()
}

const nothingOpen = () =>
  new Problem(
    'conflict',
    'Somebody chose for this line meanwhile, or its source said something new. This is how it is now.',
  )
