import { describe, expect, it } from 'vitest'
import { signIn } from '../session/signed-in.ts'
import { startApp } from '../start.ts'
import { onSqlite } from '../stores.ts'
import { givenMarketplace, line, sayLines } from '../sync/lines/given.ts'
import { admin } from './admin.ts'
import { wordsOf } from './words.ts'

onSqlite((open) => {
  describe('words and recipes for invoice lines', () => {
    it('stand in the dictionary and beside the screens they concern (S15, S16, Q6, Q7, Q12, M28)', async () => {
      const app = await givenMarketplace(open)
      const ask = await admin(app)
      const { words } = await ask('GET', '/settings/dictionary')
      for (const row of [
        'Organization, customer account Company',
        'PSA organization name Company name',
        'Invoice line Addition',
        'Offer, SKU, service, plan item Product',
        'Contract Agreement',
        'Charge end date Cancelled date',
        'User Updated A person typed this date',
      ])
        expect(words).toContain(row)
      const types = (await ask('GET', '/settings/agreement-types')).words
      expect(types).toContain('see in ConnectWise that it is there and active, then test the connection again')
      expect(types).toContain('System › Setup Tables › Agreement Type')
      expect((await ask('GET', '/mappings/products')).words).toContain(
        'Integration Cross Reference: the source’s offer id',
      )
      const mapping = (await ask('GET', '/mappings')).words
      for (const advice of [
        'Map organizations first, then products',
        'Load one to three months',
        'Keep organizations current',
        'Response Error is temporary',
        'Post after the month',
        'Pause the schedule while you map again',
      ])
        expect(mapping).toContain(advice)
      await app.close()
    })
  })

  describe('without an agreement type', () => {
    it('a banner stands on every screen and invoice lines are closed, until one is chosen (K14, S10)', async () => {
      const app = await startApp(open)
      const ask = await admin(app)
      const banner = 'No agreement type is chosen: invoice lines are neither shown, mapped nor synced.'
      const screens = ['/dashboard', '/mappings', '/plans', '/logs', '/help', '/settings/configuration', '/lines']
      await app.say({ 'A-17': 12 })
      expect((await ask('GET', '/dashboard')).words).not.toContain(banner)
      await sayLines(app, { 'A-17': [line({ id: 'L-1' })] })
      for (const path of screens)
        expect([path, (await ask('GET', path)).words]).toEqual([path, expect.stringContaining(banner)])
      expect((await ask('GET', '/lines')).words).toContain('Invoice lines wait for the agreement type.')
      expect((await ask('GET', '/lines')).text).not.toContain('id="lines-filters"')
      expect((await ask('POST', '/lines/rules', { month: '2026-11' })).status).toBe(409)
      const finance = await signIn(app, { member: 'ffin', role: 'finance' })
      const seen = await (await finance.ask('GET', '/dashboard')).text()
      expect(wordsOf(seen)).toContain('An administrator of TrueUp chooses it under Settings › Configuration.')

      const fields = {
        'name.src': 'Platform',
        'billingPeriod.src': 'current',
        'quantity.src': 'on',
        agreementType: '1',
      }
      const saved = await ask('POST', '/settings/configuration', fields)
      expect(saved.text).toContain('id="needs-agreement-type" hx-swap-oob="innerHTML"')
      for (const path of screens) expect([path, (await ask('GET', path)).words.includes(banner)]).toEqual([path, false])
      await app.close()
    })
  })
})
