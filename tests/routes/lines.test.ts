import { describe, expect, it } from 'vitest'
import { signIn } from '../session/signed-in.ts'
import { onSqlite } from '../stores.ts'
import { givenLines, plain, rowsIn } from './lines-given.ts'
import { hideFrom } from './mapping-given.ts'

const user = { effectiveBadge: 'user', cancelledBadge: 'system', nameBadge: 'system' } as const

onSqlite((open) => {
  describe('the grid of invoice lines', () => {
    it('shows each line with where its dates and its name came from, and when it is billed (M15, P6, P23, P24)', async () => {
      const { get } = await givenLines(open, [
        { line: 'L-1', subscription: 'sub-1', subscriptionName: 'Contoso Cloud' },
        { line: 'L-2', chargeType: 'CycleFee', chargeName: 'Seats', cancelledOn: null, ...user },
      ])
      const { html } = await get('/lines')
      const tabs = /<nav class="tabs".*?<\/nav>/s.exec(html)?.[0] ?? ''
      expect(plain(tabs)).toBe('Organizations Products Invoice lines')
      const rows = rowsIn(html)
      expect(rows.get('L-1')).toContain('SEC-USER Contoso Cloud 2026-11-03 2026-11-30 UsageFee 2 8.00 20.00 USD')
      expect(rows.get('L-1')).toContain('A-17 › Contoso Ltd Contoso SEC-USER')
      expect(rows.get('L-1')).toContain('Managed Services next invoice 2026-12-01 ✓ Mapped – Not Synced')
      expect(rows.get('L-1')).not.toMatch(/Updated/)
      expect(rows.get('L-2')).toContain('2026-11-03 → User Updated no end – System Updated Seats – System Updated 2')
    })

    it('says of each line how it is mapped, what it lacks, and what became of it (M15, M18, X6)', async () => {
      const { get } = await givenLines(open, [
        { line: 'L-1', mapping: 'unmapped', lacks: 'choose the product of its offer', productId: null },
        { line: 'L-2', mapping: 'excluded', companyId: null, placedAgreementId: null },
        { line: 'L-3', mapping: 'response-error', lacks: 'agreement 87, 2026-11-17 12:00: it timed out' },
        { line: 'L-4', mapping: 'parked', lacks: 'agreement 87 is gone' },
        { line: 'L-5', status: 'held', reason: 'the first write of account A-17 to this company' },
        { line: 'L-6', status: 'error', reason: 'ConnectWise refused it: no such product' },
        { line: 'L-7', chargeKind: null, chargeType: 'Surprise', leftOut: true },
      ])
      const rows = rowsIn((await get('/lines/rows')).html)
      expect(rows.get('L-1')).toContain('? Unmapped choose the product of its offer')
      expect(rows.get('L-2')).toContain('– Excluded')
      expect(rows.get('L-3')).toContain('? Response Error agreement 87, 2026-11-17 12:00: it timed out')
      expect(rows.get('L-4')).toContain('✕ Parked agreement 87 is gone')
      expect(rows.get('L-5')).toContain('! Held the first write of account A-17')
      expect(rows.get('L-6')).toContain('✕ Error ConnectWise refused it: no such product')
      expect(rows.get('L-7')).toContain('– Left out Unknown charge type')
    })

    it('adds up per currency and status what the filters find, to the last digit', async () => {
      const { get } = await givenLines(open, [
        { line: 'L-1', quantity: '3', unitPrice: '0.1', unitCost: '0.0001' },
        { line: 'L-2', quantity: '1', unitPrice: '0.2', unitCost: '0.05', status: 'synced' },
        { line: 'L-3', currency: 'EUR', unitPrice: '-7.25' },
      ])
      const totals = async (query: string) =>
        plain(
          /<details class="card" id="totals">.*?<\/details>/s.exec((await get(`/lines/rows?${query}`)).html)?.[0] ?? '',
        )
      const all = await totals('')
      expect(all).toContain('EUR: 1 line, revenue -14.50 EUR · USD: 2 lines, revenue 0.50 USD')
      expect(all).toContain('USD, all 2 0.0503 0.50')
      expect(all).toContain('Not Synced 1 0.0003 0.30 ✓ Synced 1 0.05 0.20')
      expect(await totals('status=synced')).toContain('USD: 1 line, revenue 0.20 USD')
    })

    it('filters by everything it shows, searches, and lists by each column from both ends', async () => {
      const { get } = await givenLines(open, [
        { line: 'L-1', offer: 'Backup', quantity: '9', currency: 'EUR', invoice: 'INV-7' },
        { line: 'L-2', offer: 'archive', chargeName: 'Seats', account: 'B/2', status: 'held', productId: 99 },
        { line: 'L-3', offer: 'Cloud', mapping: 'unmapped', quantity: '1', period: '2026-10', leftOut: true },
      ])
      const ids = async (query: string) => [...rowsIn((await get(`/lines/rows?${query}`)).html).keys()]
      expect(await ids('sort=offer')).toEqual(['L-2', 'L-1'])
      expect(await ids('sort=-offer')).toEqual(['L-1', 'L-2'])
      for (const column of ['quantity', 'cost', 'revenue']) expect(await ids(`sort=${column}`)).toEqual(['L-2', 'L-1'])
      for (const query of ['currency=EUR', 'search=inv-7', 'search=backUP', 'charge=UsageFee', 'status=not-synced'])
        expect([query, await ids(query)]).toEqual([query, ['L-1']])
      for (const query of ['product=99', 'account=["src","B/2"]', 'search=b/2', 'status=held', 'charge=Seats'])
        expect([query, await ids(query)]).toEqual([query, ['L-2']])
      expect(await ids('month=2026-10&status=left-out&mapping=unmapped&source=src')).toEqual(['L-3'])
      expect(await ids('search=contoso')).toHaveLength(2)
      expect(await ids('search=%25')).toEqual([])
    })

    it('shows a stored month and asks no source for it; of another it says that none is stored (X16, V17)', async () => {
      const { get } = await givenLines(open, [{ line: 'L-1' }, { line: 'L-2', period: '2026-09' }])
      const { html } = await get('/lines')
      const shown = /<select id="month".*?<\/select>/s.exec(html)?.[0] ?? ''
      expect(plain(shown)).toBe('November 2026 September 2026')
      expect([...rowsIn((await get('/lines/rows?month=2026-09')).html).keys()]).toEqual(['L-2'])
      expect((await get('/lines?month=2026-10')).html).toContain('No lines stored for October 2026')
    })

    it('lists pages of fifty', async () => {
      const { get } = await givenLines(
        open,
        Array.from({ length: 51 }, (_, n) => ({ line: `L-${String(n).padStart(2, '0')}` })),
      )
      expect(rowsIn((await get('/lines/rows')).html).size).toBe(50)
      expect([...rowsIn((await get('/lines/rows?page=2')).html).keys()]).toEqual(['L-50'])
      expect([...rowsIn((await get('/lines/rows?page=9')).html).keys()]).toEqual(['L-50'])
    })
  })

  describe('who looks', () => {
    it('sees no cost and no price as a technician, and nothing to edit', async () => {
      const app = await givenLines(open, [
        { line: 'L-1' },
        { line: 'L-2', companyId: null, placedAgreementId: null },
        { line: 'L-3', unitCost: '9' },
      ])
      const tech = await signIn(app, { member: 'ttech', role: 'technician' })
      const { html } = await app.get('/lines', tech)
      expect([...rowsIn(html).keys()]).toEqual(['L-1', 'L-3'])
      expect(html).not.toMatch(/Cost|Revenue|20\.00|8\.00|checkbox|Bulk update|Sync (ticked|invoices)/)
      const { html: byCost } = await app.get('/lines/rows?sort=-cost', tech)
      expect([...rowsIn(byCost).keys()]).toEqual(['L-1', 'L-3'])
      const { html: open1 } = await app.get('/lines/L-1', tech)
      expect(open1).not.toMatch(/Unit|<form|<input|Leave out/)
      expect((await app.get('/lines/L-2', tech)).status).toBe(404)
      expect((await app.post('/lines/L-1', { seen: '', start: '2026-11-05' }, tech)).status).toBe(403)
    })

    it('neither sees nor counts lines of companies they may not read in ConnectWise', async () => {
      const app = await givenLines(open, [{ line: 'L-1' }, { line: 'L-2', companyId: 251, placedAgreementId: 90 }])
      hideFrom(app, 'ffin', 'company', [251])
      const { html } = await app.get('/lines')
      expect([...rowsIn(html).keys()]).toEqual(['L-1'])
      expect(html).toContain('neither shown nor counted')
      expect(html).toContain('USD: 1 line')
      expect((await app.get('/lines/L-2')).status).toBe(403)
      const review = await app.post('/lines/reviews', { action: 'out', scope: 'all' })
      expect(plain(review.html)).toContain('Leave 1 line out?')
      expect((await app.post('/runs', { line: 'L-2' })).status).toBe(403)
    })
  })
})
