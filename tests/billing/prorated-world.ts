import Big from 'big.js'
import type { Book } from '#billing/book.ts'
import type { Choice } from '#billing/choice.ts'
import type { Addition, Agreement, Invoicing } from '#billing/existing.ts'
import { daysIn, gridOf, nextPeriod, type Period, periodAt } from '#billing/grid.ts'
import { guard } from '#billing/guard.ts'
import { defaultLimits } from '#billing/limits.ts'
import { makePlan } from '#billing/make-plan.ts'
import { type Mapping, targetText } from '#billing/mapping.ts'
import type { Day } from '#billing/period.ts'
import type { Fields, LastValue, PlanInput, PlanRow } from '#billing/plan.ts'
import type { DatedLine, ProrationState } from '#billing/proration.ts'
import { type Rule, ruleText } from '#billing/rule.ts'

/** What is counted on a day; a partial count when it is not complete. */
export interface Count {
  day: Day
  users: number
  partial?: boolean
  silent?: boolean
}

const plainAgreement: Agreement = {
  ...{ id: 87, name: 'Managed', companyId: 250, companyName: 'Contoso', typeName: 'Managed', status: 'Active' },
  ...{ startOn: '2026-01-01', endOn: undefined, billStartOn: undefined, nextInvoiceOn: '2026-12-01' },
  ...{ billProducts: 'Billable', billingCycle: 'Monthly', billingOption: 'Monthly', invoicingCycle: 'CalendarYear' },
  ...{ prorate: true, currency: 'USD', currencyDecimals: 2, parentId: undefined },
}

const standingLine: Addition = {
  ...{ id: 301, agreementId: 87, productId: 512, description: 'Seats', quantity: '10', lessIncluded: '0' },
  ...{
    unitCost: undefined,
    unitPrice: '10',
    billCustomer: 'Billable',
    effectiveOn: '2026-01-01',
    cancelledOn: undefined,
  },
  ...{ serialNumber: '', updatedBy: undefined, updatedAt: undefined },
}

export interface Invoice {
  on: Day
  lines: { additionId: number; amount: Big }[]
}

/** One agreement with one standing line of 10 at 10.00, its dated lines, and invoices made by 4.1's words alone. */
export class ProratedWorld {
  agreement: Agreement
  additions: Addition[]
  dated: DatedLine[] = []
  last: Map<number, LastValue>
  state: ProrationState | undefined
  invoices: Invoice[] = []
  rule: Rule = { write: ['quantity'], prorate: true }
  invoicing: Invoicing | undefined
  confirmed = true
  movedBackFrom: Day | undefined
  approving = true
  rows: PlanRow[] = []
  earlier: Count[] = []
  choices: Choice[] = []
  /** The addition that is mapped. */
  target = 301
  #billed = new Set<number>()

  constructor(agreement: Partial<Agreement> = {}, standing: Partial<Addition> = {}) {
    this.agreement = { ...plainAgreement, ...agreement }
    this.additions = [{ ...standingLine, ...standing }]
    const { quantity } = { ...standingLine, ...standing }
    this.last = new Map([[301, { additionId: 301, agreementId: 87, quantity }]])
  }

  /** A night: the plan of what is counted, and everything in it that may be written, written. */
  counts(day: Day, users: number, more: Partial<Count> = {}): this {
    this.plan({ day, users, ...more })
    this.write(this.rows)
    return this
  }

  switched(prorate: boolean): this {
    this.rule = { ...this.rule, prorate }
    return this
  }

  /** Until it is confirmed, the next write is the first one. */
  mappedAnew(confirmed = false): this {
    this.confirmed = confirmed
    return this
  }

  input(count: Count): PlanInput {
    const rule = this.rule
    const mapping: Mapping = {
      ...{ id: 'm', source: 'src', account: 'A-17', reads: [{ metric: 'users' }], companyId: 250, agreementId: 87 },
      ...{ additionId: this.target, targetKey: `addition:${this.target}`, leaveAlone: [], include: true, rule },
    }
    const confirmed = { confirmedTarget: targetText(mapping), confirmedRule: ruleText(rule) }
    const state = {
      agreement: this.agreement,
      additions: this.additions,
      ...(this.invoicing ? { invoicing: this.invoicing } : {}),
      ...(this.movedBackFrom ? { movedBackFrom: this.movedBackFrom } : {}),
    }
    return {
      ...{ today: count.day, mappings: [this.confirmed ? { ...mapping, ...confirmed } : mapping], accounts: [] },
      ...{ books: new Map([['src', bookOf(count)]]), agreements: new Map([[87, state]]) },
      ...{ companies: new Map(), products: new Map(), lastValues: this.last, currency: 'USD', wholeQuantities: false },
      prorations: new Map(this.state ? [[301, this.state]] : []),
      datedLines: this.dated,
      choices: new Map(this.choices.map((choice) => [choice.additionId, choice])),
      earlier: this.earlier.map((early) => ({ day: early.day, books: new Map([['src', bookOf(early)]]) })),
    }
  }

  plan(count: Count): PlanRow[] {
    const input = this.input(count)
    const { rows, prorations, adopt } = makePlan(input)
    for (const { state } of prorations) this.state = state
    for (const value of adopt) this.last.set(value.additionId, value)
    const context = { limits: defaultLimits, mapped: 1, observing: false, stops: [] }
    this.rows = guard(rows, input, context).filter(({ change }) => change !== undefined)
    return this.rows
  }

  /** What may be written; with an approval all but blocks. */
  write(rows: readonly PlanRow[]): void {
    for (const row of rows) {
      if (row.holds.some((hold) => hold.block || !this.approving)) continue
      if (row.change === 'create') this.#make(row)
      else this.#change(row)
    }
  }

  #make(row: PlanRow): void {
    if (row.draft?.record !== 'addition') throw new Error('only dated lines are made here')
    const { standingId, kind, period, day } = row.draft
    const id = 401 + this.dated.length
    const { quantity = '0', price, cancelledOn } = row.after
    const line = { ...standingLine, id, quantity, unitPrice: price, effectiveOn: row.effectiveOn }
    const ended = { ...line, cancelledOn: cancelledOn ?? undefined }
    this.additions = [...this.additions, ended]
    this.dated = [...this.dated, { additionId: id, standingId, agreementId: 87, kind, period, day }]
    this.last.set(id, { additionId: id, agreementId: 87, quantity })
  }

  #change({ additionId = 0, after }: PlanRow): void {
    this.additions = this.additions.map((addition) =>
      addition.id === additionId ? withFields(addition, after) : addition,
    )
    const { quantity } = after
    if (quantity !== undefined) this.last.set(additionId, { additionId, agreementId: 87, quantity })
  }

  get next(): Period {
    const grid = gridOf(this.agreement)
    if (!grid || !this.agreement.nextInvoiceOn) throw new Error('no grid')
    return periodAt(grid, this.agreement.nextInvoiceOn)
  }

  /** Bills the period that begins at the next invoice date, and what was made too late for the invoices before it. */
  invoice(): this {
    const grid = gridOf(this.agreement)
    if (!grid) throw new Error('no grid')
    const { next } = this
    const lines = this.additions.map((addition) => {
      const isNew = !this.#billed.has(addition.id) && addition.id !== 301
      const from = isNew ? (addition.effectiveOn ?? next.from) : next.from
      let shares = new Big(0)
      for (let period = periodAt(grid, from < next.from ? from : next.from); period.from <= next.from; )
        [shares, period] = [shares.plus(shareOf(addition, period)), nextPeriod(grid, period)]
      this.#billed.add(addition.id)
      return { additionId: addition.id, amount: shares.times(addition.quantity).times(addition.unitPrice ?? 0) }
    })
    this.invoices.push({ on: next.from, lines: lines.filter(({ amount }) => !amount.eq(0)) })
    this.agreement = { ...this.agreement, nextInvoiceOn: nextPeriod(grid, next).from }
    this.movedBackFrom = undefined
    return this
  }

  removeInvoice(): this {
    const invoice = this.invoices.pop()
    this.movedBackFrom = this.agreement.nextInvoiceOn
    this.agreement = { ...this.agreement, nextInvoiceOn: invoice?.on }
    return this
  }

  /** The amounts of the newest invoice, each rounded on the extended amount as ConnectWise does. */
  get billed(): string {
    const amounts = this.invoices.at(-1)?.lines.map(({ amount }) => amount.round(2, Big.roundHalfUp)) ?? []
    return amounts.reduce((sum, amount) => sum.plus(amount), new Big(0)).toFixed(2)
  }

  get total(): Big {
    return this.invoices.flatMap(({ lines }) => lines).reduce((sum, { amount }) => sum.plus(amount), new Big(0))
  }

  /** `standing 12`, `dated 2, 2026-11-17 → 2026-11-30`. */
  get lines(): string[] {
    return this.additions.map(({ id, quantity, effectiveOn, cancelledOn }) => {
      const kind = this.dated.find(({ additionId }) => additionId === id)?.kind
      return kind ? `${kind} ${quantity}, ${effectiveOn} → ${cancelledOn ?? 'empty'}` : `standing ${quantity}`
    })
  }

  /** What the newest plan holds, each guard once. */
  get holds(): string[] {
    return [...new Set(this.rows.flatMap(({ holds }) => holds.map(({ guard }) => guard)))].sort()
  }
}

const withFields = (addition: Addition, { quantity, price, cancelledOn }: Fields): Addition => ({
  ...addition,
  quantity: quantity ?? addition.quantity,
  unitPrice: price ?? addition.unitPrice,
  cancelledOn: cancelledOn ?? addition.cancelledOn,
})

/** The effective day and the end day are both billed. */
function shareOf({ effectiveOn = '0001-01-01', cancelledOn = '9999-12-31' }: Addition, period: Period): Big {
  const from = effectiveOn > period.from ? effectiveOn : period.from
  const to = cancelledOn < period.to ? cancelledOn : period.to
  return from > to ? new Big(0) : new Big(daysIn({ from, to })).div(daysIn(period))
}

function bookOf({ day, users, partial, silent }: Count): Book {
  const snapshot = {
    ...{ id: day, source: 'src', kind: 'counts' as const, period: day.slice(0, 7), takenAt: 1, takenOn: day },
    complete: !partial,
  }
  const reading = { account: 'A-17', kind: 'metric' as const, name: 'users', quantity: String(users) }
  const statement = { account: 'A-17', name: 'Contoso', snapshot, readings: silent ? [] : [reading] }
  return {
    ...{ source: 'src', sourceName: 'Platform', newest: snapshot, complete: new Map() },
    statements: new Map([['A-17', statement]]),
  }
}
