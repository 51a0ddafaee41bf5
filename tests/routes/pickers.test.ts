import { expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { saveSource } from '#db/sources.ts'
import { givenContoso } from '../given.ts'
import { addAddition, addAgreement, addCompany, addProduct } from '../sandbox/manage/build.ts'
import { signIn } from '../session/signed-in.ts'
import { eachStore, type Open, openMemory } from '../stores.ts'

const given = async (open: Open) => {
  const app = await givenContoso(open, 10)
  const { world } = app
  const finance = await signIn(app, { member: 'ffin', role: 'finance' })
  const search = async (path: string) => {
    const response = await finance.ask('GET', path)
    const html = await response.text()
    const options = [
      ...html.matchAll(/aria-disabled="(true|false)" data-id="([^"]*)" data-text="([^"]*)">(.*?)<\/div>/g),
    ]
    return {
      status: response.status,
      html,
      ids: options.filter(([, off]) => off === 'false').map(([, , id]) => id),
      refused: Object.fromEntries(options.filter(([, off]) => off === 'true').map(([, , id, , text]) => [id, text])),
    }
  }
  return { app, world, search }
}

eachStore((open) => {
  it('companies are offered when they are active and not hidden, and explained when they are not (M1, M11, V20)', async () => {
    const { world, search } = await given(open)
    addCompany(world, { id: 251, identifier: 'CONTOSO2', name: 'Contoso Ltd' })
    addCompany(world, { id: 252, identifier: 'Gone', name: 'Contoso Gone', deletedFlag: true })
    addCompany(world, { id: 253, identifier: 'Old', name: 'Contoso Old', status: { id: 2 } })
    const found = await search('/pickers/companies?search=contoso')
    expect(found.ids).toEqual(['250', '251'])
    expect(found.html).toContain('same name twice')
    expect(found.refused[252]).toContain('deleted')
    expect(found.refused[253]).toContain('inactive')
    expect((await search('/pickers/companies?search=CONTOSO2')).ids).toEqual(['251'])
    expect((await search('/pickers/companies?search=250')).ids).toEqual(['250'])
    expect((await search('/pickers/companies?search=%25')).ids).toEqual([])
  })

  it('M31: the additions of the source’s product come first, the others with a warning', async () => {
    const { app, world, search } = await given(open)
    const product = addProduct(world, { id: 600, identifier: 'BACKUP' })
    addAddition(world, { id: 302, agreement: app.agreement, product })
    await save(app.deps.db, [saveSource(app.scope, 'src', { productId: 600 })])
    const { ids, html } = await search('/pickers/additions?agreement=87&source=src')
    expect(ids.slice(0, 2)).toEqual(['addition:302', 'addition:301'])
    expect(html.indexOf('other product: not the one of this source')).toBeGreaterThan(html.indexOf('addition:301'))
  })

  it('agreements are those of the company, additions those of the agreement that go on (M2, M3)', async () => {
    const { app, world, search } = await given(open)
    const other = addCompany(world, { id: 251, name: 'Fabrikam' })
    addAgreement(world, { id: 88, company: other, name: 'Other' })
    addAgreement(world, { id: 89, company: 250, name: 'Ended', endDate: '2026-01-31T00:00:00Z' })
    const found = await search('/pickers/agreements?company=250')
    expect(found.ids).toEqual(['87'])
    expect(found.refused[89]).toMatch(/not offered: agreement 89/)
    const product = addProduct(world, { id: 600, identifier: 'BACKUP' })
    addAddition(world, { id: 302, agreement: app.agreement, product })
    addAddition(world, { id: 303, agreement: app.agreement, product, cancelledDate: '2026-10-31' })
    const additions = await search('/pickers/additions?agreement=87&source=src')
    expect(additions.ids).toEqual(['addition:301', 'addition:302'])
    expect((await search('/pickers/additions?agreement=87&search=backup')).ids).toEqual(['addition:302', 'product:600'])
  })
})

it('products show id, description, class and state; what no addition can hold is listed with the reason (M13, M30)', async () => {
  const { world, search } = await given(openMemory)
  addProduct(world, { id: 600, identifier: 'BACKUP', description: 'Backup per user' })
  addProduct(world, { id: 601, identifier: 'BACKUP-OLD', inactiveFlag: true })
  addProduct(world, { id: 602, identifier: 'BACKUP-ALL', productClass: 'Bundle' })
  const found = await search('/pickers/products?search=backup')
  expect(found.ids).toEqual(['600'])
  expect(found.html).toMatch(/BACKUP.*Backup per user · \w+ · id 600/)
  expect(found.refused[601]).toContain('inactive')
  expect(found.refused[602]).toContain('bundle')
  expect((await search('/pickers/products?search=archive')).html).toContain('must exist in the ConnectWise catalogue')
})

it('where no agreement can be chosen, the picker says what to check and that one can be created (M28)', async () => {
  const { world, search } = await given(openMemory)
  addCompany(world, { id: 251, name: 'Fabrikam' })
  const { html } = await search('/pickers/agreements?company=251')
  expect(html).toContain('Create it below')
  expect(html).toContain('its agreement type exists, then test the connection again')
})
