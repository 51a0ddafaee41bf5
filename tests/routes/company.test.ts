import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { takeLease } from '#db/leases.ts'
import { agreements } from '#db/schema.ts'
import { saveKillSwitch } from '#db/tenants.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { addAddition, addCompany } from '../sandbox/manage/build.ts'
import { reset } from '../sandbox/manage/faults/fault-kinds.ts'
import { setLevel } from '../sandbox/manage/rights.ts'
import { type SignedIn, signIn } from '../session/signed-in.ts'
import { eachStore, openMemory } from '../stores.ts'
import { wordsOf } from './words.ts'

const read = async ({ ask }: SignedIn, path = '/companies/250') => {
  const answer = await ask('GET', path)
  const html = await answer.text()
  return { status: answer.status, html, said: wordsOf(html) }
}

const asFinance = (app: Contoso) => signIn(app, { member: 'ffin', role: 'finance' })

eachStore((open) => {
  it('shows 12 against 10, what is pending and when, then who changed what when (V10, X7, X12)', async () => {
    const app = await givenContoso(open, 10)
    await app.say({ 'A-17': 12 })
    await app.preview()
    const fay = await asFinance(app)
    const before = await read(fay)
    expect(before.status).toBe(200)
    for (const words of [
      '→ Pending from 10 → to 12 as of 12:00 Next run 2026-11-18 02:00 UTC',
      '12 users November 2026, as of 12:00',
      'from 10 → to 12',
      'Written by the next run.',
      'Next invoice 2026-12-01',
    ])
      expect(before.said).toContain(words)
    expect(before.html).toContain('recordType=AgreementFV&amp;recid=87')

    await app.sync({ startedBy: 'ffin' })
    const after = await read(fay)
    expect(after.said).toContain('✓ Equal')
    expect(after.said).toContain('ConnectWise and Platform agree as of 12:00.')
    expect(after.said).toContain('from 10 → to 12 2026-11-17 12:00 by ffin')
    await app.close()
  })
})

it('says why a line is held, excluded, parked, unknown or in conflict', async () => {
  const app = await givenContoso(openMemory, 10)
  await app.say({ 'A-17': 30 })
  await app.sync()
  const fay = await asFinance(app)
  const held = await read(fay)
  expect(held.said).toContain('! Held')
  expect(held.said).toContain('rises by 20 from 10, above 5')
  expect(held.said).toContain('1 line waits, +200.00 USD a month. Review plan')
  expect(held.said).toContain('Written after approval.')
  expect(held.html).toMatch(/hx-get="\/plans\/\w+"/)

  await app.say({ 'A-17': 11 })
  await app.sync()
  app.addition.quantity = 14
  await app.say({ 'A-17': 13 })
  await app.sync()
  const conflict = await read(fay)
  expect(conflict.said).toContain('! Conflict')
  expect(conflict.said).toContain('TrueUp last wrote quantity 11, ConnectWise holds 14')

  await app.say({ 'A-18': 1 })
  await app.sync()
  const unknown = await read(fay)
  expect(unknown.said).toContain('? Unknown')
  expect(unknown.said).toContain('account A-17 is not in the snapshot of 2026-11-17')
  await app.map({ ...app.mapping, include: false })
  expect((await read(fay)).said).toContain('– Excluded')
  await app.close()
})

it('shows a technician no buttons and no money, and says who has them', async () => {
  const app = await givenContoso(openMemory, 10)
  await app.say({ 'A-17': 12 }, { money: { unitCost: '7', currency: 'USD' } })
  await app.map({ ...app.mapping, rule: { write: ['quantity', 'cost'] } })
  await app.sync()
  const tom = await signIn(app, { member: 'ttech', role: 'technician' })
  const seen = await read(tom)
  expect(seen.said).toContain('from 10 → to 12')
  expect(seen.said).toContain('the cost changes by more than may without approval')
  expect(seen.said).toContain('need the role finance')
  expect(seen.html).not.toMatch(/hx-post="\/runs"|\/mappings\?|Price|\bcost \d|from 4/)
  await app.close()
})

it('leaves out what the member may not read in ConnectWise, and says how much that is (ISO)', async () => {
  const app = await givenContoso(openMemory, 10)
  await app.say({ 'A-17': 12 })
  await app.preview()
  const tom = await signIn(app, { member: 'ttech', role: 'technician' })
  setLevel(app.world, 'ttech', 'Finance > Agreements', 'inquire', 'None')
  const seen = await read(tom)
  expect(seen.said).toContain('12 users')
  expect(seen.said).toContain('– Agreements not shown Next run')
  expect(seen.said).toContain('1 agreement is not shown: your ConnectWise role may not read it.')
  expect(seen.html).not.toMatch(/Managed Services|SEC-USER|301|Unmapped|Not read from ConnectWise|No account is mapped/)
})

it('says of a deleted agreement only that it no longer exists, because nobody can be asked who might read it', async () => {
  const app = await givenContoso(openMemory, 10)
  await app.say({ 'A-17': 12 })
  await app.sync()
  const fay = await asFinance(app)
  await app.deps.db.update(agreements).set({ gone: true })
  const seen = await read(fay)
  expect(seen.said).toContain('Agreement 87 no longer exists in ConnectWise. Map its accounts to another one.')
  expect(seen.html).not.toMatch(/Managed Services|SEC-USER|301|Next invoice|10 → /)
})

it('says the same of a company that is not there and of one the member may not read, without its name', async () => {
  const app = await givenContoso(openMemory, 10)
  const tom = await signIn(app, { member: 'ttech', role: 'technician' })
  setLevel(app.world, 'ttech', 'Companies > Company Maintenance', 'inquire', 'None')
  const [foreign, unknown] = [await read(tom), await read(tom, '/companies/999')]
  expect([foreign.status, unknown.status]).toEqual([403, 403])
  expect(foreign.said).toBe(unknown.said)
  expect(foreign.html).not.toContain('Contoso')
  const notANumber = await read(tom, '/companies/x')
  expect(notANumber.status).toBe(422)
  expect(notANumber.said).toContain('This address needs the number of a company')
})

it('says what is missing when nothing is mapped, never ran, is stopped, late or failed (FEATURES 8.4)', async () => {
  const app = await givenContoso(openMemory, 10)
  addCompany(app.world, { id: 251, identifier: 'Fabrikam', name: 'Fabrikam' })
  const fay = await asFinance(app)
  expect((await read(fay, '/companies/251')).said).toContain('No account is mapped to this company. Map an account')
  const never = await read(fay)
  expect(never.said).toContain('First run 2026-11-18 02:00 UTC. Dry run')
  expect(never.said).toContain('not read from ConnectWise yet')

  await app.say({ 'A-17': 10 })
  await app.sync()
  await save(app.scope.db, [saveKillSwitch(app.scope, true)])
  await app.say({ 'A-17': 11 })
  const stopped = await read(fay)
  expect(stopped.said).toContain('Not written. The kill switch is on: nothing is written.')
  app.clock.set(Date.parse('2026-11-18T03:30:00Z'))
  expect((await read(fay)).said).toContain('as of 2026-11-17 12:00, older than the last run should have left it')
})

it('reads one company again on demand, and keeps what is stored when ConnectWise is down (Refresh)', async () => {
  const app = await givenContoso(openMemory, 10)
  await app.say({ 'A-17': 10 })
  await app.sync()
  const fay = await asFinance(app)
  app.addition.quantity = 15
  app.clock.advance(60_000)
  const again = await fay.ask('POST', '/companies/250/reading')
  expect(again.status).toBe(200)
  expect(wordsOf(await again.text())).toContain('ConnectWise holds 15')

  app.manage.faults.add({ fault: reset('beforeCommit') })
  const down = await fay.ask('POST', '/companies/250/reading')
  expect(down.status).toBe(503)
  expect(down.headers.get('hx-retarget')).toBe('#notice')
  app.manage.faults.clear()
  expect((await read(fay)).said).toContain('as of 12:01')
})

it('leaves reading to a run that is at work, and says so', async () => {
  const app = await givenContoso(openMemory, 10)
  const fay = await asFinance(app)
  await takeLease(app.scope, 'a run', 60_000)
  const busy = await fay.ask('POST', '/companies/250/reading')
  expect(busy.status).toBe(409)
  expect(wordsOf(await busy.text())).toContain('A run is at work and reads ConnectWise itself')
})

it('shows 50 lines of an agreement and leads to all of them, in at most 3 kB for 20 (B11)', async () => {
  const app = await givenContoso(openMemory, 10)
  const said: Record<string, number> = { 'A-17': 12 }
  for (let i = 0; i < 19; i++) {
    addAddition(app.world, { id: 400 + i, agreement: 87, product: 512, quantity: i })
    await app.map({ account: `B-${i}`, agreementId: 87, additionId: 400 + i })
    said[`B-${i}`] = i % 3 === 0 ? i + 2 : i
  }
  await app.say(said)
  await app.preview()
  const seen = await read(await asFinance(app))
  expect(seen.html.split('<td class="name">')).toHaveLength(21)
  expect(gzipSync(seen.html).length).toBeLessThan(3000)
})
