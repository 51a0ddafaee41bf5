import { dateOf, dayOf } from '../calendar.ts'
import { billedQuantity, effectiveDateProblem, extended, prorated, statusOf } from '../invoicing.ts'
import type { AdditionRecord, AgreementRecord, ProductRecord, Row } from '../records.ts'
import { customFieldProblems, customFields } from './custom-fields.ts'
import {
  type Context,
  choice,
  computed,
  date,
  flag,
  idOf,
  number,
  readOnly,
  reference,
  required,
  text,
} from './fields.ts'
import { noun, problem } from './noun.ts'

const screen = 'AgreementAdditions'

// The one place where a generic row is known to be an addition.
const asAddition = (row: Row): AdditionRecord => row as unknown as AdditionRecord

const amount = (compute: (addition: AdditionRecord, context: Context) => number | undefined) =>
  computed('number', (row, context) => compute(asAddition(row), context))

const productOf = (row: Row, { world }: Context): ProductRecord | undefined =>
  world.products.get(idOf(row.product) ?? 0)

const agreementOf = (row: Row, { world }: Context): AgreementRecord | undefined =>
  world.agreements.get(Number(row.agreementId))

const perUnit = (pick: 'unitPrice' | 'unitCost') =>
  amount((addition, { world }) => prorated(world, addition, addition[pick]))

const perLine = (pick: 'unitPrice' | 'unitCost') =>
  amount((addition, { world }) => prorated(world, addition, addition[pick], billedQuantity(addition)))

export const additions = noun({
  resource: 'Addition',
  path: '/finance/agreements/:parent/additions',
  table: 'additions',
  module: 'Finance > Agreements',
  verbs: ['create', 'update', 'delete'],
  parent: { table: 'agreements', field: 'agreementId', rows: (world, agreementId) => world.additions.of(agreementId) },
  fields: {
    product: required(reference('products', 'identifier')),
    quantity: number,
    lessIncluded: number,
    unitPrice: number,
    unitCost: number,
    billCustomer: required(choice('Billable', 'DoNotBill', 'NoCharge')),
    effectiveDate: date,
    cancelledDate: date,
    taxableFlag: flag,
    purchaseItemFlag: flag,
    specialOrderFlag: flag,
    prorateCurrentPeriodFlag: flag,
    serialNumber: text(50),
    invoiceDescription: text(6000),
    sequenceNumber: number,
    customFields: customFields(screen),
    agreementId: readOnly(number),
    description: computed('text', (row, context) => productOf(row, context)?.description),
    uom: computed('text', (row, context) => {
      const unit = context.world.unitsOfMeasure.get(productOf(row, context)?.unitOfMeasure.id ?? 0)
      return unit?.name
    }),
    billedQuantity: amount(billedQuantity),
    extPrice: amount((addition) => extended(addition, addition.unitPrice)),
    extCost: amount((addition) => extended(addition, addition.unitCost)),
    margin: amount((addition) => {
      const cents = Math.round((extended(addition, addition.unitPrice) - extended(addition, addition.unitCost)) * 100)
      return cents / 100
    }),
    proratePrice: perUnit('unitPrice'),
    prorateCost: perUnit('unitCost'),
    extendedProratePrice: perLine('unitPrice'),
    extendedProrateCost: perLine('unitCost'),
    agreementStatus: computed('text', (row, context) => {
      const agreement = agreementOf(row, context)
      return agreement && statusOf(agreement, context.today)
    }),
  },
  defaults: (row, context) => {
    const product = productOf(row, context)
    row.quantity ??= 0
    row.lessIncluded ??= 0
    row.unitPrice ??= product?.price ?? 0
    row.unitCost ??= product?.cost ?? 0
    row.taxableFlag ??= product?.taxableFlag ?? false
    row.sequenceNumber ??= context.world.additions.of(Number(row.agreementId)).length + 1
  },
  // A changed product brings its own money unless the same request states it.
  refills: (row, touched, context) => {
    const product = touched.has('product') ? productOf(row, context) : undefined
    if (!product) return
    if (!touched.has('unitPrice')) row.unitPrice = product.price
    if (!touched.has('unitCost')) row.unitCost = product.cost
    if (!touched.has('taxableFlag')) row.taxableFlag = product.taxableFlag
  },
  problems: (row, touched, context) => [
    ...productProblems(row, touched, context),
    ...dateProblems(row, touched, context),
    ...customFieldProblems(row, touched, context.world, { screen, resource: 'addition' }),
  ],
  created: (row, world) => world.neverInvoiced.add(row.id),
})

function productProblems(row: Row, touched: ReadonlySet<string>, context: Context) {
  const product = touched.has('product') ? productOf(row, context) : undefined
  const refuse = (found: boolean, message: string) => problem(found, 'addition', 'product', 'InvalidField', message)
  return [
    refuse(product?.productClass === 'Bundle', 'A bundle cannot be an addition.'),
    refuse(product?.inactiveFlag === true, 'The product is inactive.'),
  ]
}

function dateProblems(row: Row, touched: ReadonlySet<string>, context: Context) {
  const agreement = agreementOf(row, context)
  const effective = dayOf(row.effectiveDate)
  const cancelled = dayOf(row.cancelledDate)
  const refusal =
    agreement && effective && touched.has('effectiveDate')
      ? effectiveDateProblem(agreement, dateOf(effective))
      : undefined
  return [
    problem(refusal !== undefined, 'addition', 'effectiveDate', 'InvalidField', refusal ?? ''),
    problem(
      effective !== undefined && cancelled !== undefined && cancelled < effective && touched.has('cancelledDate'),
      'addition',
      'cancelledDate',
      'InvalidField',
      'cancelledDate cannot be less than the effectiveDate',
    ),
  ]
}
