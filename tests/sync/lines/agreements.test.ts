import { expect, test } from 'vitest'
import { listCreations } from '#db/creations.ts'
import { save } from '#db/db.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import { reset } from '../../sandbox/manage/faults.ts'
import { eachStore, onSqlite } from '../../stores.ts'
import { horizon, live } from '../tools.ts'
import { givenMarketplace, line, load, type Marketplace, mapAccount, sayLines } from './given.ts'

/** ConnectWise takes no line that starts before its agreement. */
const late = (given: Parameters<typeof line>[0]) => line({ chargeStart: '2026-11-05', ...given })

const made = ({ world }: Marketplace) => world.agreements.rows().filter(({ id }) => id !== 87)

eachStore((open) => {
  test('two lines without an agreement make one, named as its type, from the invoice on; later lines go to it (P13, 4.3)', async () => {
    const app = await givenMarketplace(open, { agreement: null })
    await sayLines(app, { 'A-17': [late({ id: 'L1' }), late({ id: 'L2', invoicedOn: '2026-11-04' })] })
    expect((await app.preview()).changes).toMatchObject({ held: 3 })
    expect(await listCreations(app.scope)).toEqual([])
    const run = await app.sync({ approveAs: 'ffin' })
    expect(run.changes).toMatchObject({ created: 3 })
    const [agreement] = made(app)
    expect(made(app)).toHaveLength(1)
    expect(agreement).toMatchObject({ name: app.world.agreementTypes.get(1)?.name, company: { id: 250 } })
    expect(agreement?.startDate?.slice(0, 10)).toBe('2026-11-04')
    const lines = await app.stored()
    expect([...lines.values()].map(({ placedAgreementId }) => placedAgreementId)).toEqual([
      agreement?.id,
      agreement?.id,
    ])
    if (agreement) agreement.name = 'Renamed'
    app.clock.advance(60_000)
    const later = ['L1', 'L2', 'L3'].map((id) => late({ id, ...(id === 'L2' ? { invoicedOn: '2026-11-04' } : {}) }))
    await sayLines(app, { 'A-17': later })
    expect((await app.sync({ approveAs: 'ffin' })).changes).toMatchObject({ created: 1 })
    expect(made(app)).toHaveLength(1)
    expect(app.held(agreement?.id)).toHaveLength(3)
    await app.close()
  })
})

onSqlite((open) => {
  test('a company without a contact waits, and the contact is asked for (4.3, P18)', async () => {
    const app = await givenMarketplace(open, { agreement: null })
    const company = app.world.companies.get(250)
    if (company) delete company.defaultContact
    for (const contact of app.world.contacts.rows())
      Object.assign(contact, { defaultFlag: false, defaultBillingFlag: false })
    await sayLines(app, { 'A-17': [late({ id: 'L1' })] })
    const run = await app.sync({ approveAs: 'ffin' })
    expect(run.changes).toMatchObject({ created: 0, held: 2 })
    expect((await app.stored()).get('L1')).toMatchObject({ status: 'held' })
    expect((await app.stored()).get('L1')?.reason).toContain('no default contact')
    await app.close()
  })

  test('the agreement made for a company has ended: its lines wait, and no second one is made (4.3)', async () => {
    const app = await givenMarketplace(open, { agreement: null })
    await sayLines(app, { 'A-17': [late({ id: 'L1' })] })
    await app.sync({ approveAs: 'ffin' })
    const [agreement] = made(app)
    if (agreement) Object.assign(agreement, { cancelledFlag: true, agreementStatus: 'Cancelled' })
    app.clock.advance(60_000)
    await sayLines(app, { 'A-17': [late({ id: 'L1' }), late({ id: 'L2' })] })
    const run = await app.sync({ approveAs: 'ffin' })
    expect(run.changes).toMatchObject({ created: 0, held: 1 })
    expect((await app.stored()).get('L2')).toMatchObject({ status: 'held' })
    const ended = 'the agreement created for this company has ended'
    expect((await app.stored()).get('L2')?.reason).toContain(ended)
    app.world.agreements.delete(agreement?.id ?? 0)
    expect((await app.sync({ approveAs: 'ffin' })).changes).toMatchObject({ created: 0, held: 1 })
    expect((await app.stored()).get('L2')).toMatchObject({ status: 'held', reason: expect.stringContaining(ended) })
    expect(made(app)).toEqual([])
    await app.close()
  })

  test('a default type that ConnectWise does not offer any more makes nothing, and the lines say so (M28)', async () => {
    const app = await givenMarketplace(open, { agreement: null })
    await save(app.scope.db, [saveTenantSettings(app.scope, { defaultAgreementTypeId: 99 })])
    await sayLines(app, { 'A-17': [late({ id: 'L1' })] })
    const run = await app.sync({ approveAs: 'ffin' })
    expect(run.changes).toMatchObject({ created: 0, skipped: 1 })
    expect((await app.stored()).get('L1')?.reason).toContain('does not offer the default agreement type')
    await app.close()
  })

  test('a new agreement in another currency takes no line (4.3, 4.7, P16)', async () => {
    const app = await givenMarketplace(open, { agreement: null })
    const company = app.world.companies.get(250)
    if (company) company.currency = { id: 2 }
    await sayLines(app, { 'A-17': [late({ id: 'L1' })] })
    await app.sync({ approveAs: 'ffin' })
    expect(made(app)).toHaveLength(1)
    expect(app.held(made(app)[0]?.id)).toEqual([])
    expect((await app.stored()).get('L1')?.reason).toContain('USD')
    await app.close()
  })

  test('a lost answer to the creation holds all lines that need it until it is settled, and one is made (4.3)', async () => {
    const app = await givenMarketplace(open, { agreement: null })
    await sayLines(app, { 'A-17': [late({ id: 'L1' }), late({ id: 'L2' })] })
    app.manage.faults.add({
      match: { method: 'POST', path: /finance\/agreements$/, times: 1 },
      fault: reset('afterCommit'),
    })
    const run = await app.sync({ approveAs: 'ffin' })
    expect(run.changes).toMatchObject({ created: 0, unknown: 1, held: 2 })
    await live(app, horizon + 120_000)
    await app.sync({ approveAs: 'ffin' })
    expect(made(app)).toHaveLength(1)
    expect(app.held(made(app)[0]?.id)).toHaveLength(2)
    await app.close()
  })

  test('two accounts of one company: their lines name their agreement, else they are not mapped (M9, 4.6)', async () => {
    const app = await givenMarketplace(open)
    await mapAccount(app, 'A-18', { companyId: 250, agreementId: null })
    await sayLines(app, { 'A-17': [late({ id: 'L1' })], 'A-18': [late({ id: 'L2' })] })
    await load(app)
    expect((await app.sync({ approveAs: 'ffin' })).changes).toMatchObject({ created: 0, skipped: 2 })
    expect((await app.stored()).get('L2')?.lacks).toContain('two accounts share this company')
    await app.close()
  })

  test('no line is posted before there is a default agreement type, and none by schedule where that is off (K14, S10, S13)', async () => {
    const app = await givenMarketplace(open)
    await sayLines(app, { 'A-17': [late({ id: 'L1' })] })
    await save(app.scope.db, [saveTenantSettings(app.scope, { defaultAgreementTypeId: null })])
    expect((await app.sync({ approveAs: 'ffin' })).changes).toMatchObject({ created: 0, held: 0 })
    const id = (await app.stored()).get('L1')?.id ?? ''
    const single = await app.sync({ lines: [id], approveAs: 'ffin' })
    expect(single).toMatchObject({ state: 'failed', cause: expect.stringContaining('default agreement type') })
    await app.close()
  })
})
