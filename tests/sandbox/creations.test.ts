import { describe, expect, it } from 'vitest'
import { givenManage } from './caller.ts'
import { addCompany } from './manage/world.ts'

const company = { identifier: 'NORTHWIND', name: 'Northwind Traders', status: { id: 1 }, types: [{ id: 1 }] }
const product = {
  ...{ identifier: 'M365-BP', description: 'Microsoft 365 Business Premium', customerDescription: 'Microsoft 365' },
  ...{ subcategory: { id: 1 }, type: { id: 1 }, unitOfMeasure: { id: 2 } },
}

describe('records made through the API', () => {
  it('makes a company with its site, its first contact its default one, and an agreement for it', async () => {
    const { call, world } = givenManage()
    const made = await call('POST', '/company/companies', { ...company, site: { name: 'Main' } })
    expect([made.status, made.body.identifier, made.body.site.name]).toEqual([201, 'NORTHWIND', 'Main'])
    const parent = { company: { id: made.body.id } }
    const agreement = { ...parent, name: 'Managed Services', type: { id: 2 }, startDate: '2026-11-01T00:00:00Z' }
    const early = await call('POST', '/finance/agreements', agreement)
    expect([early.status, early.body.errors[0].field]).toEqual([400, 'contact'])
    const email = { type: { id: 2 }, value: 'ann@northwind.example', communicationType: 'Email', defaultFlag: true }
    const contact = await call('POST', '/company/contacts', {
      ...parent,
      firstName: 'Ann',
      communicationItems: [email],
    })
    expect(world.companies.get(made.body.id)?.defaultContact?.id).toBe(contact.body.id)
    const answer = await call('POST', '/finance/agreements', { ...agreement, contact: { id: contact.body.id } })
    expect([answer.status, answer.body.prorateFlag, answer.body.agreementStatus]).toEqual([201, true, 'Active'])
  })

  it.each([
    ['a company id with spaces', '/company/companies', { ...company, identifier: 'NORTH WIND' }, 'identifier'],
    ['a company id of 31 characters', '/company/companies', { ...company, identifier: 'N'.repeat(31) }, 'identifier'],
    [
      'a company id that is taken in another case',
      '/company/companies',
      { ...company, identifier: 'contoso' },
      'identifier',
    ],
    ['a company in a status that cannot be saved', '/company/companies', { ...company, status: { id: 3 } }, 'status'],
    ['a product without a subcategory', '/procurement/catalog', { ...product, subcategory: undefined }, 'subcategory'],
    [
      'a description of 61 characters',
      '/procurement/catalog',
      { ...product, description: 'x'.repeat(61) },
      'description',
    ],
    [
      'a product of a unit that is not there',
      '/procurement/catalog',
      { ...product, unitOfMeasure: { id: 99 } },
      'unitOfMeasure',
    ],
  ])('refuses %s, naming the field', async (_, path, body, field) => {
    const { call, world } = givenManage()
    addCompany(world, { identifier: 'Contoso' })
    const answer = await call('POST', path, body)
    expect([answer.status, answer.body.errors.map((error: { field: string }) => error.field)]).toEqual([400, [field]])
  })

  it('makes a product once per Product ID, and lists what products choose from', async () => {
    const { call } = givenManage()
    expect((await call('POST', '/procurement/catalog', product)).status).toBe(201)
    const again = await call('POST', '/procurement/catalog', { ...product, identifier: 'm365-bp' })
    expect(again.body.errors[0].code).toBe('ObjectExists')
    const names = async (path: string) => (await call('GET', path)).body.map(({ name }: { name: string }) => name)
    expect(await names('/procurement/categories')).toEqual(['Managed Services', 'Hardware'])
    expect(await names('/procurement/subcategories/')).toEqual(['Cloud Services', 'Security', 'Laptops'])
    expect(await names('/procurement/types')).toContain('Fixed Cost Service')
    expect(await names('/procurement/unitOfMeasures')).toEqual(['Each', 'User', 'Month'])
  })
})
