import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { plainLineSettings } from '#billing/lines/settings.ts'
import { saveChoice } from '#db/accounts.ts'
import { save } from '#db/db.ts'
import { listLedger } from '#db/ledger.ts'
import { findWaitingPlan } from '#db/plans.ts'
import { invoiceLines, runs } from '#db/schema.ts'
import { saveSkuProduct } from '#db/sku-products.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import { onSqlite } from '../stores.ts'
import { digestIn, givenLines, plain, rowsIn } from './lines-given.ts'

const dates = ({ effectiveOn, effectiveBadge, cancelledOn, cancelledBadge }: Record<string, unknown>) => [
  ...[effectiveOn, effectiveBadge, cancelledOn, cancelledBadge],
]

onSqlite((open) => {
  describe('the pencil of an invoice line', () => {
    it('opens its dates, which beat rules when typed, until they go back to the rule (M16, P6)', async () => {
      const { get, post, lineOf, scope } = await givenLines(open, [{ line: 'L-1' }])
      const rules = { ...plainLineSettings, ends: { UsageFee: 'last-of-invoice-month' as const } }
      await save(scope.db, [saveTenantSettings(scope, { lineSettings: rules })])
      expect((await get('/lines/L-1')).html).toContain('value="2026-11-03"')
      const typed = await post('/lines/L-1', { seen: '', start: '2026-12-15', end: '2026-11-30' })
      expect(plain(typed.html)).toContain('✓ Saved.')
      expect(dates(await lineOf('L-1'))).toEqual(['2026-12-15', 'user', '2026-12-15', 'system'])
      expect((await lineOf('L-1')).warning).toContain('the end came before the start')
      const { change } = await lineOf('L-1')
      await post('/lines/L-1', { seen: change ?? '', start: '2026-12-15', end: '' })
      expect(dates(await lineOf('L-1'))).toEqual(['2026-12-15', 'user', null, 'user'])
      for (const back of ['start', 'end']) {
        expect((await get('/lines/L-1')).html).toContain(`&quot;back&quot;:&quot;${back}&quot;`)
        await post('/lines/L-1', { seen: (await lineOf('L-1')).change ?? '', back })
      }
      expect(dates(await lineOf('L-1'))).toEqual(['2026-11-05', 'none', '2026-11-30', 'system'])
      const told = (await listLedger(scope)).filter(({ body }) => body.includes('invoice lines'))
      expect(told).toHaveLength(4)
      expect(told[0]?.body).toContain('"member":"ffin"')
    })

    it('keeps what was typed when it is refused, and says at the field what is wrong', async () => {
      const { post, lineOf } = await givenLines(open, [{ line: 'L-1' }])
      const refused = await post('/lines/L-1', { seen: '', start: '2026-02-30', end: '2026-12-31' })
      expect(refused.status).toBe(422)
      expect(refused.html).toMatch(/value="2026-02-30"[^>]*aria-invalid="true"/)
      expect(refused.html).toContain('value="2026-12-31"')
      expect(plain(refused.html)).toContain('✕ Type a day that exists')
      expect((await lineOf('L-1')).typedEnd).toBeNull()
    })

    it('refuses what was drawn from a line that somebody changed since, and shows it as it is', async () => {
      const { post, lineOf } = await givenLines(open, [{ line: 'L-1' }])
      await post('/lines/L-1', { seen: '', out: 'yes' })
      const late = await post('/lines/L-1', { seen: '', start: '2026-11-20' })
      expect([late.status, plain(late.html)]).toEqual([409, expect.stringContaining('Somebody changed this line')])
      expect(late.html).toContain('Left out')
      expect((await lineOf('L-1')).typedStart).toBeNull()
    })

    it('offers agreements of the line’s company only; a chosen one always wins (M27, P12)', async () => {
      const { get, post, lineOf } = await givenLines(open, [{ line: 'L-1' }])
      expect((await get('/lines/L-1')).html).toContain('/pickers/agreements?company=250')
      const foreign = await post('/lines/L-1', { seen: '', agreement: '90' })
      expect([foreign.status, plain(foreign.html)]).toEqual([
        422,
        expect.stringContaining('Agreement 90 belongs to company 251 (Fabrikam Inc), not 250'),
      ])
      expect((await post('/lines/L-1', { seen: '', agreement: '87' })).status).toBe(200)
      expect((await lineOf('L-1')).agreementId).toBe(87)
      await post('/lines/L-1', { seen: (await lineOf('L-1')).change ?? '', back: 'agreement' })
      expect((await lineOf('L-1')).agreementId).toBeNull()
    })

    it('is locked once the line is posted: no field, no tick, and a way to correct it in ConnectWise (X9, Q14)', async () => {
      const { get, post, lineOf } = await givenLines(open, [{ line: 'L-1', status: 'synced', additionId: 301 }])
      expect((await get('/lines/rows')).html).not.toContain('type="checkbox"')
      const { html } = await get('/lines/L-1')
      expect(html).not.toMatch(/<input|Sync this line/)
      expect(plain(html)).toContain('How to correct it in ConnectWise')
      const refused = await post('/lines/L-1', { seen: '', start: '2026-11-20' })
      expect([refused.status, plain(refused.html)]).toEqual([409, expect.stringContaining('posted and locked')])
      expect((await lineOf('L-1')).typedStart).toBeNull()
    })
  })

  describe('a bulk update', () => {
    const lines = [
      { line: 'L-1' },
      { line: 'L-2', chargeType: 'ItemFee' },
      { line: 'L-3', status: 'synced' as const },
      { line: 'L-4', companyId: 251, placedAgreementId: 90, account: 'B/2' },
    ]

    it('states the number of lines before it saves one value for them, and never takes a posted one (M17, X9)', async () => {
      const { post, lineOf } = await givenLines(open, lines)
      const asked = { action: 'start', scope: 'all', search: 'SEC' }
      const review = await post('/lines/reviews', asked)
      expect(plain(review.html)).toContain('Which start do 3 lines get? 1 posted one is locked and left as posted.')
      const wrong = await post('/lines/bulk', { ...asked, digest: digestIn(review.html), value: '2026-11-31' })
      expect([wrong.status, plain(wrong.html)]).toEqual([422, expect.stringContaining('Type a day that exists')])
      expect(wrong.html).toContain('value="2026-11-31"')
      const done = await post('/lines/bulk', { ...asked, digest: digestIn(review.html), value: '2026-11-12' })
      expect(plain(done.html)).toContain('3 lines were changed.')
      for (const id of ['L-1', 'L-2', 'L-4']) expect(dates(await lineOf(id))[0]).toBe('2026-11-12')
      expect(dates(await lineOf('L-3'))[0]).toBe('2026-11-03')
    })

    it('changes what was ticked, leaves out and takes in, and gives an end or none', async () => {
      const { post, lineOf } = await givenLines(open, lines)
      const act = async (action: string, value = '') => {
        const form = new URLSearchParams([
          ...Object.entries({ action, scope: 'ticked', value }),
          ...['L-1', 'L-2', 'L-3'].map((id) => ['line', id]),
        ])
        const { html } = await post('/lines/reviews', form)
        form.set('digest', digestIn(html))
        return plain((await post('/lines/bulk', form)).html)
      }
      expect(await act('out')).toContain('2 lines were changed.')
      expect((await lineOf('L-1')).leftOut).toBe(true)
      await act('in')
      await act('end')
      expect(await lineOf('L-2')).toMatchObject({ leftOut: false, cancelledOn: null, cancelledBadge: 'user' })
      await act('end', '2026-11-15')
      await act('rule')
      expect(dates(await lineOf('L-1'))).toEqual(['2026-11-05', 'none', '2026-11-30', 'none'])
      expect((await lineOf('L-3')).updatedAt).toBeNull()
    })

    it('gives an agreement only to lines of one company (P12, M27)', async () => {
      const { post, lineOf } = await givenLines(open, lines)
      const all = await post('/lines/reviews', { action: 'agreement', scope: 'all' })
      expect(plain(all.html)).toContain('An agreement is one company’s')
      const own = { action: 'agreement', scope: 'all', account: '["src","A-17"]' }
      const review = await post('/lines/reviews', own)
      expect(review.html).toContain('/pickers/agreements?company=250')
      const form = { ...own, digest: digestIn(review.html) }
      expect(plain((await post('/lines/bulk', form)).html)).toContain('Pick an agreement.')
      expect(plain((await post('/lines/bulk', { ...form, value: '90' })).html)).toContain('belongs to company 251')
      expect((await post('/lines/bulk', { ...form, value: '87' })).status).toBe(200)
      expect((await lineOf('L-2')).agreementId).toBe(87)
    })

    it('asks again when the lines are others by then (M17)', async () => {
      const { post, lineOf } = await givenLines(open, lines)
      const asked = { action: 'out', scope: 'all' }
      const digest = digestIn((await post('/lines/reviews', asked)).html)
      await post('/lines/L-1', { seen: '', start: '2026-11-09' })
      const late = await post('/lines/bulk', { ...asked, digest })
      expect([late.status, plain(late.html)]).toEqual([409, expect.stringContaining('nothing was changed')])
      expect((await lineOf('L-2')).leftOut).toBe(false)
      expect((await post('/lines/bulk', { ...asked, digest: digestIn(late.html) })).status).toBe(200)
    })
  })

  describe('a sync of lines', () => {
    it('is about one line, or about those that are ticked, and nothing else (X4, X5)', async () => {
      const { post, deps } = await givenLines(open, [{ line: 'L-1' }, { line: 'L-2' }, { line: 'L-3' }])
      const about = async () =>
        (await deps.db.select().from(runs)).map(({ lines }) => lines).filter((ids) => ids !== null)
      expect((await post('/runs', { ticked: 'yes' })).status).toBe(422)
      expect((await post('/runs', { line: 'L-1' })).html).toContain('Sync started.')
      const ticked = new URLSearchParams('ticked=yes&line=L-2&line=L-3')
      expect((await post('/runs', ticked)).status).toBe(200)
      expect(await about()).toEqual([['L-1'], ['L-2', 'L-3']])
      expect((await post('/runs', { line: 'nobody' })).status).toBe(404)
      expect((await post('/runs', { line: 'L-1', company: '250' })).status).toBe(422)
    })
  })

  describe('a line whose period is invoiced', () => {
    it('waits, and starts on the next invoice date with one click; what was planned before is not posted (4.2, M16)', async () => {
      const { get, post, lineOf, settled, clock, scope, world } = await givenLines(open, [{ line: 'L-1' }])
      const key = { sourceId: 'src', account: 'A-17' }
      const said = { updatedAt: 1, updatedBy: 'ann' }
      await save(scope.db, [
        saveChoice(scope, key, null, { companyId: 250, agreementId: 87, include: true, change: 'c', ...said }),
        ...saveSkuProduct(scope, { sourceId: 'src', sku: 'SEC-USER', term: '', productId: 512, ...said }),
      ])
      await post('/runs', { line: 'L-1' })
      await settled()
      const held = await lineOf('L-1')
      expect(held).toMatchObject({ status: 'held', reason: expect.stringContaining('it can start on 2026-12-01') })
      const { html } = await get('/lines/L-1')
      expect(plain(html)).toContain('Start on the next invoice date, 2026-12-01')
      expect(plain(html)).toContain('It waits for a person: Review the plan')
      await post('/lines/L-1', { seen: '', start: '2026-12-01' })
      const moved = await lineOf('L-1')
      expect(moved).toMatchObject({ effectiveOn: '2026-12-01', effectiveBadge: 'user', status: 'not-synced' })
      await post('/runs', { line: 'L-1' })
      await settled()
      const plan = await findWaitingPlan(scope)
      expect((await lineOf('L-1')).reason).toContain('first write')
      clock.advance(1_000)
      await post('/lines/L-1', { seen: moved.change ?? '', end: '2026-12-15' })
      const late = await post(`/plans/${plan?.id}/approval`, { fingerprint: plan?.fingerprint ?? '' })
      await settled()
      expect([late.status, plain(late.html)]).toEqual([
        409,
        expect.stringContaining('Invoice line L-1 of A-17 was changed'),
      ])
      expect([...world.additions.values()].filter(({ id }) => id !== 301)).toEqual([])
    })
  })

  describe('a posted line that its source changed', () => {
    const posted = { status: 'synced', additionId: 301, postedAt: 1, settled: null } as const
    const says = (quantity: string) => ({
      ...{ id: 'L-1', offer: 'SEC-USER', chargeType: 'UsageFee', quantity, unitCost: '4', unitPrice: '10' },
      ...{ currency: 'USD', invoicedOn: '2026-11-05' },
    })

    it('is corrected in this month’s lines, which can be shown before any are loaded', async () => {
      const { get, post } = await givenLines(open, [{ line: 'L-1', period: '2026-10', ...posted, changed: says('5') }])
      await post('/lines/L-1/correction', { seen: '' })
      expect((await get('/lines')).html).toMatch(/<option value="2026-11"[^>]*>November 2026/)
      const shown = rowsIn((await get('/lines?month=2026-11')).html)
      expect([...shown.values()]).toEqual([expect.stringContaining('Correction')])
    })

    it('says what changed, and is corrected by a line of its own or left (X9)', async () => {
      const { get, post, lineOf } = await givenLines(open, [
        { line: 'L-1', ...posted, changed: says('5') },
        { line: 'L-2', ...posted, goneAt: 5 },
      ])
      expect(plain((await get('/lines/L-1')).html)).toContain('Quantity 2 → now 5')
      expect([...rowsIn((await get('/lines/rows?status=changed')).html).keys()].sort()).toEqual(['L-1', 'L-2'])
      const corrected = await post('/lines/L-1/correction', { seen: '' })
      expect(plain(corrected.html)).toContain('A correction was added')
      const [own] = [...rowsIn((await get('/lines/rows?search=correction')).html).keys()]
      const line = await lineOf(own ?? '')
      expect(line).toMatchObject({ origin: 'correction', correctionOf: 'L-1', status: 'not-synced', agreementId: 87 })
      expect(line.said).toMatchObject({
        chargeType: 'Correction',
        quantity: '3',
        unitPrice: '10',
        invoicedOn: '2026-11-17',
      })
      expect((await post('/lines/L-1/correction', { seen: '' })).status).toBe(409)
      expect(plain((await post('/lines/L-2/leave', { seen: '' })).html)).toContain('Left as posted.')
      expect((await lineOf('L-2')).settled).toBe('left')
      expect(rowsIn((await get('/lines/rows?status=changed')).html).size).toBe(0)
    })

    it('is corrected a second time only by what is new', async () => {
      const { get, post, lineOf, scope } = await givenLines(open, [{ line: 'L-1', ...posted, changed: says('5') }])
      await post('/lines/L-1/correction', { seen: '' })
      await scope.db
        .update(invoiceLines)
        .set({ changed: says('6'), settled: null })
        .where(eq(invoiceLines.id, 'L-1'))
      await post('/lines/L-1/correction', { seen: (await lineOf('L-1')).change ?? '' })
      const ids = [...rowsIn((await get('/lines/rows?search=correction+2')).html).keys()]
      expect((await lineOf(ids[0] ?? '')).said).toMatchObject({ quantity: '1', unitPrice: '10', unitCost: '4' })
    })
  })
})
