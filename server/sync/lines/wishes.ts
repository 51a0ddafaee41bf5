import type { AgreementState } from '#billing/plan.ts'
import type { Wish } from '#billing/wish.ts'
import { listWishes, type WishRow } from '#db/addition-wishes.ts'
import type { Scope } from '#db/db.ts'
import { listLineAdditions } from '#db/line-additions.ts'
import { listAdditions, listAgreements } from '#db/mirror.ts'
import type { Tenant } from '#db/tenants.ts'
import { withCycle } from '#sync/invoicing.ts'

/** What people want done with additions and is not done yet, as the pure core sees it (V6, V21). */
export async function loadWishes(scope: Scope): Promise<Wish[]> {
  const rows = await listWishes(scope)
  if (rows.length === 0) return []
  const lines = await listLineAdditions(scope, { agreements: rows.map(({ agreementId }) => agreementId) })
  const known = new Map(lines.map((line) => [line.additionId, line]))
  return rows.map((row) => toWish(row, known.get(row.additionId)))
}

type Line = Awaited<ReturnType<typeof listLineAdditions>>[number]

function toWish(row: WishRow, line: Line | undefined): Wish {
  const { additionId, agreementId, wish, lastOn, toAgreementId, reason, stood } = row
  return {
    ...{ additionId, agreementId, wish, lastOn, reason, stood },
    ...(toAgreementId === null ? {} : { toAgreementId }),
    ...(line ? { line: lineOf(line) } : {}),
  }
}

/** A stored addition of invoice lines as the pure core sees it. */
export const lineOf = ({
  sourceId,
  tenantId: _t,
  closedAt: _c,
  createdAt: _m,
  ...line
}: Line): NonNullable<Wish['line']> => ({
  ...line,
  source: sourceId,
})

/** Agreements with their additions, as our copy has them. */
export async function knownStates(
  scope: Scope,
  tenant: Pick<Tenant, 'billingCycles'>,
  ids: readonly number[],
): Promise<ReadonlyMap<number, AgreementState>> {
  const [rows, additions] = await Promise.all([listAgreements(scope, ids), listAdditions(scope, ids)])
  return new Map(
    rows
      .filter(({ gone }) => !gone)
      .map(({ id, body }) => {
        const own = additions.filter(({ agreementId }) => agreementId === id)
        return [id, { agreement: withCycle(body, tenant), additions: own }]
      }),
  )
}

/** The agreements that wishes are about. */
export const agreementsOf = (wishes: readonly Pick<Wish, 'agreementId' | 'toAgreementId'>[]): number[] =>
  wishes.flatMap(({ agreementId, toAgreementId }) => [
    agreementId,
    ...(toAgreementId === undefined ? [] : [toAgreementId]),
  ])
