import { describe, expect, it } from 'vitest'
import { basic, givenAddition, givenManage, linksOf, site } from './caller.ts'
import { defaultKeys } from './manage/manage.ts'
import { addAddition, addCompany, addContact, addMember, setLevel } from './manage/world.ts'

describe('who is let in', () => {
  it('tells the codebase of its company to anyone, and null for another', async () => {
    const { manage } = givenManage()
    const ours = await manage.fetch(`${site}/login/companyinfo/acme`)
    expect(await ours.json()).toMatchObject({ Codebase: 'v4_6_release/', CompanyID: 'acme', IsCloud: 'True' })
    expect(await (await manage.fetch(`${site}/login/companyinfo/other`)).json()).toBeNull()
  })

  it.each([
    ['a wrong private key', { authorization: basic('pub', 'wrong') }],
    ['a wrong company', { authorization: basic('pub', 'priv', 'other') }],
    ['no authorization', { authorization: '' }],
    ['another clientId', { clientId: 'b2f1' }],
    ['cookies without a context', { authorization: '', cookie: 'companyName=acme; memberId=max; memberHash=h1' }],
    ['a wrong hash', { authorization: basic('max', 'h2') }],
  ])('refuses %s with 401', async (_, headers) => {
    const { world, call } = givenManage()
    addMember(world, { identifier: 'max', hash: 'h1', context: 'web' })
    const answer = await call('GET', '/system/info', undefined, headers)
    expect([answer.status, answer.body.code]).toEqual([401, 'Unauthorized'])
  })

  it.each([
    ['cookies', { authorization: '', cookie: 'companyName=acme; memberId=MAX; memberHash=h1; memberContext=web' }],
    ['Basic', { authorization: basic('max', 'h1') }],
  ])('knows a logged-in member by %s', async (_, headers) => {
    const { world, call } = givenManage()
    addMember(world, { identifier: 'max', hash: 'h1', context: 'web' })
    const { body } = await call('GET', '/system/myMembers/info', undefined, headers)
    expect(body).toMatchObject({ identifier: 'max', fullName: 'Max Moss', licenseClass: 'F' })
    expect(body).not.toHaveProperty('securityRole')
  })

  it('acts under the rights of the member who asks', async () => {
    const { world, call, path } = givenAddition()
    addMember(world, { identifier: 'max', hash: 'h1' })
    setLevel(world, 'max', 'Finance > Agreements', 'edit', 'None')
    const change = [{ op: 'replace', path: 'quantity', value: 1 }]
    const asMax = { authorization: basic('max', 'h1') }
    expect((await call('PATCH', `${path}/301`, change, asMax)).status).toBe(403)
    expect((await call('GET', `${path}/301`, undefined, asMax)).status).toBe(200)
    expect((await call('PATCH', `${path}/301`, change)).body._info.updatedBy).toBe('TrueUp')
  })

  it('silently narrows a list at the level My, and refuses one record of another', async () => {
    const { world, call, path } = givenAddition()
    setLevel(world, 'TrueUp', 'Finance > Agreements', 'inquire', 'My')
    expect((await call('GET', path)).body).toEqual([])
    expect((await call('GET', `${path}/301`)).status).toBe(403)
  })

  it('carries a request id, its clock and its version', async () => {
    const { call } = givenManage()
    const { headers, body } = await call('GET', '/system/info')
    expect(headers.get('x-cw-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers.get('date')).toBe('Sat, 21 Nov 2026 10:00:00 GMT')
    expect(headers.get('api-current-version')).toBe('2025.8')
    expect(body).toMatchObject({ serverTimeZone: 'UTC', isCloud: true })
  })

  it('answers HTML outside the API and JSON inside it for what does not exist', async () => {
    const { manage, call } = givenManage()
    const outside = await manage.fetch(`${site}/apis/3.0/system/info`)
    expect([outside.status, outside.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8'])
    expect((await call('GET', '/nothing')).body).toMatchObject({ message: 'The endpoint does not exist.' })
    expect((await call('GET', '/finance/agreements/999')).status).toBe(404)
    expect((await call('DELETE', '/finance/billingCycles/1')).status).toBe(405)
  })
})

describe('other records', () => {
  it('refuses any change of a company whose stored record is bad', async () => {
    const { world, call, company } = givenAddition()
    Object.assign(company, { yearEstablished: 5 })
    const change = [{ op: 'replace', path: 'name', value: 'New' }]
    const answer = await call('PATCH', '/company/companies/250', change)
    expect(answer.body.errors).toEqual([expect.objectContaining({ code: 'OutOfRange', field: 'yearEstablished' })])
    expect(world.companies.get(250)?.name).toBe('Fabrikam & Sons')
  })

  it('needs a contact of the same company for an agreement', async () => {
    const { world, call, company } = givenAddition()
    const contact = addContact(world, { company })
    const body = { name: 'New', type: { id: 1 }, company: { id: 250 } }
    expect((await call('POST', '/finance/agreements', body)).body.errors[0].field).toBe('contact')
    const foreign = addContact(world, { company: addCompany(world) })
    expect((await call('POST', '/finance/agreements', { ...body, contact: { id: foreign.id } })).status).toBe(400)
    const made = await call('POST', '/finance/agreements', { ...body, contact: { id: contact.id } })
    expect(made.body).toMatchObject({ agreementStatus: 'Active', nextInvoiceDate: '2026-11-21' })
  })

  it('takes a CSV as multipart only, and lists it by the record it hangs on', async () => {
    const { manage, call } = givenAddition()
    expect((await call('POST', '/system/documents', {})).status).toBe(415)
    const form = new FormData()
    form.set('file', new File(['name\n'], 'users.csv'))
    form.set('recordType', 'Agreement')
    form.set('recordId', '87')
    const headers = { authorization: basic('pub', 'priv'), clientId: defaultKeys.clientId }
    const url = `${site}/v4_6_release/apis/3.0/system/documents`
    expect((await manage.fetch(url, { method: 'POST', headers, body: form })).status).toBe(201)
    const listed = await call('GET', '/system/documents?recordType=Agreement&recordId=87')
    expect(listed.body).toEqual([expect.objectContaining({ fileName: 'users.csv', size: 5 })])
    expect((await call('GET', '/system/documents/1/download')).body).toBe('name\n')
  })

  it('registers hosted tabs and callbacks', async () => {
    const { call } = givenManage()
    const screens = await call('GET', '/system/connectWiseHostedScreens')
    const screen = screens.body.find(({ name }: { name: string }) => /agreement/i.test(name))
    const setup = { screenId: screen.id, description: 'TrueUp', url: 'https://t.example', type: 'Tab' }
    expect((await call('POST', '/system/connectwisehostedsetups', setup)).status).toBe(201)
    expect((await call('POST', '/system/connectwisehostedsetups', { ...setup, screenId: 99 })).status).toBe(400)
    const callback = { url: 'https://t.example', objectId: 1, type: 'agreement', level: 'owner' }
    expect((await call('POST', '/system/callbacks', callback)).status).toBe(201)
    expect((await call('GET', '/system/callbacks/count')).body).toEqual({ count: 1 })
  })

  it.each([
    ['/company/companies/statuses', 3],
    ['/company/companies/types', 3],
    ['/company/companies/250/sites', 1],
    ['/company/contacts', 1],
    ['/finance/agreements/types', 3],
    ['/finance/currencies', 3],
    ['/finance/billingCycles', 8],
    ['/procurement/catalog', 1],
    ['/system/members', 2],
    ['/system/info/members', 2],
  ])('lists %s', async (path, count) => {
    const { call } = givenAddition()
    expect((await call('GET', path)).body).toHaveLength(count)
    expect((await call('GET', `${path}/count`)).body).toEqual({ count })
  })
})

describe('the report of all additions', () => {
  it('answers rows by position in the columns asked for', async () => {
    const { call } = givenAddition()
    const columns = 'AGR_RecID,Addition_RecId,Total_Quantity,Product_RecId,Cancelled_Date,Updated_By'
    const { body } = await call('GET', `/system/reports/AgreementAdditions?columns=${columns}`)
    expect(body.column_definitions.map((one: object) => Object.keys(one)[0]).join()).toBe(columns)
    expect(body.row_values).toEqual([[87, 301, 9, 501, null, 'jsmith']])
  })

  it('takes conditions in single quotes and pages', async () => {
    const { world, call, agreement, product } = givenAddition()
    for (let n = 0; n < 4; n++) addAddition(world, { agreement, product, billCustomer: 'NoCharge' })
    const report = '/system/reports/AgreementAdditions'
    const condition = `conditions=${encodeURIComponent("Bill_Customer = 'NoCharge'")}`
    expect((await call('GET', `${report}/count?${condition}`)).body).toEqual({ count: 4 })
    const page = await call('GET', `${report}?${condition}&pageSize=3&page=2&columns=Addition_RecId`)
    expect(page.body.row_values).toEqual([[305]])
    expect(Object.keys(linksOf(page))).toEqual(['first', 'prev', 'last'])
  })

  it('can be switched off', async () => {
    const { world, call } = givenManage()
    expect((await call('GET', '/system/reports')).body).toContainEqual({ name: 'AgreementAdditions' })
    world.reports = false
    expect((await call('GET', '/system/reports')).status).toBe(404)
    expect((await call('GET', '/system/reports/AgreementAdditions')).status).toBe(404)
  })
})
