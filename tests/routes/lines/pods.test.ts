import { describe, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { lineAdditions } from '#db/schema.ts'
import { givenContoso } from '../../given.ts'
import { addLines } from '../../lines-given.ts'
import { addAddition } from '../../sandbox/manage/build.ts'
import { onlyRights } from '../../sandbox/manage/rights.ts'
import { signIn } from '../../session/signed-in.ts'
import { eachStore, type Open } from '../../stores.ts'
import { wordsOf } from '../words.ts'

/** Contoso, whose addition 401 was made of a subscription's lines of two months; one line is held, one refused, one unmapped. */
async function given(open: Open) {
  const app = await givenContoso(open, 12)
  await app.say({ 'A-17': 12 })
  addAddition(app.world, { id: 401, agreement: 87, product: 512, quantity: 3, unitPrice: 20, unitCost: 16 })
  await app.sync()
  const subscription = { subscription: 'S-1', subscriptionName: 'Business Premium', chargeType: 'CycleFee' }
  const posted = { ...subscription, status: 'synced', additionId: 401, cancelledOn: null } as const
  await addLines(app.scope, [
    { line: 'L-10', period: '2026-10', quantity: '2', unitPrice: '20', ...posted },
    { line: 'L-11', quantity: '3', unitPrice: '20', unitCost: '16', ...posted },
    { line: 'L-12', status: 'held', reason: 'the first write to this target' },
    { line: 'L-13', status: 'error', reason: 'The product is inactive.' },
    { line: 'L-14', mapping: 'unmapped', lacks: 'no product is chosen for SEC-NEW', productId: null },
    { line: 'L-15', companyId: 999, placedAgreementId: 999 },
  ])
  const { db, tenant } = app.scope
  const addition = { additionId: 401, agreementId: 87, sourceId: 'src', account: 'A-17', kind: 'persistent' } as const
  const more = { identity: '["src","A-17","S-1"]', period: '2026-11', isEndTyped: false, createdAt: 1 }
  await save(db, [db.insert(lineAdditions).values({ ...addition, ...more, tenantId: tenant })])
  const read = async (role: 'technician' | 'finance') => {
    const { ask } = await signIn(app, { member: role, role })
    return async (path: string) => {
      const answer = await ask('GET', path)
      const html = await answer.text()
      return { status: answer.status, html, text: wordsOf(html) }
    }
  }
  return { ...app, read }
}

eachStore((open) => {
  describe('the pods', () => {
    it('list what invoice lines became, what needs somebody first, with the lines behind each addition (V3, P23)', async () => {
      const app = await given(open)
      const ask = await app.read('finance')
      for (const path of ['/agreements/87', '/companies/250']) {
        const pod = await ask(path)
        expect(pod.status).toBe(200)
        expect(pod.text).toContain('1 addition posted 1 not synced ! 1 held ✕ 1 with an error')
        const order = ['The product is inactive.', 'the first write to this target', 'no product is chosen for SEC-NEW']
        const places = [...order, 'Addition 401: 2 lines behind it'].map((text) => pod.text.indexOf(text))
        expect(places).toEqual([...places].sort((a, b) => a - b))
        expect(places[0]).toBeGreaterThan(0)
        expect(pod.text).toContain('2026-11-03 → no end, November 2026 Price 20.00 USD , cost 16.00 USD')
        expect(pod.text).not.toContain('L-15')
        expect(pod.text).toMatch(/✕ Failed/)
      }
      expect((await ask('/agreements/87')).text).not.toContain('not mapped')
      const detail = await ask('/agreements/87/additions/401')
      expect(detail.text).toContain('L-11 CycleFee 3 November 2026')
      expect(detail.text.indexOf('L-11')).toBeLessThan(detail.text.indexOf('L-10'))
      const csv = await ask('/agreements/87/additions/401/lines.csv')
      expect(csv.html.split('\r\n').slice(0, 2)).toEqual([
        'month,account,line,offer,subscription,charge type,start,end,quantity,unit cost,unit price,currency,invoice',
        '2026-11,A-17,L-11,SEC-USER,S-1,CycleFee,2026-11-03,,3,16,20,USD,',
      ])
      await app.close()
    })

    it('show a technician no cost and no price, and nothing that ConnectWise hides (V3)', async () => {
      const app = await given(open)
      const ask = await app.read('technician')
      const pod = await ask('/agreements/87')
      expect(pod.text).toContain('Addition 401: 2 lines behind it')
      expect(pod.text).not.toContain('Price 20')
      expect((await ask('/agreements/87/additions/401/lines.csv')).html).not.toContain('price')
      app.clock.set(app.clock.now() + 360_000)
      app.world.rights.set('technician', onlyRights({ 'Companies > Company Maintenance': { inquire: 'All' } }))
      const company = await ask('/companies/250')
      expect(company.text).not.toContain('Addition 401')
      for (const path of ['/agreements/87', '/agreements/87/lines', '/agreements/87/additions/401/lines.csv'])
        expect((await ask(path)).status).toBe(403)
      await app.close()
    })
  })
})
