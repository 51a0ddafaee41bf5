import { describe, expect, it } from 'vitest'
import { subscriptionKey } from '#billing/lines/line.ts'
import { save } from '#db/db.ts'
import { saveLineAddition } from '#db/line-additions.ts'
import { addLines } from '../lines-given.ts'
import { addAddition, addAgreement } from '../sandbox/manage/build.ts'
import { signIn } from '../session/signed-in.ts'
import { eachStore, type Open, onSqlite } from '../stores.ts'
import { givenLines } from './lines-given.ts'
import { wordsOf } from './words.ts'

const said = { id: 'L-1', offer: 'SEC-USER', chargeType: 'CycleFee', quantity: '10', subscription: 'S-1' }
const identity = subscriptionKey({ source: 'src', account: 'A-17', said })

/** Contoso's agreement 87 with a posted subscription (301), an unposted line, and 88, where the subscription belongs. */
async function given(open: Open) {
  const app = await givenLines(open, [
    {
      ...{ line: 'L-1', chargeType: 'CycleFee', subscription: 'S-1', subscriptionName: 'Business Premium' },
      ...{ quantity: '10', chargeKind: 'recurring', cancelledOn: null, status: 'synced', additionId: 301 },
    },
    { line: 'L-2', offer: 'BACKUP', mapping: 'unmapped', lacks: 'choose the product (Products)', productId: null },
  ])
  const { world, scope } = app
  addAgreement(world, { id: 88, company: 250, name: 'Cloud', startDate: '2026-01-01T00:00:00Z' }, '2026-11-17')
  addAddition(world, { id: 302, agreement: 87, product: 512, quantity: 3, unitPrice: 10 })
  const posting = {
    lines: ['L-1'],
    source: 'src',
    account: 'A-17',
    kind: 'persistent' as const,
    identity,
    period: '2026-11',
  }
  const written = { posting, addition: { id: 301, agreementId: 87 }, cancelledOn: null, isEndWritten: true, at: 1 }
  await save(scope.db, saveLineAddition(scope, written))
  await app.finance.ask('POST', '/agreements/88/reading')
  await app.finance.ask('POST', '/agreements/87/reading')
  return app
}

eachStore((open) => {
  it('shows lines beside their additions, differences first, each with its cause and its fix (Q1, Q2, Q14, P21)', async () => {
    const app = await given(open)
    const addition = app.world.additions.get(301)
    if (addition) Object.assign(addition, { quantity: 9, invoiceDescription: 'Typed by hand' })
    const before = wordsOf((await app.get('/reconciliations/87')).html)
    expect(before).toContain('1 of 2 lines to look at.')
    expect(before).toContain('not posted: unmapped: choose the product')
    expect(before).toContain('Invoice descriptions are compared after Refresh')
    const { status, html } = await app.post('/reconciliations/87/reading', { month: '2026-11' })
    const now = wordsOf(html)
    expect(status).toBe(200)
    expect(now).toContain('2 of 2 lines to look at.')
    expect(now).toContain('Business Premium L-1 ✓ Synced ✕ 2 fields differ')
    expect(now).toMatch(/Total Quantity ✕ differs changed in ConnectWise.*TrueUp last wrote 10 10 9/)
    expect(html).toContain('/reconciliations/87/moves/301')
    expect(now).toContain('Keep theirs or take the source’s')
    expect(now).toContain('Finance › Agreements › Managed Services › Additions › SEC-USER')
    expect(now).toContain('Unit Price 10 10')
    const technician = await signIn(app, { member: 'tech', role: 'technician' })
    const seen = wordsOf((await app.get('/reconciliations/87', technician)).html)
    expect(seen).toContain('Total Quantity')
    for (const hidden of ['Unit Price', 'Unit Cost', 'Revenue', 'Download', 'Sync this line'])
      expect(seen).not.toContain(hidden)
    await app.close()
  })
})

onSqlite((open) => {
  it('says what ConnectWise’s own reconciliation will list for any days (Q5)', async () => {
    const app = await given(open)
    const { html } = await app.get('/reconciliations/87/report?from=2026-11-01&to=2026-11-30')
    expect(wordsOf(html)).toContain(
      'Finance › Agreements › Managed Services › Reconciliation, start date 2026-11-01, end date 2026-11-30, OK.',
    )
    expect(wordsOf(html)).toMatch(/SEC-USER 301 10 .*10\.00 4\.00 100\.00 40\.00 60\.00/)
    expect(wordsOf(html)).toMatch(/Total in USD 130\.00/)
    const technician = await signIn(app, { member: 'tech', role: 'technician' })
    const seen = await app.get('/reconciliations/87/report?from=2026-11-01&to=2026-11-30', technician)
    expect(wordsOf(seen.html)).not.toContain('Margin')
    expect((await app.get('/reconciliations/87/report?from=2026-11-31&to=2026-11-30')).status).toBe(422)
    expect((await app.get('/reconciliations/87/report?from=2026-12-01&to=2026-11-30')).status).toBe(422)
    await app.close()
  })

  it('leads from a line whose charge another agreement bills to moving that, not to another sync (Q2, M19)', async () => {
    const app = await given(open)
    const december = {
      line: 'L-3',
      period: '2026-12',
      placedAgreementId: 88,
      subscription: 'S-1',
      chargeType: 'CycleFee',
    }
    await addLines(app.scope, [{ ...december, chargeKind: 'recurring', status: 'held', reason: 'waits' }])
    const { html } = await app.get('/reconciliations/88?month=2026-12')
    expect(wordsOf(html)).toContain('not posted: addition 301 on agreement 87 bills this already')
    expect(html).toContain('/reconciliations/87/moves/301')
    expect(html).not.toContain('Sync this line')
    await app.close()
  })

  it('downloads a month’s lines with their additions, safe for spreadsheets, at most six times a minute', async () => {
    const app = await given(open)
    const answer = await app.finance.ask('GET', '/reconciliations/87/lines.csv?month=2026-11')
    expect(answer.headers.get('content-type')).toContain('text/csv')
    const [head, ...rows] = (await answer.text()).trim().split('\r\n')
    expect(head).toMatch(/^account,line,offer,.*addition unit price$/)
    expect(rows).toHaveLength(2)
    expect(rows.join('\n')).toContain('A-17,L-1,SEC-USER,S-1,CycleFee,synced,10,2026-11-03,,301,10,')
    for (let n = 0; n < 5; n++) await app.finance.ask('GET', '/reconciliations/87/lines.csv?month=2026-11')
    expect((await app.get('/reconciliations/87/lines.csv?month=2026-11')).status).toBe(429)
    const technician = await signIn(app, { member: 'tech', role: 'technician' })
    expect((await app.get('/reconciliations/87/lines.csv?month=2026-11', technician)).status).toBe(403)
    await app.close()
  })

  it('plans a move from the screen, which a person can withdraw again (V21, Q3, M19)', async () => {
    const app = await given(open)
    const form = wordsOf((await app.get('/reconciliations/87/moves/301')).html)
    expect(form).toContain('Re-mapping alone never moves what is posted')
    expect((await app.get('/reconciliations/87/moves/301')).html).toContain('value="2026-11-30"')
    const other = await app.get('/reconciliations/87/moves/302')
    expect(wordsOf(other.html)).toContain('Addition 302 stands for no invoice lines')
    expect((await app.post('/reconciliations/87/moves/302', { to: '88', lastOn: '2026-11-30' })).status).toBe(409)
    const late = await app.post('/reconciliations/87/moves/301', { to: '88', lastOn: '2026-11-10' })
    expect([late.status, wordsOf(late.html)]).toEqual([
      409,
      expect.stringContaining('already on the invoice of November 2026'),
    ])
    expect((await app.post('/reconciliations/87/moves/301', { to: '90', lastOn: '2026-11-30' })).status).toBe(409)
    const asked = await app.post('/reconciliations/87/moves/301', { to: '88', lastOn: '2026-11-30' })
    expect(asked.status).toBe(200)
    await app.settled()
    const waits = wordsOf((await app.get('/reconciliations/87')).html)
    expect(waits).toContain('Addition 301 is to move to agreement 88 after 2026-11-30, once its plan is approved.')
    expect((await app.get('/plans?show=waiting')).html).toContain('/plans/')
    const withdrawn = await app.post('/reconciliations/87/withdrawals/301', {})
    expect(wordsOf(withdrawn.html)).toContain('Withdrawn.')
    expect(wordsOf(withdrawn.html)).not.toContain('is to move')
    expect((await app.post('/reconciliations/87/withdrawals/301', {})).status).toBe(404)
    await app.close()
  })

  describe('the duplicates screen', () => {
    it('lists what is billed twice with its money, and plans to end the others (V6, Q4)', async () => {
      const app = await given(open)
      const seen = wordsOf((await app.get('/duplicates')).html)
      expect(seen).toContain('TrueUp’s addition stands beside one made by hand: Contoso Ltd')
      expect(seen).toContain('30.00 USD a billing cycle')
      const count = await app.get('/duplicates/count')
      expect(wordsOf(count.html)).toMatch(/looks billed twice ?, 30\.00 USD a billing cycle/)
      const technician = await signIn(app, { member: 'tech', role: 'technician' })
      const plain = wordsOf((await app.get('/duplicates', technician)).html)
      expect(plain).toContain('beside one made by hand')
      expect(plain).not.toContain('30.00')
      const of = [
        ['of', '301'],
        ['of', '302'],
      ]
      const kept = await app.post('/duplicates', new URLSearchParams([...of, ['end', '87/301']]))
      expect([kept.status, wordsOf(kept.html)]).toEqual([409, expect.stringContaining('cannot be ended')])
      const all = await app.post('/duplicates', new URLSearchParams([...of, ['end', '87/301'], ['end', '87/302']]))
      expect([all.status, wordsOf(all.html)]).toEqual([422, expect.stringContaining('One of them has to stay.')])
      expect((await app.post('/duplicates', new URLSearchParams(of))).status).toBe(422)
      expect((await app.post('/duplicates', new URLSearchParams([...of, ['end', '87/302']]))).status).toBe(200)
      await app.settled()
      expect(wordsOf((await app.get('/duplicates')).html)).toContain('Nothing is billed twice')
      expect(app.held().map(({ quantity }) => quantity)).toEqual([10, 3])
      await app.close()
    })
  })
})
