import { multiply } from '#billing/decimal.ts'
import type { Product } from '#billing/existing.ts'
import type { ComparedField, Difference, Fix } from '#billing/lines/differences.ts'
import { descriptionOf } from '#billing/lines/words.ts'
import { words } from '#billing/words.ts'
import type { Reconciled } from '#sync/lines/reconcile.ts'
import type { FieldView, FixView, PairView } from '#views/reconciliation/line.ts'

/** What pairs of one agreement have in common, and whether the viewer sees money. */
export interface PairContext {
  agreement: { id: number; name: string }
  agreementName(id: number): string
  accountName(pair: Reconciled): string
  products: ReadonlyMap<number, Product>
  money: boolean
}

/** A line beside its addition; costs and prices only where they may be seen (Q1, P21). */
export function pairView(pair: Reconciled, context: PairContext): PairView {
  const { row, absent, isOlder } = pair
  const { money } = context
  const shown = pair.differences.filter(({ field }) => money || !isMoney(field))
  const fields = [...fieldsOf(pair, shown, context)]
  const older = isOlder ? 'A later month’s line was written to its addition since.' : undefined
  const why = absent ? words(absent.cause, money) : older
  return {
    ...{
      id: row.id,
      line: row.line,
      organization: context.accountName(pair),
      account: row.account,
      status: row.status,
    },
    offer: row.said.subscriptionName ?? row.offer,
    fields: fields.sort((a, b) => Number(b.cause !== undefined) - Number(a.cause !== undefined)),
    differs: shown.length,
    ...(why === undefined ? {} : { absent: why }),
    fixes: fixesOf(pair, shown, context),
  }
}

const isMoney = (field: ComparedField): boolean => field === 'cost' || field === 'price'

function* fieldsOf(pair: Reconciled, differences: readonly Difference[], context: PairContext): Generator<FieldView> {
  const { compared, row } = pair
  const { line, addition, changed, description } = compared
  const says = changed ?? line.said
  const cause = (field: ComparedField) => {
    const found = differences.find((one) => one.field === field)
    return found ? { cause: words(found.cause, context.money) } : {}
  }
  const both = (name: string, ours: string | undefined, held: string | undefined, more: Partial<FieldView> = {}) => ({
    name,
    ...(ours === undefined ? {} : { line: ours }),
    ...(held === undefined ? {} : { addition: held }),
    ...more,
  })
  const { effectiveOn, effectiveBadge, cancelledOn, cancelledBadge } = line.dates
  const { agreementId, productId } = line.place
  yield both('Agreement', named(agreementId, context), named(addition?.agreementId, context), cause('agreement'))
  yield both('Product', productName(productId, context), productName(addition?.productId, context), cause('product'))
  yield both('Charge start, Effective Date', effectiveOn, addition?.effectiveOn, {
    ...{ badge: effectiveBadge, ...saidIf(line.said.chargeStart, effectiveOn) },
    ...cause('start'),
  })
  yield both('Charge end, Cancelled Date', cancelledOn ?? undefined, addition?.cancelledOn, {
    ...{ badge: cancelledBadge, ...saidIf(line.said.chargeEnd, cancelledOn) },
    ...cause('end'),
  })
  yield both('Charge type, Product Invoice Description', descriptionOf(line), description ?? unread(addition), {
    ...{ badge: line.nameBadge },
    ...cause('description'),
  })
  yield both('Total Quantity', says.quantity, addition?.quantity, cause('quantity'))
  if (!context.money) return
  yield both('Unit Cost', says.unitCost, addition?.unitCost, cause('cost'))
  yield both('Unit Price', says.unitPrice, addition?.unitPrice, cause('price'))
  yield both(`Revenue${row.currency === null ? '' : ` in ${row.currency}`}`, ...revenue(says, addition))
}

const unread = (addition: object | undefined): string | undefined => (addition ? 'not read: Refresh' : undefined)

const named = (id: number | undefined, { agreementName }: PairContext) =>
  id === undefined ? undefined : agreementName(id)

function productName(id: number | undefined, { products }: Pick<PairContext, 'products'>): string | undefined {
  return id === undefined ? undefined : (products.get(id)?.identifier ?? `Product ${id}`)
}

const saidIf = (said: string | undefined, sent: string | null) => (said === undefined || said === sent ? {} : { said })

type Said = Reconciled['compared']['line']['said']

const revenue = (
  { quantity, unitPrice }: Said,
  addition: Reconciled['compared']['addition'],
): [string | undefined, string | undefined] => [
  unitPrice === undefined ? undefined : multiply(quantity, unitPrice),
  addition?.unitPrice === undefined ? undefined : multiply(addition.quantity, addition.unitPrice),
]

/** What can be done about a pair, each once (Q2, Q14). */
function fixesOf(pair: Reconciled, differences: readonly Difference[], context: PairContext): FixView[] {
  const fixes = [...(pair.absent ? [pair.absent.fix] : []), ...differences.map(({ fix }) => fix)]
  return [...new Set([...fixes, ...(isMovable(pair) ? ['move' as const] : [])])].map((fix) =>
    fixView(fix, pair, context),
  )
}

/** What stands for lines of later months, or for this one, may go on at another agreement (V21). */
const isMovable = ({ row, compared: { addition, memory } }: Reconciled): boolean =>
  row.status === 'synced' && addition !== undefined && memory?.isClosed === false

function fixView(fix: Fix, { row, compared }: Reconciled, { agreement, products }: PairContext): FixView {
  const { addition, elsewhere } = compared
  const stands = addition ? { additionId: addition.id, agreementId: addition.agreementId } : elsewhere
  const grid = `/lines?month=${row.period}&search=${encodeURIComponent(row.offer)}&account=${encodeURIComponent(JSON.stringify([row.sourceId, row.account]))}`
  switch (fix) {
    case 'sync':
      return { kind: 'sync', line: row.id }
    case 'map':
      return { kind: 'go', path: grid, text: 'See it among the invoice lines' }
    case 'source':
      return { kind: 'go', path: grid, text: 'Add a correction or leave it, among the invoice lines' }
    case 'choose':
      return { kind: 'go', path: `/agreements/${agreement.id}`, text: 'Keep theirs or take the source’s' }
    case 'move':
      return {
        kind: 'go',
        path: `/reconciliations/${stands?.agreementId ?? agreement.id}/moves/${stands?.additionId ?? 0}`,
        text: 'Move it to another agreement',
      }
    case 'by-hand': {
      const product = addition ? (productName(addition.productId, { products }) ?? '') : 'the line'
      const steps = `To correct it in ConnectWise: Finance › Agreements › ${agreement.name} › Additions › ${product}. TrueUp keeps such a correction.`
      return { kind: 'by-hand', steps }
    }
  }
}
