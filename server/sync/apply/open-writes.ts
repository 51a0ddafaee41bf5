import type { PlanRow } from '#billing/plan.ts'
import type { Scope } from '#db/db.ts'
import { listIntents } from '#db/intents.ts'
import type { Deps } from '#server/deps.ts'

/**
 * A row whose earlier write is not settled yet is left to that write. So is a line to be made while another of its
 * product on its agreement has no answer yet, whoever it was for: that one may be the line.
 */
export async function withoutOpenWrites(deps: Deps, scope: Scope, rows: readonly PlanRow[]): Promise<PlanRow[]> {
  const intents = await listIntents(scope, { open: true })
  const open = new Map(intents.map((intent) => [intent.naturalKey, intent]))
  const ofProducts = intents.filter(({ posting }) => posting === null)
  const lines = new Map(ofProducts.map((intent) => [lineOf(intent.agreementId, intent.desired), intent]))
  return rows.map((row) => {
    const intent = open.get(row.key) ?? (isGuessed(row) ? lines.get(lineOf(row.agreementId, row)) : undefined)
    if (!intent || row.change === undefined) return row
    const minutes = Math.max(0, Math.ceil(((intent.unknownUntil ?? deps.now()) - deps.now()) / 60_000))
    const reason = `an earlier write here has no answer yet; it is looked up in ${minutes} min`
    const { change: _, ...rest } = row
    return { ...rest, holds: [], outcome: 'unknown', reason, attention: true }
  })
}

/** Of invoice lines each has its own addition, whatever else of its product is there. */
const isGuessed = ({ change, posting }: PlanRow): boolean => change === 'create' && posting?.kind !== 'one-time'

const lineOf = (agreementId: number | undefined, line: object): string =>
  `${agreementId}/${'productId' in line ? line.productId : 'none'}`
