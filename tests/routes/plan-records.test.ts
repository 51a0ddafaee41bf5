import { expect, it } from 'vitest'
import { plainCreation } from '#billing/creation.ts'
import { plainData } from '#billing/data.ts'
import { saveChoice } from '#db/accounts.ts'
import { save } from '#db/db.ts'
import { listLogs } from '#db/logs.ts'
import { addSnapshot } from '#db/snapshots.ts'
import { saveSource } from '#db/sources.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import { wantRecord } from '#sync/records/creations.ts'
import { addAgreement, addCompany } from '../sandbox/manage/build.ts'
import { status } from '../sandbox/manage/faults/fault-kinds.ts'
import { addStaff, emptyWorld } from '../sandbox/manage/world.ts'
import { signIn } from '../session/signed-in.ts'
import { startApp } from '../start.ts'
import { openMemory } from '../stores.ts'

it('a plan shows each record it makes with every field; who may not see them is told nothing of them (M5, S4, V1)', async () => {
  const app = await startApp(openMemory)
  addStaff(app.world)
  const want = (draft: Parameters<typeof wantRecord>[3]) => wantRecord(app.deps, app.scope, 'ann', draft)
  const names = { statusId: 'Active', typeId: 'Customer' }
  const company = await want({
    ...{ record: 'company', identifier: 'NORTHWIND', name: 'Northwind Traders', statusId: 1, typeId: 1 },
    ...{ siteName: 'Main', names },
  })
  await want({ record: 'contact', companyId: company.id, firstName: 'Ann', email: 'ann@northwind.example' })
  const agreement = await want({
    ...{ record: 'agreement', name: 'Managed Services', typeId: 1, companyId: company.id, startOn: '2026-11-01' },
  })
  const product = await want({
    ...{ record: 'product', identifier: 'M365-BP', description: 'Microsoft 365', categoryId: 1, subcategoryId: 1 },
    ...{ typeId: 1, unitOfMeasureId: 2, price: '22.75' },
  })
  await app.map({ account: 'A-17', companyId: company.id, agreementId: agreement.id, productId: product.id })
  await app.say({ 'A-17': 4 })
  const { plan } = await app.sync()
  const shown = async (member: string, role: 'finance' | 'technician') => {
    const who = await signIn(app, { member, role })
    return (await (await who.ask('GET', `/plans/${plan}`)).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
  }
  const finance = await shown('ffin', 'finance')
  for (const words of [
    'New company NORTHWIND (Northwind Traders)',
    'New contact Ann',
    'New agreement Managed Services from 2026-11-01',
    'New product M365-BP (Microsoft 365)',
    'Customer (1)',
    'ann@northwind.example',
    '22.75',
    'makes company NORTHWIND',
  ])
    expect(finance).toContain(words)
  const technician = await shown('ttech', 'technician')
  for (const words of ['NORTHWIND', 'Northwind', 'Ann', 'A-17', '22.75']) expect(technician).not.toContain(words)
  await app.close()
})

const creation = {
  ...plainCreation,
  ...{ productCategoryId: 1, productSubcategoryId: 1, productTypeId: 1, productUnitId: 2 },
}

it('a dry run names the product that a SKU would become, and the log of a run names no record by a number it has not yet', async () => {
  const world = emptyWorld()
  addAgreement(world, { id: 87, company: addCompany(world, { id: 250 }) }, '2026-11-17')
  const app = await startApp(openMemory, { world })
  addStaff(app.world)
  const { deps, scope } = app
  const reading = { kind: 'sku' as const, name: 'M365-BP', title: 'Business Premium', quantity: '4' }
  const accounts = [{ id: 'A-17', name: 'Contoso', readings: [reading] }]
  const said = { kind: 'usage' as const, period: '2026-11', takenAt: deps.now(), complete: true, accounts }
  const meta = { id: deps.id(), sourceId: 'src', receivedAt: deps.now(), bodyHash: '', idempotencyKey: null }
  await addSnapshot(scope, said, meta)
  const placed = { companyId: 250, agreementId: 87, include: true, change: 'c1', updatedAt: 1, updatedBy: 'ann' }
  await save(deps.db, [
    saveChoice(scope, { sourceId: 'src', account: 'A-17' }, null, placed),
    saveSource(scope, 'src', { data: { ...plainData, products: true } }),
    saveTenantSettings(scope, { creation }),
  ])
  const finance = await signIn(app, { member: 'ffin', role: 'finance' })
  const dry = await (await finance.ask('POST', '/dry-runs', {})).text()
  expect(dry).toContain('New product M365-BP')
  expect(dry).toContain('New addition of Business Premium')
  app.manage.faults.add({
    match: { method: 'POST', path: /catalog$/ },
    fault: status(400, { body: { code: 'x', message: 'no' } }),
  })
  await app.sync({ approveAs: 'ann' })
  const logs = await listLogs(scope, { since: 0, readable: 'all' }, { size: 50, number: 1 })
  expect(logs.map(({ text }) => text).join()).toContain('product')
  for (const text of [dry, ...logs.map((log) => log.text)]) expect(text).not.toMatch(/(product|agreement|company) -\d/i)
  await app.close()
})
