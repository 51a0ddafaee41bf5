import { describe, expect, it } from 'vitest'
import type { NewAgreement, NewCompany, NewContact, NewProduct } from '#billing/record.ts'
import { listCreations } from '#db/creations.ts'
import { listMappings } from '#db/mappings.ts'
import { wantRecord } from '#sync/creations.ts'
import { addAgreement, addCompany, addProduct } from '../sandbox/manage/build.ts'
import { emptyWorld } from '../sandbox/manage/world.ts'
import { type App, type Options, startApp } from '../start.ts'
import { eachStore, type Open } from '../stores.ts'

const company: NewCompany = {
  ...{ record: 'company', identifier: 'NORTHWIND', name: 'Northwind Traders' },
  ...{ statusId: 1, typeId: 1, siteName: 'Main' },
}
const contactAt = (companyId: number): NewContact => ({
  ...{
    record: 'contact',
    companyId,
    firstName: 'Ann',
    lastName: 'Lee',
    email: 'ann@northwind.example',
    isDefault: true,
  },
})
const agreementAt = (companyId: number): NewAgreement => ({
  ...{ record: 'agreement', name: 'Managed Services', typeId: 1, companyId, startOn: '2026-11-01' },
})
const product: NewProduct = {
  ...{ record: 'product', identifier: 'M365-BP', description: 'Microsoft 365 Business Premium' },
  ...{ categoryId: 1, subcategoryId: 1, typeId: 1, unitOfMeasureId: 2, crossReference: 'M365-BP' },
}

/** A new customer of whom ConnectWise knows nothing: company, contact, agreement, product and line are to be made. */
async function givenNewCustomer(open: Open, options: Options = {}) {
  const app = await startApp(open, options)
  const want = (draft: Parameters<typeof wantRecord>[3]) => wantRecord(app.deps, app.scope, 'ann', draft)
  const companyId = (await want(company)).id
  await want(contactAt(companyId))
  const agreementId = (await want(agreementAt(companyId))).id
  const productId = (await want(product)).id
  await app.map({ account: 'A-17', companyId, agreementId, productId })
  await app.say({ 'A-17': 4 })
  return Object.assign(app, { ids: { companyId, agreementId, productId } })
}

const heldBy = ({ world }: App) => ({
  companies: world.companies.rows().map(({ identifier }) => identifier),
  contacts: world.contacts.rows().map(({ firstName }) => firstName),
  agreements: world.agreements.rows().map(({ name }) => name),
  products: world.products.rows().map(({ identifier }) => identifier),
  quantities: world.additions.rows().map(({ quantity }) => quantity),
})
const all = {
  ...{ companies: ['NORTHWIND'], contacts: ['Ann'], agreements: ['Managed Services'], products: ['M365-BP'] },
  quantities: [4],
}
const none = { companies: [], contacts: [], agreements: [], products: [], quantities: [] }

eachStore((open) => {
  it('M5 P18 S4 makes company, contact, agreement, product and line in one plan that was approved once', async () => {
    const app = await givenNewCustomer(open)
    const waiting = await app.sync()
    expect([waiting.state, heldBy(app)]).toEqual(['held', none])
    const done = await app.sync({ approveAs: 'ann' })
    expect([done.state, heldBy(app)]).toEqual(['done', all])
    const [made] = app.world.companies.rows()
    const [mapping] = await listMappings(app.scope)
    expect(mapping).toMatchObject({ companyId: made?.id, agreementId: app.world.agreements.rows()[0]?.id })
    expect(mapping?.additionId).toBe(app.world.additions.rows()[0]?.id)
    expect(await listCreations(app.scope)).toEqual([])
    const again = await app.sync()
    expect([again.state, again.changes.unchanged, heldBy(app)]).toEqual(['done', 1, all])
    await app.close()
  })
})
