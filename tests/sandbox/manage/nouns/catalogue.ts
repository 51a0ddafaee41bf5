import { array, choice, flag, number, reference, required, text } from './fields.ts'
import { noun, problem } from './noun.ts'

export const products = noun({
  resource: 'catalogItem',
  path: '/procurement/catalog',
  table: 'products',
  module: 'Procurement > Product Catalog',
  verbs: ['create', 'update', 'delete'],
  fields: {
    identifier: required(text(75)),
    description: required(text(60)),
    subcategory: required(reference('subcategories', 'name')),
    type: required(reference('productTypes', 'name')),
    customerDescription: required(text(6000)),
    productClass: choice('Agreement', 'Bundle', 'Inventory', 'NonInventory', 'Service'),
    price: number,
    cost: number,
    taxableFlag: flag,
    unitOfMeasure: reference('unitsOfMeasure', 'name'),
    inactiveFlag: flag,
    vendorSku: text(50),
    manufacturerPartNumber: text(50),
    integrationXRef: text(50),
    recurringFlag: flag,
    recurringRevenue: number,
    recurringCost: number,
    recurringBillCycle: reference('billingCycles', 'name'),
    billableOption: choice('Billable', 'DoNotBill', 'NoCharge', 'NoDefault'),
    customFields: array,
  },
  defaults: (row) => {
    row.productClass ??= 'NonInventory'
    row.price ??= 0
    row.cost ??= 0
    row.taxableFlag ??= false
    row.inactiveFlag ??= false
    row.unitOfMeasure ??= { id: 1 }
  },
  problems: (row, _, { world }) => {
    const name = String(row.identifier).toLowerCase()
    const taken = world.products.rows().some((other) => other.id !== row.id && other.identifier.toLowerCase() === name)
    return [problem(taken, 'catalogItem', 'identifier', 'ObjectExists', `${row.identifier} exists already.`)]
  },
  isInUse: (row, world) => world.additions.rows().some((addition) => addition.product.id === row.id),
})

export const categories = noun({
  resource: 'category',
  path: '/procurement/categories',
  table: 'categories',
  fields: { name: required(text(50)), inactiveFlag: flag },
})

/** Published with a slash at its end. */
export const subcategories = noun({
  resource: 'subCategory',
  path: '/procurement/subcategories/',
  table: 'subcategories',
  fields: { name: required(text(50)), inactiveFlag: flag, category: required(reference('categories', 'name')) },
})

export const productTypes = noun({
  resource: 'productType',
  path: '/procurement/types',
  table: 'productTypes',
  fields: { name: required(text(50)), inactiveFlag: flag, typeXref: text() },
})

export const unitsOfMeasure = noun({
  resource: 'unitOfMeasure',
  path: '/procurement/unitofmeasures',
  table: 'unitsOfMeasure',
  fields: { name: required(text(50)), inactiveFlag: flag },
})
