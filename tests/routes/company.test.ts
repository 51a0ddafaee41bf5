import { expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { saveKillSwitch } from '#db/tenants.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { setLevel } from '../sandbox/manage/rights.ts'
import { type SignedIn, signIn } from '../session/signed-in.ts'
import { eachStore } from '../stores.ts'
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
      '→ Pending as of 12:00 Next run 2026-11-18 02:00 UTC',
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
    expect(after.said).toContain('ConnectWise and Platform agree.')
    expect(after.said).toContain('from 10 → to 12 2026-11-17 12:00 by ffin')
    await app.close()
  })

  it('says why a line is held, excluded, parked, unknown or in conflict', async () => {
    const app = await givenContoso(open, 10)
    await app.say({ 'A-17': 30 })
    await app.sync()
    const fay = await asFinance(app)
    const held = await read(fay)
    expect(held.said).toContain('! Held')
    expect(held.said).toContain('rises by 20 from 10, above 5')
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

  it('shows a technician who may read the agreement no money and no buttons, and says who has them', async () => {
    const app = await givenContoso(open, 10)
    await app.say({ 'A-17': 12 })
    await app.preview()
    setLevel(app.world, 'ttech', 'Finance > Agreements', 'inquire', 'All')
    const tom = await signIn(app, { member: 'ttech', role: 'technician' })
    const seen = await read(tom)
    expect(seen.said).toContain('from 10 → to 12')
    expect(seen.said).toContain('need the role finance')
    expect(seen.html).not.toMatch(/hx-post="\/runs"|\/mappings\?|Cost|Price/)
    await app.close()
  })
})
