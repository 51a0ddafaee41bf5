import { add, multiply } from '#billing/decimal.ts'
import { type Addition, type Agreement, isOngoing, type Product } from '#billing/existing.ts'
import { guard } from '#billing/guard.ts'
import { defaultLimits, type Limits } from '#billing/limits.ts'
import { datesOf } from '#billing/lines/charge-dates.ts'
import { chargeOf } from '#billing/lines/charge-types.ts'
import type { InvoiceLine, LinePlace, LoadedLine } from '#billing/lines/line.ts'
import {
  confirmed,
  type FullMonths,
  type LineAddition,
  type LinePosting,
  type LinesInput,
  type PostedLine,
  postedKey,
} from '#billing/lines/posting.ts'
import { type LineSettings, plainLineSettings } from '#billing/lines/settings.ts'
import { makePlan } from '#billing/make-plan.ts'
import { type Day, type Month, monthOf } from '#billing/period.ts'
import type { Fields, LastValue, PlanInput, PlanRow, Proposal } from '#billing/plan.ts'

export const anAgreement = (fields: Partial<Agreement> = {}): Agreement => ({
  ...{ id: 87, name: 'Cloud', companyId: 250, companyName: 'Contoso', typeName: 'Cloud', status: 'Active' },
  ...{ startOn: '2026-01-01', endOn: undefined, billStartOn: undefined, nextInvoiceOn: '2026-11-01' },
  ...{ billProducts: 'Billable', billingCycle: 'Monthly', billingOption: 'Monthly', invoicingCycle: 'CalendarYear' },
  ...{ prorate: false, currency: 'USD', currencyDecimals: 2, parentId: undefined },
  ...fields,
})

export const anAddition = (fields: Partial<Addition> = {}): Addition => ({
  ...{ id: 301, agreementId: 87, productId: 512, description: 'Backup', quantity: '5', lessIncluded: '0' },
  ...{ unitCost: '2', unitPrice: '4', billCustomer: 'Billable', effectiveOn: '2026-10-03', cancelledOn: undefined },
  ...{ serialNumber: '', updatedBy: undefined, updatedAt: undefined },
  ...fields,
})

const aProduct = (id: number): Product => ({
  ...{ id, identifier: `SKU-${id}`, description: `Product ${id}`, productClass: 'NonInventory', inactive: false },
})

/** What a source says of one line, in November 2026 unless said. */
export const aLine = (fields: Partial<InvoiceLine> = {}): InvoiceLine => ({
  ...{ id: 'L-1', offer: 'BACKUP', chargeType: 'UsageFee', quantity: '5', unitCost: '2', unitPrice: '4' },
  ...{ currency: 'USD', subscription: 'S-1', subscriptionName: 'Backup 365', billingCycle: 'Monthly' },
  ...{ chargeStart: '2026-11-03', invoicedOn: '2026-11-05' },
  ...fields,
})

const plainPlace: LinePlace = { mapping: 'mapped', companyId: 250, agreementId: 87, productId: 512 }

interface Loading {
  period?: Month
  account?: string
  place?: Partial<LinePlace>
  start?: Day
  end?: string
  fields?: Partial<LoadedLine>
}

/** A tenant with invoice lines whose plans are carried out as ConnectWise would. */
export class LineWorld {
  today: Day = '2026-11-06'
  agreements = new Map<number, { agreement: Agreement; additions: Addition[]; problem?: string }>()
  products = new Map([512, 513].map((id) => [id, aProduct(id)]))
  settings: LineSettings = plainLineSettings
  /** The tenant's own. */
  currency: string | undefined = 'USD'
  lines: LoadedLine[] = []
  remembered: LineAddition[] = []
  lastValues = new Map<number, LastValue>()
  posted = new Map<string, PostedLine>()
  confirmed = new Set<string>()
  full: FullMonths[] = []
  more: Partial<PlanInput> = {}
  moreLines: Partial<LinesInput> = {}
  limits: Limits = defaultLimits
  areRulesConfirmed = true

  constructor(agreement: Partial<Agreement> = {}, additions: Addition[] = []) {
    this.agreements.set(agreement.id ?? 87, { agreement: anAgreement(agreement), additions })
    this.trust('A-1')
  }

  /** As if something of the account had been written to all of these before. */
  trust(account: string): void {
    for (const { agreement } of this.agreements.values()) {
      this.confirmed.add(confirmed.company('src', account, agreement.companyId))
      this.confirmed.add(confirmed.agreement('src', account, agreement.id))
    }
    for (const product of this.products.keys())
      for (const offer of ['BACKUP', 'OFFICE']) this.confirmed.add(confirmed.product('src', offer, product))
  }

  load(said: Partial<InvoiceLine> = {}, loading: Loading = {}): LoadedLine {
    const whole = aLine(said)
    const { period = monthOf(whole.invoicedOn ?? '2026-11-05'), account = 'A-1' } = loading
    const typed = {
      ...(loading.start === undefined ? {} : { typedStart: loading.start }),
      ...(loading.end === undefined ? {} : { typedEnd: loading.end }),
    }
    const line: LoadedLine = {
      ...{ id: `${account}/${period}/${whole.id}`, source: 'src', account, period, said: whole },
      ...chargeOf(whole, this.settings),
      dates: datesOf(whole, this.settings, { period, ...typed }),
      place: { ...plainPlace, ...loading.place },
      ...{ status: 'not-synced', leftOut: false, gone: false },
      ...loading.fields,
    }
    this.lines = [...this.lines.filter(({ id }) => id !== line.id), line]
    return line
  }

  get input(): PlanInput {
    return {
      ...{ today: this.today, mappings: [], accounts: [], books: new Map(), wholeQuantities: false },
      ...{ agreements: this.agreements, products: this.products, lastValues: this.lastValues },
      ...(this.currency === undefined ? {} : { currency: this.currency }),
      companies: new Map(
        [...this.agreements.values()].map(({ agreement: { companyId: id } }) => [
          id,
          { id, identifier: `C${id}`, name: `Company ${id}`, statusName: 'Active', deleted: false },
        ]),
      ),
      lines: {
        ...{ settings: this.settings, lines: this.lines, additions: this.remembered, posted: this.posted },
        persistent: this.remembered.filter(({ kind }) => kind === 'persistent').length,
        ...{ full: this.full, confirmed: this.confirmed, areRulesConfirmed: this.areRulesConfirmed },
        ...this.moreLines,
      },
      ...this.more,
    }
  }

  propose(): Proposal {
    return makePlan(this.input)
  }

  /** The rows as people see them, with all holds. */
  plan(): PlanRow[] {
    const { rows, mapped } = this.propose()
    return guard(rows, this.input, { limits: this.limits, mapped, observing: false, stops: [] })
  }

  /** The only row there is. */
  row(): PlanRow {
    const rows = this.plan()
    const [row] = rows
    if (!row || rows.length !== 1) throw new Error(`not one row: ${JSON.stringify(rows)}`)
    return row
  }

  /** Carries out every change but the blocked ones, as if somebody had approved it, and posts its lines. */
  apply(): Proposal {
    const proposal = this.propose()
    const rows = guard(proposal.rows, this.input, {
      ...{ limits: this.limits, mapped: proposal.mapped, observing: false, stops: [] },
    })
    for (const value of proposal.adopt) this.lastValues.set(value.additionId, value)
    for (const row of rows) if (row.change && !row.holds.some(({ block }) => block)) this.write(row)
    for (const { posting, additionId, agreementId } of proposal.posted) this.remember(posting, additionId, agreementId)
    return proposal
  }

  private write(row: PlanRow): void {
    const state = this.agreements.get(row.agreementId ?? 0)
    const { posting } = row
    if (!state || !posting) throw new Error('a line goes to an agreement')
    const known = state.additions.find(({ id }) => id === row.additionId)
    const id = known?.id ?? 1000 + [...this.agreements.values()].reduce((sum, one) => sum + one.additions.length, 0)
    const made =
      known ?? anAddition({ id, agreementId: state.agreement.id, productId: row.productId ?? 0, unitPrice: '7' })
    const written = { ...made, ...(known ? {} : { effectiveOn: row.effectiveOn }), ...asHeld(row.after) }
    state.additions = [...state.additions.filter((one) => one.id !== id), written]
    const { quantity, unitCost, unitPrice } = written
    this.lastValues.set(id, {
      ...{ additionId: id, agreementId: state.agreement.id, quantity },
      ...(unitCost === undefined ? {} : { cost: unitCost }),
      ...(unitPrice === undefined ? {} : { price: unitPrice }),
    })
    this.remember(posting, id, state.agreement.id)
  }

  private remember(posting: LinePosting, additionId: number, agreementId: number): void {
    const { source, account, kind, identity, period, lines, closes, isEndTyped = false } = posting
    const cancelledOn = this.addition(additionId).cancelledOn ?? null
    this.remembered = this.remembered.filter((one) => one.additionId !== additionId)
    if (kind && !closes)
      this.remembered.push({
        ...{ additionId, agreementId, source, account, kind, identity, period, cancelledOn, isEndTyped },
      })
    for (const line of this.lines.filter(({ id }) => lines.includes(id)))
      if (line.kind === 'one-time')
        this.posted.set(postedKey(source, account, line.said.id), { line: line.id, period, additionId })
    this.lines = this.lines.filter(({ id }) => !lines.includes(id))
  }

  addition(id: number): Addition {
    const found = [...this.agreements.values()].flatMap(({ additions }) => additions).find((one) => one.id === id)
    if (!found) throw new Error(`no addition ${id}`)
    return found
  }

  /** Somebody changes an addition in ConnectWise. */
  edit(id: number, fields: Partial<Addition>): void {
    for (const state of this.agreements.values())
      state.additions = state.additions.map((one) => (one.id === id ? { ...one, ...fields } : one))
  }

  /** quantity × price of all that is not ended on a day, by currency. */
  billedOn(day: Day): Map<string, string> {
    const sums = new Map<string, string>()
    for (const { agreement, additions } of this.agreements.values())
      for (const { quantity, unitPrice = '0', ...addition } of additions)
        if (isOngoing({ quantity, unitPrice, ...addition }, day)) {
          const currency = agreement.currency ?? ''
          sums.set(currency, add(sums.get(currency) ?? '0', multiply(quantity, unitPrice)))
        }
    return sums
  }
}

function asHeld({ quantity, cost, price, cancelledOn, effectiveOn }: Fields): Partial<Addition> {
  return {
    ...(quantity === undefined ? {} : { quantity }),
    ...(cost === undefined ? {} : { unitCost: cost }),
    ...(price === undefined ? {} : { unitPrice: price }),
    ...(cancelledOn === undefined ? {} : { cancelledOn: cancelledOn ?? undefined }),
    ...(effectiveOn === undefined ? {} : { effectiveOn }),
  }
}

export const guards = (row: PlanRow): string[] => row.holds.map(({ guard }) => guard)
export const words = (row: PlanRow): string => row.holds.map(({ text }) => text).join('; ')
