import { afterEach, expect, it } from 'vitest'
import { givenContoso } from '../given.ts'
import { setLevel } from '../sandbox/manage/rights.ts'
import { signIn } from '../session/signed-in.ts'
import type { App } from '../start.ts'
import { eachStore } from '../stores.ts'

eachStore((open) => {
  let app: App | undefined
  afterEach(() => app?.close())

  it('the dashboard says what stands, what waits with its money and what nobody has said, by role (X11–X13, V13)', async () => {
    const made = await givenContoso(open, 20)
    app = made
    const admin = await signIn(made, { member: 'jsmith', role: 'admin' })
    const never = await (await admin.ask('GET', '/dashboard')).text()
    for (const said of ['Never run', 'nothing sent yet', 'It has not sent anything yet.', 'Sync now', 'Connected'])
      expect(never).toContain(said)

    await made.say({ 'A-17': 10, 'A-18': 1 })
    await made.sync()
    const finance = await signIn(made, { member: 'ffin', role: 'finance' })
    const html = await (await finance.ask('GET', '/dashboard')).text()
    expect(html).toMatch(/1 held/)
    expect(html).toMatch(/Account A-17, addition 301/)
    expect(html).toContain('-100.00 USD')
    expect(html).toMatch(/1 unmapped/)
    expect(html).not.toContain('/settings/')

    const technician = await signIn(made, { member: 'ttech', role: 'technician' })
    const plain = await (await technician.ask('GET', '/dashboard')).text()
    expect(plain).toContain('Account A-17, addition 301')
    for (const hidden of ['-100.00', 'Sync now', 'Sync everything']) expect(plain).not.toContain(hidden)
  })

  it('the logs are filtered, paged and never of a company the member may not read (X14, X15)', async () => {
    const made = await givenContoso(open, 10)
    app = made
    await made.say({ 'A-17': 12 })
    await made.sync()
    const member = await signIn(made, { member: 'ffin', role: 'finance' })
    const ask = async (path: string) => (await member.ask('GET', path)).text()
    const all = await ask('/logs')
    expect(all).toContain('Account A-17, addition 301: updated, quantity from 10 to 12.')
    expect(all).toMatch(/2026-11-17 12:\d\d/)
    expect(all).toContain('(UTC)')
    expect(await ask('/logs/entries?level=error')).toContain('No entry matches.')
    expect(await ask('/logs/entries?text=FROM%2010')).toContain('quantity from 10 to 12')
    expect(await ask('/logs/entries?text=%25')).toContain('No entry matches.')
    expect((await member.ask('GET', '/logs?days=0')).status).toBe(422)

    setLevel(made.world, 'ffin', 'Companies > Company Maintenance', 'inquire', 'None')
    made.clock.advance(6 * 60_000)
    const hidden = await ask('/logs')
    expect(hidden).not.toContain('A-17')
    expect(hidden).toContain('that you may not read in ConnectWise are not shown')
  })

  it('help is one click away from the hub, the pods and every screen in it (Q9)', async () => {
    const made = await givenContoso(open, 10)
    app = made
    const member = await signIn(made, { member: 'jsmith', role: 'admin' })
    const screens = [
      '/dashboard',
      '/mappings',
      '/plans',
      '/runs',
      '/logs',
      '/settings/schedule',
      '/companies/250',
      '/agreements/87',
    ]
    for (const path of screens) {
      const html = await (await member.ask('GET', path)).text()
      expect([path, /hx-get="\/help[^"]*"/.test(html)]).toEqual([path, true])
    }
  })

  it('help walks from connected to the last error and reports without a secret (Q2, Q3, Q4, Q8, Q13, X19, K8)', async () => {
    const made = await givenContoso(open, 10, { observe: true })
    app = made
    const member = await signIn(made, { member: 'ttech', role: 'technician' })
    const html = await (await member.ask('GET', '/help')).text()
    for (const said of [
      'Why did it not run?',
      'ConnectWise accepts the keys.',
      'It has never run.',
      'Scheduled runs plan and write nothing until a first plan is approved.',
      'Common issues',
      'Of invoice lines',
      'An invoice line has no addition',
      'Wrong effective date',
      'Wrong cancelled date',
      'Wrong description on the invoice',
      'move it to the right agreement',
      'a posted line is never sent twice',
      'Wait some minutes and refresh; then look at System Information',
      'Posts each invoice line once',
      'What TrueUp does, what you do',
      'Procurement › Product Catalog',
    ])
      expect(html).toContain(said)
    expect(html).not.toMatch(/pub|priv"/)
  })

  it('help holds the recipes and the roles of other integrations (Q5, Q6, Q7, Q10, Q11, Q12, Q14, Q15, P21, K9, K10, K11)', async () => {
    const made = await givenContoso(open, 10)
    app = made
    const member = await signIn(made, { member: 'ttech', role: 'technician' })
    const html = await (await member.ask('GET', '/help')).text()
    for (const said of [
      'The agreement › Reconciliation',
      'Procurement › Product Catalog › +',
      'System › Setup Tables › Agreement Type',
      'Recurring Invoicing Parameters',
      'Finance › Invoicing › Agreement Invoicing',
      'Companies › Companies › +',
      'System › Setup Tables › Custom Fields',
      'Finance › Agreements › the agreement › Additions › the line',
      'Less Included: units taken off before billing',
      'Cancelled Date: the last; cleared, the line bills again',
      'the source’s offer id',
      'INFIMA&#39;s role',
      'AppXite&#39;s role',
      'Phin&#39;s role',
    ])
      expect(html).toContain(said)
  })

  it('neither tells a cost or price to whom ConnectWise shows none, nor anything of what they may not read', async () => {
    const made = await givenContoso(open, 10)
    app = made
    await made.map({
      account: 'A-17',
      agreementId: 87,
      additionId: 301,
      id: made.mapping.id,
      rule: { write: ['quantity', 'cost', 'price'] },
    })
    await made.say({ 'A-17': 12 }, { money: { unitCost: '2.17', unitPrice: '4.33', currency: 'USD' } })
    await made.sync()
    await made.sync({ approveAs: 'ann' })
    await made.say({ 'A-17': 13 }, { money: { unitCost: '2.19', unitPrice: '4.39', currency: 'USD' } })
    await made.sync()
    const technician = await signIn(made, { member: 'ttech', role: 'technician' })
    setLevel(made.world, 'ttech', 'Finance > Agreements', 'inquire', 'All')
    const finance = await signIn(made, { member: 'ffin', role: 'finance' })
    expect(await (await finance.ask('GET', '/dashboard')).text()).toContain('the price changes from 4.33 to 4.39')
    for (const path of ['/dashboard', '/logs']) {
      const html = await (await technician.ask('GET', path)).text()
      expect(html).toContain('addition 301')
      expect(html).not.toMatch(/2\.1\d|4\.3\d/)
    }
    setLevel(made.world, 'ttech', 'Finance > Agreements', 'inquire', 'None')
    made.clock.advance(6 * 60_000)
    for (const path of ['/dashboard', '/logs', '/logs/entries?text=quantity%20from%2010'])
      expect(await (await technician.ask('GET', path)).text()).not.toContain('addition 301')
  })
})
