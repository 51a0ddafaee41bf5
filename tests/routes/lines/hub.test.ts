import { expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import { signIn } from '../../session/signed-in.ts'
import { eachStore, type Open, onSqlite } from '../../stores.ts'
import { givenMarketplace, line, mapAccount, sayLines } from '../../sync/lines/given.ts'
import { wordsOf } from '../words.ts'

/** A-17 is Contoso; are nobody yet; one offer has no product. The first lines of A-17 wait. */
async function given(open: Open) {
  const app = await givenMarketplace(open)
  const nobody = { companyId: null as unknown as number, agreementId: null, include: false }
  await mapAccount(app, 'A-18', nobody)
  await mapAccount(app, 'A-19', nobody)
  const small = line({ id: 'L1', quantity: '1' })
  const large = line({ id: 'L2', quantity: '30' })
  await sayLines(app, {
    'A-17': [line({ id: 'L3' }), line({ id: 'L4', offer: 'NEW', quantity: '2' })],
    'A-18': [small],
    'A-19': [large],
  })
  await app.sync()
  const read = async (role: 'technician' | 'finance') => {
    const { ask } = await signIn(app, { member: role, role })
    return async (path: string) => wordsOf(await (await ask('GET', path)).text())
  }
  return { app, read }
}

eachStore((open) => {
  it('the dashboard lists organizations and offers that nobody mapped, the most money first (X11, V13)', async () => {
    const { app, read } = await given(open)
    const finance = await (await read('finance'))('/dashboard')
    expect(finance).toContain('Invoice lines 4 not synced')
    expect(finance).toContain('3 unmapped, 1 held')
    const revenue = ['Account A-19, 1 invoice line', '600.00 USD', 'Account A-17, 1 invoice line', 'Account A-18']
    const places = revenue.map((text) => finance.indexOf(text))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places[0]).toBeGreaterThan(0)
    expect(finance).toContain('Account A-17, Business Premium - CycleFee ! Held 60.00 USD a cycle')
    expect(finance).toContain('4 invoice lines of November 2026 loaded')
    const technician = await (await read('technician'))('/dashboard')
    expect(technician).toContain('Account A-19, 1 invoice line')
    expect(technician).not.toContain('600.00')
    await app.close()
  })
})

onSqlite((open) => {
  it('why it did not run tells what of the invoice lines is not posted, and why (X19)', async () => {
    const { app, read } = await given(open)
    const ask = await read('finance')
    const said = 'Loaded up to November 2026; 4 not synced, 3 not mapped, 1 waiting for a person.'
    expect(await ask('/help')).toContain(said)
    await save(app.scope.db, [saveTenantSettings(app.scope, { defaultAgreementTypeId: null })])
    expect(await ask('/help')).toContain('no agreement type is chosen')
    await app.close()
  })

  it('accounts whose lines are billed to their company are not counted as unmapped (X11)', async () => {
    const { app, read } = await given(open)
    expect(await (await read('finance'))('/dashboard')).toContain('Accounts without a mapping 2 unmapped')
    await app.close()
  })

  it('the dashboard tells no sum to finance from whom ConnectWise keeps prices (8.2)', async () => {
    const { app, read } = await given(open)
    await app.sync({ approveAs: 'ffin' })
    app.manage.faults.add({
      match: { path: /\/additions/ },
      fault: {
        name: 'prices hidden',
        answer: async ({ request }, pass) =>
          request.headers.get('cookie')?.includes('memberId=finance') ? Response.json([{ id: 1 }]) : pass(),
      },
    })
    const text = await (await read('finance'))('/dashboard')
    expect(text).toContain('Account A-19, 1 invoice line')
    expect(text).not.toContain('600.00')
    await app.close()
  })
})
