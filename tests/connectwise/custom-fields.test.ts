import { describe, expect, it } from 'vitest'
import { addAgreement, addCompany, addCustomField, addProduct } from '../sandbox/manage/build.ts'
import { withoutCustomFields } from '../sandbox/manage/faults.ts'
import { emptyWorld } from '../sandbox/manage/world.ts'
import { startApp } from '../start.ts'
import { openMemory } from '../stores.ts'

async function given() {
  const world = emptyWorld()
  const company = addCompany(world, { id: 250, identifier: 'Contoso', name: 'Contoso Ltd' })
  addAgreement(world, { id: 87, company })
  addProduct(world, { id: 512 })
  const organization = addCustomField(world, { id: 41, caption: 'Organization', screenId: 'CompanyOverview' })
  addCustomField(world, { id: 42, caption: 'Region', screenId: 'CompanyOverview' })
  addCustomField(world, { id: 43, caption: 'Contract', screenId: 'AgreementOverview' })
  addCustomField(world, { id: 44, caption: 'Line', screenId: 'AgreementAdditions' })
  addCustomField(world, { id: 45, caption: 'Since', screenId: 'CompanyOverview', fieldTypeIdentifier: 'Date' })
  company.customFields = [{ id: 42, value: 'North' }]
  const app = await startApp(openMemory, { world })
  const connectWise = await app.deps.connectWise(app.scope)
  return { ...app, connectWise, company, organization }
}

describe('custom fields', () => {
  it('are listed with their screens, and which of them take a text (M23)', async () => {
    const { connectWise, clock } = await given()
    const found = await clock.run(connectWise.listCustomFields())
    expect(found.map(({ caption, screen, takesText }) => [caption, screen, takesText])).toEqual([
      ['Organization', 'CompanyOverview', true],
      ['Region', 'CompanyOverview', true],
      ['Contract', 'AgreementOverview', true],
      ['Line', 'AgreementAdditions', true],
      ['Since', 'CompanyOverview', false],
    ])
  })

  it('are written with all the others as they were read (M23)', async () => {
    const { connectWise, clock, company } = await given()
    const held = await clock.run(connectWise.findHeldFields('company', 250, 41))
    expect(held).toMatchObject({ id: 250, holds: '' })
    const sent = connectWise.updateCustomField('company', 250, { fieldId: 41, value: 'A-17' }, held?.fields ?? [])
    expect(await clock.run(sent)).toMatchObject({ outcome: 'done', held: { holds: 'A-17' } })
    const values = company.customFields?.map(({ id, value }) => [id, value])
    expect(values).toEqual([
      [41, 'A-17'],
      [42, 'North'],
      [45, undefined],
    ])
    expect(await clock.run(connectWise.listHeldTexts('company', [250, 251], 41))).toEqual([{ id: 250, holds: 'A-17' }])
    expect(await clock.run(connectWise.listHeldTexts('company', [250], 44))).toEqual([{ id: 250, holds: null }])
  })

  it('go with additions, companies and agreements that are made (M23)', async () => {
    const { connectWise, clock, world } = await given()
    const line = { productId: 512, quantity: '1', effectiveOn: '2026-12-01', billCustomer: 'Billable' } as const
    const reference = { fieldId: 44, value: 'L-1' }
    await clock.run(connectWise.createAddition(87, { ...line, serialNumber: 'TU-1', reference }))
    expect(world.additions.of(87)[0]?.customFields).toEqual([{ id: 44, value: 'L-1' }])
    const company = { record: 'company', identifier: 'Fabrikam', name: 'Fabrikam', statusId: 1, typeId: 1 } as const
    await clock.run(
      connectWise.createCompany({ ...company, siteName: 'Main', reference: { fieldId: 41, value: 'A-18' } }),
    )
    expect(world.companies.rows().at(-1)?.customFields).toEqual([{ id: 41, value: 'A-18' }])
    const agreement = { record: 'agreement', name: 'New', typeId: 1, companyId: 250, startOn: '2026-11-01' } as const
    const contactId = world.contacts.rows()[0]?.id ?? 0
    await clock.run(
      connectWise.createAgreement({ ...agreement, contactId, reference: { fieldId: 43, value: 'Contoso' } }),
    )
    expect(world.agreements.rows().at(-1)?.customFields).toEqual([{ id: 43, value: 'Contoso' }])
  })

  it('of another screen, or too long, are refused in the words of ConnectWise', async () => {
    const { connectWise, clock } = await given()
    const send = (fieldId: number, value: string) =>
      clock.run(connectWise.updateCustomField('company', 250, { fieldId, value }, [{ id: fieldId }]))
    expect(await send(44, 'L-1')).toMatchObject({ outcome: 'refused', status: 400 })
    expect(await send(41, 'x'.repeat(101))).toMatchObject({ outcome: 'refused', status: 400 })
  })

  it('that a version does not echo are not said to hold anything', async () => {
    const { connectWise, clock, manage } = await given()
    manage.faults.add({ fault: withoutCustomFields() })
    expect(await clock.run(connectWise.listHeldTexts('company', [250], 41))).toEqual([{ id: 250 }])
    expect(await clock.run(connectWise.findHeldFields('company', 250, 41))).toEqual({ id: 250, fields: [] })
    const sent = connectWise.updateCustomField('company', 250, { fieldId: 41, value: 'A-17' }, [{ id: 41 }])
    expect(await clock.run(sent)).toMatchObject({ outcome: 'done', held: {} })
  })
})
