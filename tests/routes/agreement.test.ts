import { expect, it } from 'vitest'
import { givenContoso, givenNewLine } from '../given.ts'
import { addAddition, addProduct } from '../sandbox/manage/build.ts'
import { status } from '../sandbox/manage/faults/fault-kinds.ts'
import { setLevel } from '../sandbox/manage/rights.ts'
import { type SignedIn, signIn } from '../session/signed-in.ts'
import { eachStore, type Open, openMemory } from '../stores.ts'
import { wordsOf } from './words.ts'

const read = async ({ ask }: SignedIn, path = '/agreements/87') => {
  const answer = await ask('GET', path)
  const html = await answer.text()
  return { status: answer.status, html, said: wordsOf(html) }
}

/** Contoso with 12 users against 10 seats, and a backup that nobody mapped. */
async function givenBackup(open: Open) {
  const app = await givenContoso(open, 10)
  const backup = addProduct(app.world, { id: 513, identifier: 'BACKUP', description: 'Backup' })
  addAddition(app.world, { id: 302, agreement: 87, product: backup, quantity: 3, unitPrice: 25, lessIncluded: 1 })
  await app.say({ 'A-17': 12 })
  await app.preview()
  return app
}

eachStore((open) => {
  it('shows every addition, the mapped with what is pending and why, with money for finance (P17, P23, V5)', async () => {
    const app = await givenBackup(open)
    const fay = await signIn(app, { member: 'ffin', role: 'finance' })
    const seen = await read(fay)
    for (const words of [
      'Next invoice 2026-12-01 Agreement of Contoso Ltd Whole company',
      'from 10 → to 12 users 12; lands on December 2026, next invoice 2026-12-01 Written by the next run. Details 4.00 USD 10.00 USD',
      'Platform, A-17: 12 users',
      '1 addition is not mapped',
      'Agreement health: all is as it should be',
    ])
      expect(seen.said).toContain(words)

    expect((await read(fay, '/agreements/87/additions')).said).toContain(
      'Backup Not mapped 3 Details 2.10 USD 25.00 USD',
    )
    await app.close()
  })
})

it('shows a technician the same without money and without buttons (P21)', async () => {
  const app = await givenBackup(openMemory)
  const tom = await signIn(app, { member: 'ttech', role: 'technician' })
  const plain = await read(tom)
  expect((await read(tom, '/agreements/87/additions')).html).not.toContain('25.00')
  expect(plain.said).toContain('from 10 → to 12')
  expect(plain.html).not.toMatch(/25\.00|10\.00|Price|hx-post="\/runs"/)
  expect((await read(tom, '/agreements/87/additions/302')).said).toContain(
    'Total Quantity 3 Less Included 1 (taken off before billing) Quantity to Bill 2 Effective Date',
  )
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

it('shows the additions that nobody mapped apart, 50 a page', async () => {
  const app = await givenContoso(openMemory, 10)
  for (let id = 400; id < 460; id++) addAddition(app.world, { id, agreement: 87, product: 512, quantity: 1 })
  await app.map({ ...app.mapping, leaveAlone: Array.from({ length: 60 }, (_, i) => 400 + i) })
  await app.say({ 'A-17': 10 })
  await app.sync()
  const tom = await signIn(app, { member: 'ttech', role: 'technician' })
  const seen = [
    await read(tom),
    await read(tom, '/agreements/87/additions'),
    await read(tom, '/agreements/87/additions?page=2'),
  ]
  expect(seen.map(({ html }) => html.split('<td class="name">').length - 1)).toEqual([1, 50, 10])
  expect(seen[0]?.said).toContain('60 additions are not mapped')
  expect(seen[2]?.said).toContain('Page 2 of 2')
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

it('offers the three choices of a conflict, and shows what was kept (4.11)', async () => {
  const app = await givenContoso(openMemory, 10)
  await app.say({ 'A-17': 10 })
  await app.sync()
  app.addition.quantity = 14
  await app.say({ 'A-17': 12 })
  await app.sync()
  const tom = await signIn(app, { member: 'ttech', role: 'technician' })
  const fay = await signIn(app, { member: 'ffin', role: 'finance' })
  expect((await read(tom)).html).not.toContain('/choice')
  const seen = await read(fay)
  expect(seen.said).toContain('TrueUp last wrote 10 , ConnectWise holds 14 , the source says 12')
  const path = /hx-post="([^"]+choice)"/.exec(seen.html)?.[1] ?? ''
  expect((await fay.ask('POST', path, { choice: 'keep' })).status).toBe(200)
  const kept = await read(fay)
  expect(kept.said).toContain('– Kept')
  expect(kept.said).toContain('kept by ffin: ConnectWise keeps quantity 14, the source says 12')
})

it('says why ConnectWise refused a write, and tries it again (X7, X21)', async () => {
  const app = await givenContoso(openMemory, 10)
  app.manage.faults.add({ match: { method: 'PATCH', times: 1 }, fault: status(400) })
  await app.say({ 'A-17': 12 })
  await app.sync()
  const fay = await signIn(app, { member: 'ffin', role: 'finance' })
  const failed = await read(fay)
  expect(failed.said).toContain('✕ Failed')
  expect(failed.html).toContain(`hx-vals="{&quot;mapping&quot;:&quot;${app.mapping.id}&quot;}"`)
  expect((await fay.ask('POST', '/runs', { mapping: app.mapping.id })).status).toBe(200)
  await app.settled()
  expect((await read(fay)).said).toContain('✓ Equal')
})

it('parks what ended in ConnectWise, says since when, and leads to the mapping (M21, E7)', async () => {
  const app = await givenContoso(openMemory, 10)
  app.addition.cancelledDate = '2026-10-31T00:00:00Z'
  await app.say({ 'A-17': 12 })
  await app.sync()
  const fay = await signIn(app, { member: 'ffin', role: 'finance' })
  const seen = await read(fay)
  expect(seen.said).toContain('✕ Parked 10 ended on 2026-10-31 in ConnectWise Open mapping')
})

it('shows a line that is to be made, and why it waits', async () => {
  const app = await givenNewLine(openMemory)
  await app.say({ 'A-17': 3 })
  await app.preview()
  const seen = await read(await signIn(app, { member: 'ttech', role: 'technician' }))
  expect(seen.said).toContain('Product 512 Platform, A-17: 3 users → Pending from none → to 3 users 3')
})

it('CP: says that nothing runs while TrueUp is switched off, and offers no run', async () => {
  const app = await givenContoso(openMemory, 10)
  await app.say({ 'A-17': 10 })
  await app.sync()
  const jane = await signIn(app, { member: 'jsmith', role: 'admin' })
  expect((await jane.ask('POST', '/settings/integration', { integration: 'off' })).status).toBe(200)
  const fay = await signIn(app, { member: 'ffin', role: 'finance' })
  const [pod, dashboard] = [await read(fay), await read(fay, '/dashboard')]
  expect(pod.said).toContain('Nothing runs')
  expect(dashboard.said).toContain('Next scheduled run None: switched off')
  for (const { html } of [pod, dashboard]) expect(html).not.toContain('hx-post="/runs"')
})
