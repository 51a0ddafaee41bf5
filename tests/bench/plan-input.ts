import type { Book, Statement } from '#billing/book.ts'
import type { Addition, Agreement, Company, Product } from '#billing/existing.ts'
import { type Mapping, targetText } from '#billing/mapping.ts'
import type { AgreementState, LastValue, PlanInput } from '#billing/plan.ts'
import type { Snapshot } from '#billing/reading.ts'
import { plainRule, ruleText } from '#billing/rule.ts'

const today = '2026-11-18'
const productIds = [1, 2, 3, 4, 5]

const snapshot: Snapshot = {
  id: 'snapshot',
  source: 'src',
  kind: 'counts',
  period: '2026-11',
  takenAt: 0,
  takenOn: today,
  complete: true,
}

/** A plan's input for so many agreements with five mapped additions each; 3 of 100 additions have changed. */
export function planInput(agreementCount: number): PlanInput {
  const ids = Array.from({ length: agreementCount }, (_, n) => n + 1)
  const states = ids.map(stateOf)
  const additions = states.flatMap((state) => state.additions)
  const agreements = states.map(({ agreement }) => agreement)
  return {
    today,
    mappings: additions.map(mappingOf),
    accounts: ids.map((id) => ({ source: 'src', account: `A-${id}`, name: `Account ${id}` })),
    books: new Map([['src', bookOf(states)]]),
    agreements: new Map(states.map((state) => [state.agreement.id, state])),
    companies: byId(agreements.map(companyOf)),
    products: byId(productIds.map(productOf)),
    lastValues: new Map(additions.map((addition) => [addition.id, lastValueOf(addition)])),
    currency: 'USD',
    wholeQuantities: false,
  }
}

/** As a row comes from the database: nothing of it is shared with another row. */
const stored = <T>(row: T): T => JSON.parse(JSON.stringify(row))

const byId = <T extends { id: number }>(rows: readonly T[]): Map<number, T> => new Map(rows.map((row) => [row.id, row]))

const stateOf = (id: number): AgreementState => ({
  agreement: agreementOf(id),
  additions: productIds.map((productId) => additionOf(id, productId)),
})

const agreementOf = (id: number): Agreement =>
  stored({
    id,
    name: `Managed Services ${id}`,
    companyId: id,
    companyName: `Company ${id}`,
    typeName: 'Managed Services',
    status: 'Active',
    startOn: '2025-01-01',
    endOn: undefined,
    billStartOn: '2025-01-01',
    nextInvoiceOn: '2026-12-01',
    billProducts: 'Billable',
    billingCycle: 'Monthly',
    prorate: false,
    currency: 'USD',
    currencyDecimals: 2,
    parentId: undefined,
  })

const additionOf = (agreementId: number, productId: number): Addition =>
  stored({
    id: (agreementId - 1) * productIds.length + productId,
    agreementId,
    productId,
    description: `Product ${productId}`,
    quantity: '12',
    lessIncluded: '0',
    unitCost: '2.1',
    unitPrice: '4',
    billCustomer: 'Billable',
    effectiveOn: '2025-01-01',
    cancelledOn: undefined,
    serialNumber: '',
    updatedBy: 'jsmith',
    updatedAt: '2026-11-01T00:00:00Z',
  })

function mappingOf({ id, agreementId, productId }: Addition): Mapping {
  const target = { companyId: agreementId, agreementId, targetKey: `addition:${id}` }
  return stored({
    ...target,
    id: `mapping${String(id).padStart(19, '0')}`,
    source: 'src',
    account: `A-${agreementId}`,
    reads: [{ metric: `product-${productId}` }],
    additionId: id,
    leaveAlone: [],
    include: true,
    rule: plainRule,
    confirmedTarget: targetText(target),
    confirmedRule: ruleText(plainRule),
  })
}

function bookOf(states: readonly AgreementState[]): Book {
  const statements = states.map(({ agreement, additions }) => statementOf(agreement.id, additions))
  const byAccount = new Map(statements.map((statement) => [statement.account, statement]))
  return { source: 'src', sourceName: 'Platform', newest: snapshot, statements: byAccount, complete: byAccount }
}

function statementOf(agreementId: number, additions: readonly Addition[]): Statement {
  const account = `A-${agreementId}`
  const readings = additions.map(({ id, productId }) =>
    stored({ account, kind: 'metric' as const, name: `product-${productId}`, quantity: isChanged(id) ? '13' : '12' }),
  )
  return { account, name: `Account ${agreementId}`, readings, snapshot }
}

const isChanged = (additionId: number): boolean => additionId % 100 < 3

const companyOf = ({ companyId, companyName }: Agreement): Company =>
  stored({ id: companyId, identifier: `Company${companyId}`, name: companyName, statusName: 'Active', deleted: false })

const productOf = (id: number): Product =>
  stored({ id, identifier: `SKU-${id}`, description: `Product ${id}`, productClass: 'NonInventory', inactive: false })

const lastValueOf = ({ id, agreementId, quantity, unitCost, unitPrice }: Addition): LastValue =>
  stored({ additionId: id, agreementId, quantity, cost: unitCost, price: unitPrice } as LastValue)
