import { expect, it } from 'vitest'
import { givenContoso } from '../given.ts'
import { addAddition, addProduct } from '../sandbox/manage/build.ts'
import { setLevel } from '../sandbox/manage/rights.ts'
import { type SignedIn, signIn } from '../session/signed-in.ts'
import { eachStore, openMemory } from '../stores.ts'
import { wordsOf } from './words.ts'

const read = async ({ ask }: SignedIn, path = '/agreements/87') => {
  const answer = await ask('GET', path)
  const html = await answer.text()
  return { status: answer.status, html, said: wordsOf(html) }
}

eachStore((open) => {
  it('shows every addition, the mapped with what is pending and why, with money only for finance (P17, P21, V5)', async () => {
    const app = await givenContoso(open, 10)
    const backup = addProduct(app.world, { id: 513, identifier: 'BACKUP', description: 'Backup' })
    addAddition(app.world, { id: 302, agreement: 87, product: backup, quantity: 3, unitPrice: 25, lessIncluded: 1 })
    await app.say({ 'A-17': 12 })
    await app.preview()
    const fay = await signIn(app, { member: 'ffin', role: 'finance' })
    const seen = await read(fay)
    for (const words of [
      'Next invoice 2026-12-01',
      'Agreement of Contoso Ltd',
      'from 10 → to 12 users 12; lands on December 2026, next invoice 2026-12-01 Written by the next run. 4.00 USD 10.00 USD',
      'Backup Details Not mapped 3',
      '25.00 USD',
      'Agreement health: all is as it should be',
    ])
      expect(seen.said).toContain(words)

    const tom = await signIn(app, { member: 'ttech', role: 'technician' })
    const plain = await read(tom)
    expect(plain.said).toContain('from 10 → to 12')
    expect(plain.html).not.toMatch(/25\.00|10\.00|Price|hx-post="\/runs"/)
    expect((await read(tom, '/agreements/87/additions/302')).said).toContain(
      'Total Quantity 3 Less Included 1 (taken off before billing) Quantity to Bill 2 Effective Date',
    )
    await app.close()
  })
})

it('tells the history of an addition, newest first, with who made each change (V16)', async () => {
  const app = await givenContoso(openMemory, 10)
  for (const [count, day] of [
    [12, 17],
    [13, 18],
  ] as const) {
    app.clock.set(Date.parse(`2026-11-${day}T12:00:00Z`))
    await app.say({ 'A-17': count })
    await app.sync({ startedBy: 'ffin' })
  }
  const fay = await signIn(app, { member: 'ffin', role: 'finance' })
  expect((await read(fay, '/agreements/87/additions/301')).said).toContain(
    'from 12 → to 13 2026-11-18 12:00 by ffin from 10 → to 12 2026-11-17 12:00 by ffin',
  )
})

it('names what is wrong with an agreement, and the fix (P17)', async () => {
  const app = await givenContoso(openMemory, 10)
  app.agreement.billProducts = 'DoNotBill'
  await app.say({ 'A-17': 10 })
  await app.sync()
  const seen = await read(await signIn(app, { member: 'ttech', role: 'technician' }))
  expect(seen.said).toContain('Agreement health: 1 of 6 to fix')
  expect(seen.said).toContain('Bill Products: DoNotBill ✕ Not OK Set Bill Products to Billable')
})

it('shows 50 additions a page, those that somebody mapped first', async () => {
  const app = await givenContoso(openMemory, 10)
  for (let id = 400; id < 460; id++) addAddition(app.world, { id, agreement: 87, product: 512, quantity: 1 })
  await app.map({ ...app.mapping, leaveAlone: Array.from({ length: 60 }, (_, i) => 400 + i) })
  await app.say({ 'A-17': 10 })
  await app.sync()
  const tom = await signIn(app, { member: 'ttech', role: 'technician' })
  const [first, second] = [await read(tom), await read(tom, '/agreements/87?page=2')]
  expect([first, second].map(({ html }) => html.split('<td class="name">').length - 1)).toEqual([50, 11])
  expect(first.said).toContain('✓ Equal')
  expect(second.said).toContain('Page 2 of 2')
})

it('refuses an agreement the member may not read, in the words it has for one that is not there', async () => {
  const app = await givenContoso(openMemory, 10)
  const tom = await signIn(app, { member: 'ttech', role: 'technician' })
  setLevel(app.world, 'ttech', 'Finance > Agreements', 'inquire', 'None')
  const [foreign, unknown] = [await read(tom), await read(tom, '/agreements/999')]
  expect([foreign.status, unknown.status]).toEqual([403, 403])
  expect(foreign.said).toBe(unknown.said)
  expect(foreign.html).not.toMatch(/Contoso|Managed/)
  expect((await read(tom, '/agreements/0')).said).toContain('This address needs the number of an agreement')
})
