import { expect, it } from 'vitest'
import { wantRecord } from '#sync/records/creations.ts'
import { addStaff } from '../sandbox/manage/world.ts'
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
