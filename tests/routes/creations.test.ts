import { expect, it } from 'vitest'
import { listCreations } from '#db/creations.ts'
import { tenants } from '#db/schema.ts'
import { addSnapshot } from '#db/snapshots.ts'
import { addAgreement, addCompany, addContact, addProduct } from '../sandbox/manage/build.ts'
import { signIn } from '../session/signed-in.ts'
import { eachStore, type Open, openMemory } from '../stores.ts'
import { givenGrid, hideFrom, undoOf } from './mapping-given.ts'
import { wordsOf } from './words.ts'

/** Contoso's sandbox and account B/2, which has nothing in ConnectWise yet. */
async function given(open: Open = openMemory) {
  const app = await givenGrid(open)
  const row = { source: 'src', account: 'B/2' }
  const form = async (record: string) => {
    const { status, html } = await app.get(`/creations/${record}?${new URLSearchParams(row)}`)
    return { status, html, fields: fieldsOf(html) }
  }
  /** Fills the form in as it comes, but for these fields, and sends it. */
  const create = async (record: string, changed: Record<string, string> = {}) => {
    const { fields } = await form(record)
    const response = await app.finance.ask('POST', `/creations/${record}`, { ...fields, ...changed })
    return { status: response.status, html: await response.text() }
  }
  /** Leaves one field of the form. */
  const leave = async (record: string, field: string, value: string) => {
    const { fields } = await form(record)
    const response = await app.finance.ask('POST', `/creations/${record}/checks`, { ...fields, [field]: value, field })
    return wordsOf(await response.text())
  }
  const wanted = async () => (await listCreations(app.scope)).map(({ id, draft }) => ({ id, ...draft }))
  return { ...app, form, create, leave, wanted }
}

/** A form's fields as a browser would send them. */
function fieldsOf(html: string): Record<string, string> {
  const inputs = [...html.matchAll(/<input [^>]*>/g)].map(([tag]) => [attribute(tag, 'name'), attribute(tag, 'value')])
  const selects = [...html.matchAll(/<select ([^>]*)>(.*?)<\/select>/gs)].map(([, tag = '', options = '']) => {
    const all = [...options.matchAll(/<option [^>]*>/g)].map(([option]) => option)
    const chosen = all.find((option) => / selected/.test(option)) ?? all[0] ?? ''
    return [attribute(tag, 'name'), attribute(chosen, 'value')]
  })
  return Object.fromEntries([...inputs, ...selects].filter(([name]) => name !== '' && name !== 'despite'))
}

const attribute = (tag: string, name: string): string =>
  new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll('&quot;', '"') ?? ''

const product = {
  identifier: 'BACKUP',
  description: 'Backup per user',
  subcategoryId: '1',
  typeId: '1',
  unitOfMeasureId: '2',
}

eachStore((open) => {
  it('a company, its contact, agreement and product are wanted from one row and made by one approved plan (M5, P17, P18, Q15)', async () => {
    const { create, stateOf, post, get, wanted, sync, world } = await given(open)
    const company = await create('company', { name: 'Blue Yonder', identifier: 'BlueYonder' })
    expect([company.status, wordsOf(company.html)]).toEqual([200, expect.stringContaining('to be made with the next')])
    const contact = { contactId: 'new', firstName: 'Ann', lastName: 'Lee', email: 'ann@blue.example' }
    await create('agreement', { typeId: '1', ...contact })
    await create('product', product)
    expect((await wanted()).map(({ record }) => record)).toEqual(['company', 'contact', 'agreement', 'product'])
    const state = await stateOf('B/2')
    expect(state.companyId).toBeLessThan(0)
    expect(state.mappings).toMatchObject([{ companyId: state.companyId, agreementId: state.agreementId }])
    expect(state.mappings[0]?.targetKey).toMatch(/^product:-/)
    await post('/mappings/include', 'B/2', { on: 'yes' })
    const { html } = await get('/mappings/accounts?search=B/2')
    expect(wordsOf(html).match(/to be made with the next approved plan/g)).toHaveLength(3)
    expect(html).not.toMatch(/recid=-|data-id="-/)
    const held = await sync()
    expect(held.state).toBe('held')
    expect(world.companies.rows().some(({ name }) => name === 'Blue Yonder')).toBe(false)
    await sync({ approveAs: 'ffin' })
    const made = world.companies.rows().find(({ identifier }) => identifier === 'BlueYonder')
    const agreement = world.agreements.rows().find((one) => one.company.id === made?.id)
    expect(agreement).toMatchObject({ name: 'Managed Services', startDate: '2026-11-01T00:00:00Z' })
    expect(world.contacts.get(agreement?.contact.id ?? 0)).toMatchObject({ firstName: 'Ann' })
    const line = [...world.additions.values()].find(({ agreementId }) => agreementId === agreement?.id)
    expect([line?.quantity, world.products.get(line?.product.id ?? 0)?.identifier]).toEqual([3, 'BACKUP'])
    expect(await stateOf('B/2')).toMatchObject({ companyId: made?.id, agreementId: agreement?.id })
    expect((await get('/mappings/accounts?search=B/2')).html).not.toContain('to be made')
  })
})

it('every field of a company is checked when it is left and before it is saved; what was typed stays (P18, Q15)', async () => {
  const { create, leave, wanted, stateOf } = await given()
  const wrong: [field: string, value: string, said: RegExp][] = [
    ['identifier', '', /missing/],
    ['identifier', 'Blue Yonder', /cannot contain spaces/],
    ['identifier', 'B'.repeat(31), /At most 30 characters; these are 31/],
    ['identifier', 'CONTOSO', /Another company has this id/],
    ['name', ' ', /missing/],
    ['name', 'Blue '.repeat(11), /At most 50 characters/],
    ['siteName', '', /missing/],
    ['zip', '1'.repeat(13), /At most 12 characters/],
    ['statusId', '', /Choose a status/],
    ['typeId', '', /Choose a type/],
  ]
  for (const [field, value, said] of wrong) {
    expect([field, value, await leave('company', field, value)]).toEqual([field, value, expect.stringMatching(said)])
    const { status, html } = await create('company', { [field]: value })
    expect([field, status, html]).toEqual([field, 422, expect.stringMatching(said)])
    expect(html).toContain('nothing was saved')
  }
  // ConnectWise's own ids: an inactive status, one that disallows saving, none at all.
  for (const [field, value, said] of [
    ['statusId', '2', 'is inactive'],
    ['statusId', '3', 'saves no company in status'],
    ['statusId', '99', 'has no status 99'],
    ['typeId', '99', 'has no type 99'],
  ] as const)
    expect((await create('company', { [field]: value })).html).toContain(said)
  expect(await leave('company', 'identifier', 'BlueYonder')).toBe('')
  expect(await wanted()).toEqual([])
  expect(await stateOf('B/2')).toMatchObject({ companyId: null })
  const kept = await create('company', { name: '<b>Blue</b> & "Yonder"', identifier: 'a b' })
  expect(kept.html).toContain('value="&lt;b&gt;Blue&lt;/b&gt; &amp; &quot;Yonder&quot;"')
})

it('a company like it is offered before another one is made, and used with one press (M5, G10)', async () => {
  const { create, stateOf, wanted, world, get } = await given()
  await get('/pickers/companies?search=')
  addCompany(world, { id: 251, identifier: 'BLUEY', name: 'Blue Yonder Inc.' })
  // It appeared in ConnectWise after our copy was made: its id is asked for there, its name is known from our copy.
  const taken = await create('company', { name: 'Blue Yonder', identifier: 'bluey' })
  expect([taken.status, wordsOf(taken.html)]).toEqual([422, expect.stringContaining('Blue Yonder Inc. BLUEY · id 251')])
  const alike = await create('company', { name: 'Blue Yonder', identifier: 'BlueYonder' })
  expect([alike.status, wordsOf(alike.html)]).toEqual([422, expect.stringContaining('the same name')])
  expect(alike.html).toContain('None of them is meant')
  expect((await create('company', { use: '251' })).status).toBe(200)
  expect(await stateOf('B/2')).toMatchObject({ companyId: 251 })
  expect(await wanted()).toEqual([])
  expect((await create('company', { name: 'Blue Yonder', identifier: 'BlueYonder', despite: 'on' })).status).toBe(200)
  expect(await wanted()).toMatchObject([{ record: 'company', identifier: 'BlueYonder' }])
})

it('a namesake the member may not read in ConnectWise is not told, only that the id is taken', async () => {
  const app = await given()
  addCompany(app.world, { id: 251, identifier: 'SECRET', name: 'Secret Holding' })
  hideFrom(app, 'ffin', 'company', [251])
  const { status, html } = await app.create('company', { name: 'Secret Holding', identifier: 'secret' })
  expect([status, html]).toEqual([422, expect.stringContaining('Another company has this id')])
  expect(html).not.toContain('SECRET')
  expect((await app.create('company', { use: '251' })).status).toBe(403)
})

it('undo withdraws what nobody else names, and undoing that wants it again', async () => {
  const { create, post, stateOf, wanted } = await given()
  await create('company', { name: 'Blue Yonder', identifier: 'BlueYonder' })
  const contact = { contactId: 'new', firstName: 'Ann' }
  const { html } = await create('agreement', { typeId: '1', ...contact })
  const undone = await post('/mappings/undo', 'B/2', { seq: undoOf(html) })
  expect((await wanted()).map(({ record }) => record)).toEqual(['company'])
  await post('/mappings/undo', 'B/2', { seq: undoOf(undone.html) })
  expect((await wanted()).map(({ record }) => record)).toEqual(['company', 'contact', 'agreement'])
  const { companyId, agreementId } = await stateOf('B/2')
  const agreement = (await wanted()).find(({ id }) => id === agreementId)
  expect(agreement).toMatchObject({ companyId, typeId: 1 })
  await post('/mappings/company', 'A-17', { company: String(companyId) })
  await post('/mappings/removal', 'B/2', {})
  expect((await wanted()).map(({ record }) => record)).toEqual(['company'])
  await post('/mappings/removal', 'A-17', {})
  expect(await wanted()).toEqual([])
})

it('what is wanted is offered to other accounts, and two tabs want it once', async () => {
  const { create, get, post, finance, form, stateOf, wanted } = await given()
  const { fields } = await form('company')
  const filled = { ...fields, name: 'Blue Yonder', identifier: 'BlueYonder' }
  const first = await finance.ask('POST', '/creations/company', filled)
  const second = await finance.ask('POST', '/creations/company', { ...filled, identifier: 'Blue2', despite: 'on' })
  expect([first.status, second.status]).toEqual([200, 409])
  expect(await second.text()).toContain('Somebody changed this row')
  expect(await wanted()).toMatchObject([{ identifier: 'BlueYonder' }])
  const { companyId } = await stateOf('B/2')
  expect((await get('/pickers/companies?search=blue')).html).toContain(`data-id="${companyId}"`)
  await post('/mappings/company', 'A-17', { company: String(companyId) })
  expect(await stateOf('A-17')).toMatchObject({ companyId, mappings: [] })
  const again = await create('company', { name: 'Blue Yonder', identifier: 'blueyonder' })
  expect([again.status, wordsOf(again.html)]).toEqual([422, expect.stringContaining('to be made already')])
  expect((await get('/pickers/agreements?company=-77')).status).toBe(200)
  expect((await post('/mappings/company', 'A-17', { company: '-77' })).status).toBe(422)
})

it('an agreement names a contact of its company, starts with the period, and its type says how it bills (M5, P17, P18, S10)', async () => {
  const app = await given()
  const { world, post, form, create, leave, stateOf, wanted } = app
  const company = addCompany(world, { id: 260, identifier: 'Fabrikam', name: 'Fabrikam' })
  await post('/mappings/company', 'B/2', { company: '260' })
  const usual = company.defaultContact?.id ?? 0
  expect((await form('agreement')).fields).toMatchObject({
    contactId: String(usual),
    startOn: '2026-11-01',
    typeId: '',
  })
  Object.assign(world.contacts.get(usual) ?? {}, { defaultFlag: false, defaultBillingFlag: false })
  expect((await form('agreement')).fields).toMatchObject({ contactId: '' })
  const contact = addContact(world, { company, firstName: 'Bo', defaultBillingFlag: true })
  expect((await form('agreement')).fields).toMatchObject({ contactId: String(contact.id) })
  for (const [changed, said] of [
    [{ typeId: '' }, 'Choose an active agreement type'],
    [{ typeId: '3' }, 'has no active agreement type 3'],
    [{ typeId: '1', startOn: '2026-13-01' }, 'the first day'],
    [{ typeId: '1', startOn: '' }, 'the first day'],
    [{ typeId: '1', name: 'N'.repeat(101) }, 'At most 100'],
    [{ typeId: '1', contactId: '' }, 'Choose a contact'],
    [{ typeId: '1', contactId: '9999' }, 'no such contact'],
    [{ typeId: '1', contactId: 'new' }, 'first name is missing'],
    [{ typeId: '1', contactId: 'new', firstName: 'Ann', email: 'ann at blue' }, 'not an e-mail address'],
  ] as const) {
    const { status, html } = await create('agreement', changed)
    expect([changed, status, html]).toEqual([changed, 422, expect.stringContaining(said)])
  }
  expect(await leave('agreement', 'typeId', '1')).toMatch(/Bill Products: .* Billing cycle: /)
  expect((await create('agreement', { typeId: '1', name: '' })).status).toBe(200)
  expect(await wanted()).toMatchObject([{ record: 'agreement', name: 'Managed Services', contactId: contact.id }])
  expect(await stateOf('B/2')).toMatchObject({ companyId: 260 })
})

it('an agreement of the same type is offered before another one is made', async () => {
  const { world, post, create, stateOf } = await given()
  const company = addCompany(world, { id: 260, identifier: 'Fabrikam', name: 'Fabrikam' })
  addAgreement(world, { id: 91, company, name: 'Everything', startDate: '2026-01-01T00:00:00Z' }, '2026-11-17')
  await post('/mappings/company', 'B/2', { company: '260' })
  const { status, html } = await create('agreement', { typeId: '1' })
  expect([status, wordsOf(html)]).toEqual([422, expect.stringContaining('of the same type')])
  await create('agreement', { use: '91' })
  expect(await stateOf('B/2')).toMatchObject({ agreementId: 91 })
})

it('a product is checked field by field; one of the same id or cross-reference is offered first (M5, S4, Q6, M24)', async () => {
  const { world, create, leave, post, stateOf } = await given()
  addProduct(world, { id: 600, identifier: 'BACKUP' })
  await post('/mappings/company', 'B/2', { company: '250' })
  await post('/mappings/agreement', 'B/2', { agreement: '87' })
  for (const [changed, said] of [
    [{ identifier: '' }, 'missing'],
    [{ identifier: 'I'.repeat(76) }, 'At most 75'],
    [{ identifier: 'backup' }, 'Another product has this id'],
    [{ description: '' }, 'missing'],
    [{ description: 'D'.repeat(61) }, 'At most 60'],
    [{ subcategoryId: '' }, 'Choose a subcategory'],
    [{ subcategoryId: '999' }, 'no subcategory 999'],
    [{ typeId: '99' }, 'no product type 99'],
    [{ unitOfMeasureId: '' }, 'Choose a unit'],
    [{ cost: '1,50' }, 'An amount like 12.50'],
    [{ price: '-1' }, 'An amount like 12.50'],
    [{ crossReference: 'C'.repeat(51) }, 'At most 50'],
  ] as const) {
    const { status, html } = await create('product', { ...product, identifier: 'ARCHIVE', ...changed })
    expect([changed, status, wordsOf(html)]).toEqual([changed, 422, expect.stringContaining(said)])
  }
  expect(await leave('product', 'identifier', 'BACKUP')).toContain('Another product has this id')
  expect((await create('product', { use: '600' })).status).toBe(200)
  expect((await stateOf('B/2')).mappings).toMatchObject([{ productId: 600 }])
})

it('settings say what may be made: without them there is no button and no form', async () => {
  const { deps, scope, get, finance } = await given()
  const seen = await get('/mappings/row?source=src&account=B/2&edit=yes')
  expect(seen.html).toContain('Create company')
  await deps.db.update(tenants).set({ creation: { companies: 'off', agreements: 'off', products: 'off' } })
  expect((await get('/mappings/row?source=src&account=B/2&edit=yes')).html).not.toContain('Create company')
  for (const record of ['company', 'agreement', 'product']) {
    expect((await get(`/creations/${record}?source=src&account=B/2`)).status).toBe(403)
    const sent = { source: 'src', account: 'B/2', version: '', name: 'Blue', identifier: 'Blue' }
    expect((await finance.ask('POST', `/creations/${record}`, sent)).status).toBe(403)
  }
  expect(await listCreations(scope)).toEqual([])
})

it('a technician sees nothing of what is to be made', async () => {
  const app = await given()
  await app.create('company', { name: 'Blue Yonder', identifier: 'BlueYonder' })
  const technician = await signIn(app, { member: 'ttech', role: 'technician' })
  const { html } = await app.get('/mappings', technician)
  expect(html).not.toContain('Blue Yonder')
})

it('configuration says what may be made and what new records start with; forms start with it (S4, Q6, S20)', async () => {
  const app = await given()
  const admin = await signIn(app, { member: 'jsmith', role: 'admin' })
  const text = async (method: string, path: string, form?: Record<string, string>) =>
    (await admin.ask(method, path, form)).text()
  const page = await text('GET', '/settings/configuration')
  const { fields } = { fields: fieldsOf(page) }
  expect(fields).toMatchObject({ companies: 'ask', agreements: 'ask', products: 'ask' })
  const choices = await text('GET', '/settings/new-records')
  expect(choices).not.toMatch(/Not-Approved|Inactive/)
  const subcategory = fieldsOf(choices.replace(/<option [^>]*value=""[^>]*>/g, '')).productSubcategory ?? ''
  expect(subcategory).toMatch(/^\d+\/\d+$/)
  const chosen = { companyTypeId: '2', productSubcategory: subcategory, productTypeId: '1', productUnitId: '3' }
  const saved = await text('POST', '/settings/configuration', { ...fields, agreements: 'automatic', ...chosen })
  expect(saved).toContain('Configuration saved.')
  const creation = async () => (await app.deps.db.select().from(tenants))[0]?.creation
  const [category, sub] = subcategory.split('/').map(Number)
  expect(await creation()).toEqual({
    ...{ companies: 'ask', agreements: 'automatic', products: 'ask', companyTypeId: 2 },
    ...{ productCategoryId: category, productSubcategoryId: sub, productTypeId: 1, productUnitId: 3 },
  })
  expect((await app.form('company')).fields).toMatchObject({ typeId: '2' })
  const wrong = await admin.ask('POST', '/settings/configuration', { ...fields, companies: 'automatic' })
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('never, or after approval')])
  await text('POST', '/settings/configuration', { ...fields, productSubcategory: '', companyTypeId: '' })
  expect(await creation()).toEqual({
    ...{ companies: 'ask', agreements: 'ask', products: 'ask', productTypeId: 1, productUnitId: 3 },
  })
})

it('a product is created for a SKU, and for a whole source by an administrator; taking it away withdraws it (S4, S9, M24)', async () => {
  const app = await given()
  const { finance, get, wanted } = app
  const usage = { kind: 'usage' as const, period: '2026-11', takenAt: app.clock.now(), complete: true }
  const readings = [{ kind: 'sku' as const, name: 'M365-BP', title: 'Business Premium', quantity: '4' }]
  const said = { ...usage, accounts: [{ id: 'B/2', name: 'Account B/2', readings }] }
  const receipt = { id: 'usage', sourceId: 'src', receivedAt: app.clock.now(), bodyHash: 'h', idempotencyKey: null }
  await addSnapshot(app.scope, said, receipt)
  expect((await get('/mappings/products')).html).toContain('Create product')
  const form = await get('/creations/product?source=src&sku=M365-BP&term=')
  expect(fieldsOf(form.html)).toMatchObject({
    ...{ identifier: 'M365-BP', description: 'Business Premium', crossReference: 'M365-BP' },
  })
  const filled = { ...fieldsOf(form.html), subcategoryId: '1', typeId: '1', unitOfMeasureId: '2' }
  const saved = await (await finance.ask('POST', '/creations/product', filled)).text()
  expect(wordsOf(saved)).toContain('M365-BP is made with the next approved plan.')
  expect(await wanted()).toMatchObject([{ record: 'product', identifier: 'M365-BP', crossReference: 'M365-BP' }])
  const taken = { source: 'src', sku: 'M365-BP', term: '', seen: String((await wanted())[0]?.id), product: '' }
  expect((await finance.ask('POST', '/mappings/products', taken)).status).toBe(200)
  expect(await wanted()).toEqual([])

  expect((await get('/creations/product?source=src')).status).toBe(403)
  const admin = await signIn(app, { member: 'jsmith', role: 'admin' })
  const whole = fieldsOf(await (await admin.ask('GET', '/creations/product?source=src')).text())
  expect(whole).toMatchObject({ description: 'Platform' })
  const made = await admin.ask('POST', '/creations/product', { ...whole, ...product })
  expect([made.status, wordsOf(await made.text())]).toEqual([200, expect.stringContaining('to be made with the next')])
  expect(await wanted()).toMatchObject([{ identifier: 'BACKUP' }])
  expect((await get('/pickers/additions?agreement=87&source=src')).html).toContain('By product BACKUP')
  await admin.ask('POST', '/settings/sources/src/product', { productId: '' })
  expect(await wanted()).toEqual([])
})

it('the pod of a company shows an agreement that is still to be made, without a link to it or a price to technicians', async () => {
  const app = await given()
  const { post, create, get } = app
  await post('/mappings/company', 'B/2', { company: '250' })
  for (const [record, fields] of [
    ['agreement', { typeId: '2', name: 'Awareness' }],
    ['product', product],
  ] as const) {
    const { status, html } = await create(record, fields)
    expect([status, wordsOf(html)]).toEqual([200, expect.stringContaining('is made with the next approved plan')])
  }
  await post('/mappings/include', 'B/2', { on: 'yes' })
  await app.sync()
  const { html } = await get('/companies/250')
  expect(wordsOf(html)).toContain('Awareness')
  expect(wordsOf(html)).toContain('to be made with the next approved plan')
  expect(html).not.toMatch(/recid=-|data-id="-|\/agreements\/-/)
  const plans = await get('/plans')
  const plan = /\/plans\/(\w{26})/.exec(plans.html)?.[1] ?? ''
  const shown = await get(`/plans/${plan}`)
  expect(wordsOf(shown.html)).toMatch(/New product BACKUP.*New agreement Awareness from 2026-11-01 ! Held/s)
  expect(shown.html).not.toMatch(/recid=-|data-id="-/)
  expect(
    app.manage.requests.map(({ path }) => path).filter((path) => /[/=( ]-\d/.test(decodeURIComponent(path))),
  ).toEqual([])
  const technician = await signIn(app, { member: 'ttech', role: 'technician' })
  for (const path of ['/companies/250', `/plans/${plan}`, '/mappings', '/logs', '/dashboard'])
    expect([path, (await get(path, technician)).html.match(/.{0,80}Awareness.{0,20}/)?.[0]]).toEqual([path, undefined])
})
