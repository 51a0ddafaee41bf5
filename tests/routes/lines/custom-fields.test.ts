import { describe, expect, it } from 'vitest'
import { listLedger } from '#db/ledger.ts'
import { findTenant } from '#db/tenants.ts'
import { addCustomField } from '../../sandbox/manage/build.ts'
import { forbidden403 } from '../../sandbox/manage/faults.ts'
import { signIn } from '../../session/signed-in.ts'
import { startApp } from '../../start.ts'
import { eachStore, type Open } from '../../stores.ts'
import { wordsOf } from '../words.ts'

async function given(open: Open) {
  const app = await startApp(open)
  const { ask } = await signIn(app, { member: 'jsmith', role: 'admin' })
  const read = async (method: string, form?: Record<string, string>) => {
    const answer = await ask(method, '/settings/custom-fields', form)
    const html = await answer.text()
    return { status: answer.status, html, text: wordsOf(html) }
  }
  const chosen = async () => (await findTenant(app.scope.db, app.scope.tenant))?.lineSettings.crossReferences
  return { app, read, chosen, ask }
}

const none = { companyFieldId: '', agreementFieldId: '', additionFieldId: '' }

eachStore((open) => {
  describe('custom fields in the configuration', () => {
    it('are told how to be made where there are none, and chosen where there are (M23, Q12)', async () => {
      const { app, read, chosen, ask } = await given(open)
      const page = await ask('GET', '/settings/configuration')
      expect(await page.text()).toContain('hx-get="/settings/custom-fields"')
      const without = await read('GET')
      expect(without.html).toContain('<details open')
      expect(without.text).toContain('System › Setup Tables › Custom Fields')
      addCustomField(app.world, { id: 41, caption: 'Organization', screenId: 'CompanyOverview' })
      addCustomField(app.world, { id: 43, caption: 'Contract', screenId: 'AgreementOverview' })
      addCustomField(app.world, { id: 44, caption: 'Line', screenId: 'AgreementAdditions' })
      addCustomField(app.world, { id: 45, caption: 'Since', screenId: 'CompanyOverview', fieldTypeIdentifier: 'Date' })
      const offered = await read('GET')
      expect(offered.text).toContain('None Organization (CompanyOverview)')
      expect(offered.text).not.toContain('Since')
      const saved = await read('POST', { ...none, companyFieldId: '41', additionFieldId: '44', existing: 'on' })
      expect([saved.status, saved.text]).toEqual([200, expect.stringContaining('Cross references saved.')])
      expect(await chosen()).toEqual({ companyFieldId: 41, additionFieldId: 44, existing: true })
      const entry = (await listLedger(app.scope)).find(({ body }) => body.includes('cross references'))
      expect(JSON.parse(entry?.body ?? '{}')).toMatchObject({ member: 'jsmith', to: { companyFieldId: 41 } })
      await app.close()
    })

    it('are refused by name where they are of another record, and kept where ConnectWise does not say (M23)', async () => {
      const { app, read, chosen } = await given(open)
      addCustomField(app.world, { id: 43, caption: 'Contract', screenId: 'AgreementOverview' })
      const wrong = await read('POST', { ...none, companyFieldId: '43' })
      expect(wrong.status).toBe(422)
      expect(wrong.text).toContain('Account id, on the company: not a text field of ConnectWise: choose another')
      expect((await read('POST', { ...none, companyFieldId: '43x' })).status).toBe(422)
      expect(await chosen()).toEqual({ existing: false })
      app.manage.faults.add({ match: { path: /userDefinedFields/i }, fault: forbidden403() })
      expect((await read('GET')).text).toContain('The custom fields could not be read')
      expect((await read('POST', none)).status).toBeGreaterThanOrEqual(400)
      await app.close()
    })
  })
})
