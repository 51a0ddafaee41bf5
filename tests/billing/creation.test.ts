import { describe, expect, it } from 'vitest'
import { draftProblems, identityOf, type KnownChoices, plainCreation } from '#billing/creation.ts'
import { draftFields } from '#billing/draft-fields.ts'
import { holdRecords, wantedIdOf, withNeededRecords } from '#billing/needed-records.ts'
import type { PlanInput, PlanRow } from '#billing/plan.ts'
import type { NewAgreement, NewCompany, NewContact, NewProduct, NewRecord } from '#billing/record.ts'
import { newProductOf, productOfSku } from '#billing/sku-product.ts'

const company: NewCompany = {
  ...{ record: 'company', identifier: 'NORTHWIND', name: 'Northwind Traders' },
  ...{ statusId: 1, typeId: 1, siteName: 'Main', names: { statusId: 'Active' } },
}
const contact: NewContact = { record: 'contact', companyId: -1, firstName: 'Ann', isDefault: true }
const agreement: NewAgreement = {
  ...{ record: 'agreement', name: 'Managed Services', typeId: 1, companyId: -1, startOn: '2026-11-01' },
}
const product: NewProduct = {
  ...{ record: 'product', identifier: 'M365-BP', description: 'Microsoft 365', categoryId: 1, subcategoryId: 1 },
  ...{ typeId: 1, unitOfMeasureId: 2, price: '22' },
}
const status = (id: number, more: object = {}) => ({ id, name: `Status ${id}`, inactive: false, ...more })
const known: KnownChoices = {
  companyStatuses: [status(1), status(2, { inactive: true }), status(3, { disallowsSaving: true })],
  companyTypes: [{ id: 1, name: 'Customer' }],
  agreementTypes: [{ id: 1, name: 'Managed Services' }],
  subcategories: [
    { id: 1, name: 'Cloud', categoryId: 1 },
    { id: 3, name: 'Laptops', categoryId: 2 },
  ],
  productTypes: [{ id: 1, name: 'Fixed Cost Service' }],
  productUnits: [{ id: 2, name: 'User' }],
}

describe('P18 Q6 Q15 what is wrong with a record before it is made', () => {
  it('nothing, when everything ConnectWise asks for is there', () => {
    for (const draft of [company, contact, agreement, product]) expect(draftProblems(draft, known)).toEqual([])
  })

  it.each<[string, NewRecord, string, string]>([
    ['no company id', { ...company, identifier: ' ' }, 'identifier', 'missing'],
    ['31 characters', { ...company, identifier: 'N'.repeat(31) }, 'identifier', 'At most 30'],
    ['spaces in the company id', { ...company, identifier: 'NORTH WIND' }, 'identifier', 'spaces'],
    ['a name of 51', { ...company, name: 'N'.repeat(51) }, 'name', 'At most 50'],
    ['an inactive status', { ...company, statusId: 2 }, 'statusId', 'inactive'],
    ['a status that cannot be saved', { ...company, statusId: 3 }, 'statusId', 'saves no company'],
    ['a status that is gone', { ...company, statusId: 9 }, 'statusId', 'any more'],
    ['no type', { ...company, typeId: 0 }, 'typeId', 'Choose a type'],
    ['no site', { ...company, siteName: '' }, 'siteName', 'missing'],
    ['a zip of 13', { ...company, zip: '1'.repeat(13) }, 'zip', 'At most 12'],
    ['no first name', { ...contact, firstName: '' }, 'firstName', 'missing'],
    ['no address', { ...contact, email: 'ann' }, 'email', 'not an e-mail'],
    ['no agreement type', { ...agreement, typeId: 0 }, 'typeId', 'Choose an active agreement type'],
    ['an inactive agreement type', { ...agreement, typeId: 3 }, 'typeId', 'any more'],
    ['no company', { ...agreement, companyId: 0 }, 'companyId', 'Choose the company'],
    ['no first day', { ...agreement, startOn: '1.11.2026' }, 'startOn', 'YYYY-MM-DD'],
    ['no product id', { ...product, identifier: '' }, 'identifier', 'missing'],
    ['a description of 61', { ...product, description: 'x'.repeat(61) }, 'description', 'At most 60'],
    ['a subcategory of another category', { ...product, subcategoryId: 3 }, 'subcategoryId', 'another category'],
    ['a cross reference of 51 (M24)', { ...product, crossReference: 'x'.repeat(51) }, 'crossReference', 'At most 50'],
  ])('%s', (_, draft, field, text) => {
    expect(draftProblems(draft, known)).toEqual([{ field, text: expect.stringContaining(text) }])
  })

  it('names the record that has the identifier, and the contact that is missing', () => {
    const twin = { id: 251, name: 'Northwind Ltd' }
    expect(draftProblems(company, { twin })[0]?.text).toContain('(Northwind Ltd, 251): use it')
    expect(draftProblems(agreement, { hasContact: false })[0]?.field).toBe('contactId')
    expect(draftProblems({ ...agreement, contactId: 5 }, { hasContact: false })).toEqual([])
  })

  it('is one wish per company and type, identifier or address, whatever its case', () => {
    expect(identityOf({ ...company, identifier: 'Northwind' })).toBe(identityOf(company))
    expect(identityOf({ ...agreement, name: 'Other' })).toBe(identityOf(agreement))
    expect(identityOf({ ...contact, email: 'A@x.example' })).toBe(identityOf({ ...contact, email: 'a@x.example' }))
  })

  it('shows every field that is written, names beside ids, and marks money', () => {
    expect(draftFields(company)).toContainEqual({ name: 'status', value: 'Active (1)' })
    expect(draftFields(product)).toContainEqual({ name: 'price', value: '22', money: true })
    expect(draftFields(agreement)).toContainEqual({ name: 'contact', value: 'the default contact of the company' })
  })
})

describe('G12 the rows of records that changes need', () => {
  const wanted = new Map<number, { draft: NewRecord; known: KnownChoices }>([
    [-1, { draft: company, known }],
    [-2, { draft: contact, known }],
    [-3, { draft: agreement, known }],
    [-4, { draft: product, known }],
    [-5, { draft: { ...product, identifier: 'UNUSED' }, known }],
  ])
  const line = (said: Partial<PlanRow> = {}): PlanRow => ({
    ...{ key: 'agreement:-3/product:-4/x', change: 'create', source: 'src', accounts: ['A-17'], mappings: ['m'] },
    ...{ companyId: -1, agreementId: -3, productId: -4, before: {}, after: { quantity: '4' }, holds: [], reason: '' },
    ...{ outcome: 'pending', attention: false, ...said },
  })
  const planned = (rows: PlanRow[], more: Partial<PlanInput> = {}) =>
    withNeededRecords(rows, { creations: wanted, creationPolicy: plainCreation, ...more } as PlanInput)

  it('come before it, in the order they can be made, and only those that are needed', () => {
    const rows = planned([line()])
    expect(rows.map(({ key }) => key)).toEqual(['company:-1', 'contact:-2', 'agreement:-3', 'product:-4', line().key])
    expect(rows.map(({ needs = [] }) => needs)).toEqual([
      [],
      ['company:-1'],
      ['company:-1', 'contact:-2'],
      [],
      ['agreement:-3', 'product:-4'],
    ])
    expect(rows.slice(0, 4).flatMap(({ holds }) => holds.map(({ guard }) => guard))).toEqual([
      'G12',
      'G12',
      'G12',
      'G12',
    ])
    const { change: _, ...unchanged } = line()
    expect(planned([unchanged])).toEqual([unchanged])
  })

  it('name nobody where a product is made, which is everybody\u2019s', () => {
    expect(planned([line()]).find(({ record }) => record === 'product')?.accounts).toEqual([])
  })

  it('are blocked where settings do not allow them or something is missing, and block what needs them', () => {
    const rows = planned([line()], { creationPolicy: { ...plainCreation, companies: 'off' } })
    const held = holdRecords(rows.map((row) => (row.holds.length > 0 ? { ...row, outcome: 'held' as const } : row)))
    const blocked = held.filter(({ holds }) => holds.some(({ block }) => block)).map(({ key }) => key)
    expect(blocked).toEqual(['company:-1', 'contact:-2', 'agreement:-3', line().key])
  })

  it('wait although settings allow them as long as all that needs them waits, and go when one may go', () => {
    const automatic = { creationPolicy: { ...plainCreation, agreements: 'automatic' as const } }
    const row = { ...line(), productId: 512 }
    const outcomes = (second: PlanRow) => {
      const rows = planned([{ ...row, outcome: 'held' }, second], automatic)
      return holdRecords(rows).find(({ key }) => key === 'agreement:-3')?.outcome
    }
    expect(outcomes({ ...row, key: 'other', outcome: 'held' })).toBe('held')
    expect(outcomes({ ...row, key: 'other' })).toBe('pending')
  })

  it('are known by a negative id in their key', () => {
    expect(['company:-3', 'contact:250/ann@x.example', 'product:512/cost', 'addition:301'].map(wantedIdOf)).toEqual([
      -3,
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('S4 the product of a SKU', () => {
  const held = { id: 1, identifier: 'X', description: '', productClass: 'NonInventory', inactive: false }

  it('is the one that refers to it, else the one called so, never a guess, an inactive one or a bundle', () => {
    const called = { ...held, id: 2, identifier: 'm365-bp' }
    const refers = { ...held, id: 3, crossReference: 'M365-BP' }
    expect(productOfSku([held, called], 'M365-BP')).toBe(called)
    expect(productOfSku([called, refers], 'M365-BP')).toBe(refers)
    expect(productOfSku([refers, { ...refers, id: 4 }], 'M365-BP')).toBe('several')
    expect(
      productOfSku(
        [
          { ...called, inactive: true },
          { ...refers, productClass: 'Bundle' },
        ],
        'M365-BP',
      ),
    ).toBe(undefined)
  })

  it('states a cost only where all who use it state the same, in the tenant\u2019s currency', () => {
    const made = (...costs: (string | undefined)[]) => {
      const readings = costs.map((unitCost) => ({ currency: 'USD', ...(unitCost === undefined ? {} : { unitCost }) }))
      return newProductOf({ sku: 'X', title: null }, readings, plainCreation, 'USD').cost
    }
    expect([made('2.50', '2.5'), made('2.5', '3'), made('2.5', undefined), made(undefined)]).toEqual([
      '2.5',
      undefined,
      undefined,
      undefined,
    ])
  })
})
