import { eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { plainLineSettings } from '#billing/lines/settings.ts'
import { save } from '#db/db.ts'
import { accounts } from '#db/schema.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import { approvePlan } from '#sync/approve/approve.ts'
import { goOn } from '#sync/start-run.ts'
import { type Contoso, givenContoso } from '../../given.ts'
import { addLines } from '../../lines-given.ts'
import { addAgreement, addCompany, addCustomField } from '../../sandbox/manage/build.ts'
import { forbidden403, personEdits, reset, withoutCustomFields } from '../../sandbox/manage/faults.ts'
import { emptyWorld } from '../../sandbox/manage/world.ts'
import { eachStore, type Open, onSqlite } from '../../stores.ts'

const fields = { companyFieldId: 41, agreementFieldId: 43 }

/** Contoso, whose platform's lines were loaded, with the custom fields chosen for companies and agreements that exist. */
async function given(open: Open, crossReferences: object = { ...fields, existing: true }): Promise<Contoso> {
  const world = emptyWorld()
  addCustomField(world, { id: 41, caption: 'Organization', screenId: 'CompanyOverview' })
  addCustomField(world, { id: 42, caption: 'Region', screenId: 'CompanyOverview' })
  addCustomField(world, { id: 43, caption: 'Contract', screenId: 'AgreementOverview' })
  const app = await givenContoso(open, 12, { world })
  await app.say({ 'A-17': 12 })
  await addLines(app.scope, [{ line: 'L-1', status: 'synced', mapping: 'mapped' }])
  const { db, tenant } = app.scope
  const settings = { ...plainLineSettings, crossReferences: { existing: false, ...crossReferences } }
  const account = {
    tenantId: tenant,
    sourceId: 'src',
    account: 'A-17',
    name: 'Account A-17',
    firstSeenAt: 1,
    lastSeenAt: 1,
  }
  const chosen = { companyId: 250, agreementId: 87, include: true }
  await save(db, [
    saveTenantSettings(app.scope, { lineSettings: settings }),
    db
      .insert(accounts)
      .values({ ...account, ...chosen })
      .onConflictDoUpdate({ target: [accounts.tenantId, accounts.sourceId, accounts.account], set: chosen }),
  ])
  const company = world.companies.get(250)
  if (company) company.customFields = [{ id: 42, value: 'North' }]
  return app
}

const valuesOf = ({ world }: Contoso) => ({
  company: world.companies.get(250)?.customFields?.map(({ id, value }) => [id, value]),
  agreement: world.agreements.get(87)?.customFields?.map(({ id, value }) => [id, value]),
})

eachStore((open) => {
  it('writes the ids of accounts to companies and agreements that were there, as rows of the plan (M23)', async () => {
    const app = await given(open)
    const preview = await app.preview()
    expect(preview.changes).toMatchObject({ held: 2 })
    expect(valuesOf(app).company).toEqual([[42, 'North']])
    const first = await app.sync()
    expect(first).toMatchObject({ state: 'done', changes: { updated: 2, failed: 0 } })
    expect(valuesOf(app)).toEqual({
      company: [
        [41, 'A-17'],
        [42, 'North'],
      ],
      agreement: [[43, 'Account A-17']],
    })
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 0, held: 0, skipped: 0 } })
    await app.close()
  })
})

onSqlite((open) => {
  it('writes nothing to records that were there without the second switch (M23, P20)', async () => {
    const app = await given(open, fields)
    expect(await app.sync()).toMatchObject({ changes: { updated: 0 } })
    expect(valuesOf(app)).toEqual({ company: [[42, 'North']], agreement: undefined })
    await app.close()
  })

  it('holds a value that somebody else wrote, and writes it with a yes (M23)', async () => {
    const app = await given(open, { companyFieldId: 41, existing: true })
    const company = app.world.companies.get(250)
    if (company) company.customFields = [{ id: 41, value: 'old-17' }]
    expect(await app.sync()).toMatchObject({ state: 'held', changes: { held: 1 } })
    expect(valuesOf(app).company).toEqual([[41, 'old-17']])
    expect(await app.sync({ approveAs: 'ffin' })).toMatchObject({ changes: { updated: 1 } })
    expect(valuesOf(app).company?.[0]).toEqual([41, 'A-17'])
    await app.close()
  })

  it('leaves a field that changed since the plan (M23)', async () => {
    const app = await given(open, { companyFieldId: 41, existing: true })
    const match = { method: 'GET', path: /companies\/250/, times: 1 }
    const edit = personEdits((world) => {
      const company = world.companies.get(250)
      if (company) company.customFields = [{ id: 41, value: 'theirs' }]
    })
    app.manage.faults.add({ match, fault: edit })
    const { details } = await app.sync()
    expect(details.map(({ outcome, reason }) => `${outcome}: ${reason}`)).toEqual([
      'held: changed since the plan: the field holds theirs now',
    ])
    expect(valuesOf(app).company).toEqual([[41, 'theirs']])
    await app.close()
  })

  it('says which right is missing, tries one record a run until it is there, and bills on (M23)', async () => {
    const app = await given(open)
    const fault = app.manage.faults.add({ match: { method: 'PATCH', path: /companies\/250$/ }, fault: forbidden403() })
    const { details, state } = await app.sync()
    expect(state).toBe('failed')
    expect(details.map(({ outcome, reason }) => `${outcome}: ${reason}`)).toEqual([
      expect.stringMatching(/^failed: .*Companies › Company Maintenance › Edit/),
      'updated: the agreement gets what its source calls it',
    ])
    fault.remove()
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
    await app.close()
  })

  it('does not send again what ConnectWise accepts and does not show (M23)', async () => {
    const app = await given(open, { companyFieldId: 41, existing: true })
    const spoilt = [
      app.manage.faults.add({ match: { method: 'PATCH' }, fault: withoutCustomFields() }),
      app.manage.faults.add({
        match: { method: 'GET', path: /companies\/250/, nth: 2 },
        fault: withoutCustomFields(),
      }),
    ]
    expect((await app.sync()).details).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('does not say what the field holds') },
    ])
    for (const fault of spoilt) fault.remove()
    const company = app.world.companies.get(250)
    if (company) company.customFields = []
    const again = await app.sync()
    expect(again.details).toMatchObject([
      { outcome: 'skipped', reason: expect.stringContaining('it is not sent again') },
    ])
    expect(valuesOf(app).company).toEqual([])
    await app.close()
  })

  it('plans nothing where ConnectWise does not say what fields hold, or has none of them (M23)', async () => {
    const app = await given(open, { companyFieldId: 41, existing: true })
    const fault = app.manage.faults.add({ match: { path: /companies\?/ }, fault: withoutCustomFields() })
    expect((await app.sync()).details).toMatchObject([
      { outcome: 'skipped', reason: 'ConnectWise does not say what custom fields of a company hold' },
    ])
    fault.remove()
    app.world.userDefinedFields.delete(41)
    expect((await app.sync()).details).toMatchObject([
      { outcome: 'skipped', reason: expect.stringContaining('not in ConnectWise any more') },
    ])
    await app.close()
  })

  it('looks up a write that had no answer before it is sent again (M23)', async () => {
    const app = await given(open, { companyFieldId: 41, existing: true })
    app.manage.faults.add({ match: { method: 'PATCH', times: 1 }, fault: reset('afterCommit') })
    expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
    expect(valuesOf(app).company?.[0]).toEqual([41, 'A-17'])
    await app.close()
  })

  it('names every account on a company whichever of them is asked for, and writes to no other company’s (M23)', async () => {
    const app = await given(open)
    const { world, scope } = app
    addCompany(world, { id: 251, identifier: 'Fabrikam', name: 'Fabrikam' })
    addAgreement(world, { id: 89, company: 251, name: 'Theirs', startDate: '2026-01-01T00:00:00Z' }, '2026-11-17')
    const [row] = await scope.db.select().from(accounts).where(eq(accounts.account, 'A-17'))
    if (!row) throw new Error('no account')
    await save(scope.db, [
      scope.db.insert(accounts).values({ ...row, account: 'B-2', name: 'Account B-2', agreementId: 89 }),
    ])
    await app.map({ account: 'C-3', companyId: 251, agreementId: 89, productId: 512 })
    await app.sync()
    const both = () => world.companies.get(250)?.customFields?.find(({ id }) => id === 41)?.value
    expect(both()).toBe('A-17, B-2')
    expect(await app.sync({ source: 'src', accounts: ['A-17'] })).toMatchObject({ changes: { updated: 0 } })
    expect(both()).toBe('A-17, B-2')
    expect(world.agreements.get(89)?.customFields ?? []).toEqual([])
    await app.close()
  })

  it('writes nothing where the switch, the field or the account’s company changed since the plan (M23)', async () => {
    const app = await given(open, { companyFieldId: 41, existing: true })
    const { world, scope, deps } = app
    const company = world.companies.get(250)
    addCompany(world, { id: 251, identifier: 'Fabrikam', name: 'Fabrikam' })
    const settingsOf = (crossReferences: object) =>
      saveTenantSettings(scope, {
        lineSettings: { ...plainLineSettings, crossReferences: { existing: true, ...crossReferences } },
      })
    const changes = [
      () => settingsOf({ companyFieldId: 41, existing: false }),
      () => settingsOf({ companyFieldId: 42 }),
      () => scope.db.update(accounts).set({ companyId: 251 }).where(eq(accounts.account, 'A-17')),
    ]
    for (const change of changes) {
      if (company) company.customFields = [{ id: 41, value: 'old' }]
      await save(scope.db, [settingsOf({ companyFieldId: 41 })])
      const { plan, run } = await app.sync()
      await save(scope.db, [change()])
      await approvePlan(deps, scope, plan ?? '', { member: 'ffin' })
      goOn(deps, scope, run)
      await app.settled()
      expect(valuesOf(app).company?.[0]).toEqual([41, 'old'])
    }
    await app.close()
  })
})
