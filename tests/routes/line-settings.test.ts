import { describe, expect, it } from 'vitest'
import { brokenAt, listLedger } from '#db/ledger.ts'
import { listSources } from '#db/sources.ts'
import { findTenant } from '#db/tenants.ts'
import { signIn } from '../session/signed-in.ts'
import type { App } from '../start.ts'
import { eachStore } from '../stores.ts'
import { givenMarketplace, line, load, type Marketplace, sayLines } from '../sync/lines/given.ts'
import { admin, type Form } from './admin.ts'

/** The rules form as the page has it, with what is typed in its place. */
const rulesForm = (typed: Form): Form => ({
  ...{ 'cycle.0': 'monthly', 'cycle.1': 'quarterly', 'cycle.2': 'annual', daily: 'on' },
  ...typed,
})

const settingsOf = async (app: App) => (await findTenant(app.deps.db, 'acme'))?.lineSettings

const daysOf = async (app: Marketplace) =>
  Object.fromEntries(
    [...(await app.stored())].map(([id, row]) => [id, `${row.chargeName} ${row.effectiveOn} ${row.cancelledOn}`]),
  )

const month = [
  line({ id: 'L-1' }),
  line({ id: 'L-2', chargeType: 'UsageFee', chargeStart: '2026-10-12' }),
  line({ id: 'L-3', chargeType: 'SetupFee' }),
]

eachStore((open) => {
  describe('the rules of invoice lines', () => {
    it('are set with one Save, recorded with the member, and work on later loads only (P4, P5, P9, S13, S14, S20)', async () => {
      const app = await givenMarketplace(open)
      await sayLines(app, { 'A-17': month })
      await load(app)
      const ask = await admin(app)
      const page = await ask('GET', '/settings/lines')
      expect(page.words).toContain('Without a rule: it bills every cycle')
      for (const name of ['end.CycleFee', 'end.Correction', 'start.0', 'name.OneTimeFee', 'kind.0'])
        expect(page.text).toContain(`name="${name}"`)
      expect(page.text).not.toContain('name="end.UserCorrection"')
      const before = await daysOf(app)
      expect(before).toEqual({
        'L-1': 'CycleFee 2026-11-03 null',
        'L-2': 'UsageFee 2026-10-12 2026-10-31',
        'L-3': 'SetupFee 2026-11-03 2026-11-30',
      })

      const typed = { 'end.UsageFee': 'last-of-invoice-month', 'start.0': 'first-of-invoice-month' }
      const saved = await ask('POST', '/settings/lines', rulesForm({ ...typed, 'name.UsageFee': ' Metered ' }))
      expect([saved.status, saved.words.includes('Rules of invoice lines saved.')]).toEqual([200, true])
      expect(await settingsOf(app)).toMatchObject({
        ends: { UsageFee: 'last-of-invoice-month' },
        starts: { monthly: 'first-of-invoice-month' },
        names: { UsageFee: 'Metered' },
        daily: true,
      })
      expect(await daysOf(app)).toEqual(before)
      const rows = await listLedger(app.scope)
      expect(brokenAt(rows)).toBeUndefined()
      expect(JSON.parse(rows.filter(({ event }) => event === 'set').at(-1)?.body ?? '{}')).toMatchObject({
        ...{ what: 'rules of invoice lines', member: 'jsmith', from: { ends: {}, names: {} } },
        to: { names: { UsageFee: 'Metered' } },
      })
      await ask('POST', '/settings/lines', rulesForm({ ...typed, 'name.UsageFee': 'Metered' }))
      expect(await listLedger(app.scope)).toHaveLength(rows.length)

      await load(app)
      expect(await daysOf(app)).toMatchObject({
        'L-1': 'CycleFee 2026-11-01 null',
        'L-2': 'Metered 2026-11-01 2026-11-30',
      })
      await app.close()
    })

    it('are previewed on a month before they are saved, and applied again to lines that are not posted (P9)', async () => {
      const app = await givenMarketplace(open)
      await sayLines(app, { 'A-17': month })
      await load(app)
      const ask = await admin(app)
      const typed = rulesForm({ 'end.UsageFee': 'last-of-invoice-month', month: '2026-11' })
      const preview = await ask('POST', '/settings/lines/preview', typed)
      expect(preview.words).toContain('November 2026: these rules would change 1 of 3 lines.')
      expect(preview.words).toMatch(/Account A-17.*2026-10-31 → then 2026-11-30.*System Updated/)
      expect((await settingsOf(app))?.ends).toEqual({})
      const none = await ask('POST', '/settings/lines/preview', rulesForm({ month: '2026-11' }))
      expect(none.words).toContain('these rules change none of 3 lines')
      const late = { 'end.CycleFee': 'last-of-invoice-month', 'start.0': 'first-of-following-month', month: '2026-11' }
      expect((await ask('POST', '/settings/lines/preview', rulesForm(late))).words).toContain(
        'would end before the start',
      )

      await ask('POST', '/settings/lines', typed)
      const applied = await ask('POST', '/lines/rules', { month: '2026-11' })
      expect(applied.words).toContain('Rules applied to November 2026: 1 of 3 lines changed.')
      expect(await daysOf(app)).toMatchObject({ 'L-2': 'UsageFee 2026-10-12 2026-11-30' })
      expect((await ask('POST', '/lines/rules', { month: '2026-11' })).words).toContain('0 of 3 lines changed')
      const technician = await signIn(app, { member: 'ttech', role: 'technician' })
      expect((await technician.ask('POST', '/lines/rules', { month: '2026-11' })).status).toBe(403)
      await app.close()
    })

    it('never change a posted line, whatever is applied again (P9, X9)', async () => {
      const app = await givenMarketplace(open)
      await sayLines(app, { 'A-17': [line({ id: 'L-2', chargeType: 'UsageFee', chargeStart: '2026-11-04' })] })
      await load(app)
      await app.sync({ approveAs: 'ffin' })
      expect((await app.stored()).get('L-2')?.status).toBe('synced')
      const posted = await daysOf(app)
      const ask = await admin(app)
      const typed = rulesForm({
        'end.UsageFee': 'first-of-following-month',
        'name.UsageFee': 'Metered',
        month: '2026-11',
      })
      expect((await ask('POST', '/settings/lines/preview', typed)).words).toContain(
        '1 line posted: it stays as posted.',
      )
      await ask('POST', '/settings/lines', typed)
      expect((await ask('POST', '/lines/rules', { month: '2026-11' })).words).toContain('0 of 0 lines changed')
      await load(app)
      expect(await daysOf(app)).toEqual(posted)
      await app.close()
    })

    it('settle a charge type nobody knew at once, in its own lines only (4.2)', async () => {
      const app = await givenMarketplace(open)
      await sayLines(app, { 'A-17': month })
      await load(app)
      expect((await app.stored()).get('L-3')?.chargeKind).toBeNull()
      const ask = await admin(app)
      const typed = { 'charge.0': 'SetupFee', 'kind.0': 'recurring', 'end.UsageFee': 'never' }
      await ask('POST', '/settings/lines', rulesForm(typed))
      expect((await app.stored()).get('L-3')).toMatchObject({ chargeKind: 'recurring', cancelledOn: null })
      expect((await app.stored()).get('L-2')?.cancelledOn).toBe('2026-10-31')
      expect((await ask('GET', '/settings/lines')).words).toContain('Charge types that TrueUp does not know')
      await app.close()
    })

    it('go with the months a run loads: this one, the one before, or both, which no count can be of (X17, S20)', async () => {
      const app = await givenMarketplace(open)
      const ask = await admin(app)
      const fields = { 'name.src': 'Platform', 'billingPeriod.src': 'both', 'quantity.src': 'on' }
      const refused = await ask('POST', '/settings/configuration', fields)
      expect([refused.status, refused.words.includes('Platform, billing period: one of the months offered')]).toEqual([
        422,
        true,
      ])
      await sayLines(app, { 'A-17': month })
      expect((await ask('GET', '/settings/configuration')).words).toContain('Current month Previous month Both months')
      expect((await ask('POST', '/settings/configuration', fields)).status).toBe(200)
      expect(await listSources(app.scope)).toMatchObject([{ billingPeriod: 'both' }])
      await app.close()
    })

    it('are refused with the field that is wrong, and nothing is saved', async () => {
      const app = await givenMarketplace(open)
      const ask = await admin(app)
      const long = 'x'.repeat(101)
      const typed = { 'end.CycleFee': 'tomorrow', 'start.0': 'soon', 'name.ItemFee': long, 'name.CycleFee': 'a\u0007b' }
      const bad = await ask('POST', '/settings/lines', rulesForm(typed))
      expect(bad.status).toBe(422)
      expect(bad.words).toContain('4 fields need a change; nothing was saved.')
      expect(bad.words).toContain('End of CycleFee: one of the rules offered')
      expect(bad.words).toContain('Start, Monthly: one of the rules offered')
      expect(bad.words).toContain('Name of ItemFee: at most 100 characters')
      expect(bad.words).toContain('Name of CycleFee: one line')
      expect(bad.text).toContain(`value="${long}"`)
      expect((await settingsOf(app))?.ends).toEqual({})
      const odd = {
        'charge.0': '__proto__',
        'kind.0': 'recurring',
        'cycle.3': 'constructor',
        'start.3': 'invoice-date',
      }
      expect((await ask('POST', '/settings/lines', rulesForm(odd))).status).toBe(200)
      expect(await settingsOf(app)).toMatchObject({ starts: { constructor: 'invoice-date' }, kinds: {} })
      expect((await ask('POST', '/settings/lines/preview', rulesForm({ month: 'soon' }))).words).toContain(
        'No invoice lines',
      )
      await app.close()
    })
  })
})
