import type { InvoiceLine } from '#billing/lines/line.ts'
import { insertMany, type Scope, save } from '#db/db.ts'
import { invoiceLines, lineLoads } from '#db/schema.ts'

type NewRow = typeof invoiceLines.$inferInsert
/** A line's own words, and whatever of its row is to be otherwise. */
export type GivenLine = Partial<Omit<InvoiceLine, 'id'>> &
  Partial<Omit<NewRow, 'tenantId' | 'said' | 'offer' | 'chargeType'>> & { line: string }

/**
 * Loaded invoice lines, without a source that states them: usage of `SEC-USER` by A-17, two units at 4.00 and 10.00 USD,
 * invoiced on 5 November 2026 and mapped to Contoso, unless they say otherwise. Their ids are those of the source.
 */
export async function addLines(scope: Scope, given: readonly GivenLine[]): Promise<void> {
  const rows = given.map((one) => rowOf(scope, one))
  const months = new Map(rows.map((row) => [JSON.stringify([row.sourceId, row.period]), row]))
  const loads = [...months.values()].map(({ sourceId, period }) => ({
    ...{ tenantId: scope.tenant, sourceId, period, snapshotId: 'snapshot', takenAt: 1, complete: true, loadedAt: 1 },
    lineCount: rows.filter((row) => row.sourceId === sourceId && row.period === period).length,
    loadedBy: 'test',
  }))
  const { tenantId, sourceId, period } = lineLoads
  await save(scope.db, [
    ...insertMany(scope.db, invoiceLines, rows),
    ...insertMany(scope.db, lineLoads, loads, { replace: { key: [tenantId, sourceId, period] } }),
  ])
}

function rowOf({ tenant }: Scope, given: GivenLine): NewRow {
  const said = saidOf(given)
  const { chargeStart, chargeEnd, subscriptionName, invoice, custom, ...row } = given
  return {
    ...{ tenantId: tenant, id: given.line, sourceId: 'src', account: 'A-17', period: '2026-11', origin: 'source' },
    ...{ snapshotId: 'snapshot', loadedAt: 1, said, subscription: '', billingCycle: '', chargeKind: 'one-time' },
    ...{ chargeName: said.chargeType, nameBadge: 'none', effectiveOn: chargeStart ?? '2026-11-03' },
    ...{ effectiveBadge: 'none', cancelledOn: '2026-11-30', cancelledBadge: 'none', leftOut: false, leaveAlone: [] },
    ...{ mapping: 'mapped', companyId: 250, placedAgreementId: 87, productId: 512, status: 'not-synced' },
    ...row,
    ...{ offer: said.offer, chargeType: said.chargeType, quantity: said.quantity },
    ...{ unitCost: said.unitCost ?? null, unitPrice: said.unitPrice ?? null, currency: said.currency ?? null },
    invoicedOn: said.invoicedOn ?? null,
  }
}

function saidOf(given: GivenLine): InvoiceLine {
  const { line, subscription, billingCycle, chargeStart, chargeEnd, subscriptionName, invoice, custom } = given
  const optional = { subscription, billingCycle, chargeStart, chargeEnd, subscriptionName, invoice, custom }
  return {
    ...{ id: line, offer: given.offer ?? 'SEC-USER', chargeType: given.chargeType ?? 'UsageFee' },
    ...{ quantity: given.quantity ?? '2', unitCost: given.unitCost ?? '4', unitPrice: given.unitPrice ?? '10' },
    ...{ currency: given.currency ?? 'USD', invoicedOn: given.invoicedOn ?? '2026-11-05' },
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined && value !== '')),
  }
}
