import * as z from 'zod'
import { csvOf } from '#billing/csv.ts'
import { reportOf } from '#billing/lines/report.ts'
import { isDay, monthPattern } from '#billing/period.ts'
import { listAdditions, listProducts } from '#db/mirror.ts'
import { callerOf } from '#routes/caller.ts'
import { readQuery } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { tooMany } from '#routes/too-many.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { createRateLimit } from '#server/rate-limit.ts'
import { maySeeMoney } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { type Reconciled, reconcile } from '#sync/lines/reconcile.ts'
import { Report, type ReportProps } from '#views/reconciliation/report.tsx'
import { knownAgreement, readableAgreement } from './compare.ts'

const day = z.string().refine(isDay, 'must be a day, YYYY-MM-DD')
const days = z
  .object({ from: day, to: day })
  .refine(({ from, to }) => from <= to, 'The end date is before the start date')

/** `GET /reconciliations/:id/report`: what ConnectWise's own reconciliation will list for these days (Q5). */
export const getReport = (deps: Deps) => async (c: Ask) => {
  const [viewer, id] = [c.get('viewer'), await readableAgreement(deps, c)]
  return fragment(c, Report, await reportProps(deps, viewer, id, readQuery(c, days)))
}

async function reportProps(deps: Deps, viewer: Viewer, id: number, asked: z.output<typeof days>): Promise<ReportProps> {
  const { scope, tenant } = viewer
  const [{ body }, additions, money] = await Promise.all([
    knownAgreement(viewer, id),
    listAdditions(scope, [id]),
    maySeeMoney(deps, viewer, id),
  ])
  const { lines, total } = reportOf(additions, asked)
  const products = await listProducts(scope, [...new Set(lines.map(({ addition }) => addition.productId))])
  const names = new Map(products.map((product) => [product.id, product.identifier]))
  return {
    ...{ agreement: body.name, ...asked },
    lines: lines.map(({ addition, toBill, price, cost, margin }) => ({
      ...{ id: addition.id, product: names.get(addition.productId) ?? addition.description, quantity: toBill },
      ...(addition.effectiveOn === undefined ? {} : { from: addition.effectiveOn }),
      ...(addition.cancelledOn === undefined ? {} : { to: addition.cancelledOn }),
      ...(money
        ? { money: { unitPrice: addition.unitPrice ?? '0', unitCost: addition.unitCost ?? '0', price, cost, margin } }
        : {}),
    })),
    ...(money ? { total: { ...total, currency: body.currency ?? tenant.currency ?? '' } } : {}),
  }
}

const exportsPerMinute = 6
const exported = z.object({ month: z.string().regex(monthPattern, 'must be a month, YYYY-MM') })

/** `GET /reconciliations/:id/lines.csv`: a month's lines with their additions, for a spreadsheet. */
export function getLinesCsv(deps: Deps) {
  const secondsToWait = createRateLimit(exportsPerMinute, deps.now)
  return async (c: Ask) => {
    const viewer = c.get('viewer')
    const wait = secondsToWait([viewer.tenant.id, viewer.member, callerOf(deps, c)].join('|'))
    if (wait !== undefined) return tooMany(c, wait, `${exportsPerMinute} a minute`)
    const id = await readableAgreement(deps, c)
    const [found, money] = [
      await reconcile(viewer.scope, id, readQuery(c, exported).month),
      await maySeeMoney(deps, viewer, id),
    ]
    return c.body(csvOf([head(money), ...found.map((pair) => cells(pair, money))]), 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="lines.csv"',
    })
  }
}

const plain = ['account', 'line', 'offer', 'subscription', 'charge type', 'status', 'quantity', 'start', 'end']
const held = ['addition', 'addition quantity', 'effective date', 'cancelled date', 'differs in']
const amounts = ['currency', 'unit cost', 'unit price', 'addition unit cost', 'addition unit price']
const head = (money: boolean): string[] => [...plain, ...held, ...(money ? amounts : [])]

function cells({ row, compared, differences }: Reconciled, money: boolean): string[] {
  const { addition } = compared
  const { account, line, offer, subscription, chargeName, status, quantity, effectiveOn, cancelledOn } = row
  const seen = differences.filter(({ field }) => money || (field !== 'cost' && field !== 'price'))
  return [
    ...[account, line, offer, subscription, chargeName, status, quantity, effectiveOn, cancelledOn ?? ''],
    ...[String(addition?.id ?? ''), addition?.quantity ?? '', addition?.effectiveOn ?? '', addition?.cancelledOn ?? ''],
    seen.map(({ field }) => field).join('; '),
    ...(money
      ? [
          row.currency ?? '',
          row.unitCost ?? '',
          row.unitPrice ?? '',
          addition?.unitCost ?? '',
          addition?.unitPrice ?? '',
        ]
      : []),
  ]
}
