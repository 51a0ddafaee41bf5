import { afterEach, describe, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { findNewestRun, listOpenRuns, saveRun } from '#db/runs.ts'
import { saveTenantState } from '#db/tenants.ts'
import { startRun } from '#sync/start-run.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { addAddition, addAgreement, addCompany } from '../sandbox/manage/build.ts'
import { status } from '../sandbox/manage/faults/fault-kinds.ts'
import { setLevel } from '../sandbox/manage/rights.ts'
import { addStaff } from '../sandbox/manage/world.ts'
import { signIn } from '../session/signed-in.ts'
import type { Options } from '../start.ts'
import { openMemory } from '../stores.ts'
import { patch, patches } from '../sync/tools.ts'

let app: Contoso | undefined
afterEach(() => app?.close())

async function given(quantity: number, options: Options = {}) {
  app = await givenContoso(openMemory, quantity, options)
  addStaff(app.world)
  const fay = await signIn(app, { member: 'ffin', role: 'finance' })
  return { app, fay }
}

describe('a sync on demand', () => {
  it('answers at once, shows how far it is, and ends with what happened (X2, V18)', async () => {
    const { app, fay } = await given(10)
    await app.say({ 'A-17': 12 })
    const started = await fay.ask('POST', '/runs', {})
    const shown = await started.text()
    expect(started.status).toBe(200)
    expect(shown).toContain('Reading agreements: 0 of 1.')
    expect(shown).toContain('Sync started.')
    const address = /hx-get="(\/runs\/[^"]+\/progress)"/.exec(shown)?.[1] ?? ''
    expect((await fay.ask('GET', address)).headers.get('HX-Trigger')).toBeNull()

    await app.settled()
    const ended = await fay.ask('GET', address)
    expect(ended.headers.get('HX-Trigger')).toBe('written, ended')
    const text = await ended.text()
    expect(text).toContain('Done: updated 1.')
    expect(text).not.toContain('every 1s')
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
    expect(await findNewestRun(app.scope)).toMatchObject({ startedBy: 'ffin', state: 'done' })
  })
})

describe('the runs there were', () => {
  it('says “Never run” before the first, then what each did, why lines were skipped, and leads to the log (X8, X13)', async () => {
    const { app, fay } = await given(10)
    expect(await (await fay.ask('GET', '/runs')).text()).toContain('Never run')
    await app.map({ account: 'B-2', agreementId: 87, additionId: 301, include: false })
    await app.say({ 'A-17': 12, 'B-1': 3 })
    const { run } = await app.sync()
    const list = await (await fay.ask('GET', '/runs')).text()
    for (const words of ['2026-11-17 12:00', 'by test', 'Everything', 'updated 1, skipped 2', `/runs/${run}`])
      expect(list).toContain(words)
    const shown = await (await fay.ask('GET', `/runs/${run}`)).text()
    for (const words of ['Contoso Ltd', 'Updated', '<b>1</b> unmapped', '<b>1</b> excluded', `/logs?run=${run}`])
      expect(shown).toContain(words)
  })

  it('tries a failed line again, alone (X4, X21)', async () => {
    const { app, fay } = await given(10)
    const agreement = addAgreement(app.world, { id: 88, company: 250 })
    addAddition(app.world, { id: 302, agreement, product: 512, quantity: 5 })
    await app.map({ account: 'B-1', agreementId: 88, additionId: 302 })
    await app.say({ 'A-17': 12, 'B-1': 5 })
    app.manage.faults.add({ match: { ...patch, times: 1 }, fault: status(400) })
    const { run } = await app.sync()
    const failed = await (await fay.ask('GET', `/runs/${run}`)).text()
    expect(failed).toContain('Try again')
    const mapping = /name="mapping" value="([^"]+)"/.exec(failed)?.[1] ?? ''
    await app.say({ 'A-17': 12, 'B-1': 6 })
    expect((await fay.ask('POST', '/runs', { mapping })).status).toBe(200)
    await app.settled()
    expect(app.world.additions.get(301)?.quantity).toBe(12)
    expect(app.world.additions.get(302)?.quantity).toBe(5)
  })
})

it('says why a run failed; to a technician without a cost or price of one line in it (8.2)', async () => {
  const { app, fay } = await given(10)
  await app.say({ 'A-17': 12 })
  const { run } = await app.sync()
  const cause = 'The unitCost 4.123 cannot be sent to ConnectWise exactly.'
  await save(app.deps.db, [saveRun(app.scope, run, { state: 'failed', cause })])
  const tina = await signIn(app, { member: 'tina', role: 'technician' })
  for (const path of ['/companies/250', '/dashboard', '/runs', `/runs/${run}`, `/runs/${run}/progress`, '/help']) {
    expect([path, await (await fay.ask('GET', path)).text()]).toEqual([path, expect.stringContaining(cause)])
    expect([path, await (await tina.ask('GET', path)).text()]).toEqual([path, expect.not.stringContaining('4.123')])
  }
})

describe('a second press', () => {
  it('before the first has read is the same run, and another one waits its turn', async () => {
    const { app, fay } = await given(10)
    await app.say({ 'A-17': 12 })
    await fay.ask('POST', '/runs', { company: '250' })
    await fay.ask('POST', '/runs', { company: '250' })
    const second = await (await fay.ask('POST', '/runs', {})).text()
    expect(second).toContain('Waits for the run before it.')
    expect(await listOpenRuns(app.scope)).toHaveLength(2)
    await app.settled()
    expect(await listOpenRuns(app.scope)).toEqual([])
    expect(patches(app)).toHaveLength(1)
  })

  it('of a process that was stopped goes on with the next tick', async () => {
    const { app } = await given(10)
    await app.say({ 'A-17': 12 })
    await app.clock.run(startRun({ ...app.deps, later: () => undefined }, app.scope, { startedBy: 'ffin' }))
    await app.tick()
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
  })
})

describe('what is named', () => {
  it('runs only where its companies and agreements may be read in ConnectWise; everything is for finance to run', async () => {
    const { app, fay } = await given(10)
    await app.say({ 'A-17': 12 })
    const said = async (form: Record<string, string>) => {
      const answer = await fay.ask('POST', '/runs', form)
      return [answer.status, await answer.text()]
    }
    const named: Record<string, string>[] = [
      { company: '250' },
      { mapping: app.mapping.id },
      { account: 'A-17' },
      { source: app.mapping.sourceId, account: 'A-17' },
    ]
    setLevel(app.world, 'ffin', 'Finance > Agreements', 'inquire', 'None')
    for (const form of [...named, { agreement: '87' }])
      expect([form, ...(await said(form))]).toEqual([
        form,
        403,
        expect.stringContaining('Finance › Agreements › Inquire'),
      ])
    setLevel(app.world, 'ffin', 'Companies > Company Maintenance', 'inquire', 'None')
    app.clock.advance(301_000)
    for (const form of named)
      expect([form, ...(await said(form))]).toEqual([
        form,
        403,
        expect.stringContaining('Company Maintenance › Inquire'),
      ])
    await app.settled()
    expect(await findNewestRun(app.scope)).toBeUndefined()
    expect((await said({ source: app.mapping.sourceId }))[0]).toBe(200)
    await app.settled()
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
  })

  it('is understood whole: an unknown field, or two things at once, run nothing', async () => {
    const { app, fay } = await given(10)
    await app.say({ 'A-17': 12 })
    for (const [form, words] of [
      [{ company: '250', dry: '1' }, 'dry: not a field of this form'],
      [
        { company: '250', agreement: '87' },
        'name one company, one agreement, mappings, invoice lines, or a source and accounts',
      ],
      [{ account: 'X-1' }, 'No source lists account X-1.'],
    ] as const) {
      const answer = await fay.ask('POST', '/runs', form)
      expect(await answer.text()).toContain(words)
      expect([404, 422]).toContain(answer.status)
    }
    await app.settled()
    expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
    expect(await findNewestRun(app.scope)).toBeUndefined()
  })

  it('waits with at most nine others', async () => {
    const { app, fay } = await given(10)
    const accounts = Array.from({ length: 11 }, (_, i) => `B-${i}`)
    await app.say(Object.fromEntries(accounts.map((account) => [account, 1])))
    const said = []
    for (const account of accounts) said.push(await fay.ask('POST', '/runs', { account }))
    expect(said.map(({ status }) => status)).toEqual([...Array<number>(10).fill(200), 409])
    expect(await said[10]?.text()).toContain('10 runs are not finished yet')
    await app.settled()
  })
})

describe('what cannot be run', () => {
  it('is said in a sentence: nothing mapped, not readable, gone, not connected, not the role', async () => {
    const { app, fay } = await given(10)
    addCompany(app.world, { id: 251, identifier: 'Fabrikam', name: 'Fabrikam' })
    const said = async (form: Record<string, string>) => {
      const answer = await fay.ask('POST', '/runs', form)
      return [answer.status, await answer.text()]
    }
    expect(await said({ company: '251' })).toEqual([
      422,
      expect.stringContaining('No account is mapped to this company'),
    ])
    expect(await said({ company: '999' })).toEqual([403, expect.stringContaining('You cannot see this company')])
    expect(await said({ company: 'x' })).toEqual([422, expect.stringContaining('company: a number')])
    expect(await said({ mapping: 'gone' })).toEqual([404, expect.stringContaining('is gone')])
    expect(await said({ source: 'gone' })).toEqual([404, expect.stringContaining('no such source')])
    const tom = await signIn(app, { member: 'ttech' })
    expect((await tom.ask('POST', '/runs', {})).status).toBe(403)
    expect((await tom.ask('GET', '/runs')).status).toBe(200)
    await save(app.deps.db, [saveTenantState(app.scope, { state: 'attention', stateCause: 'keys', stateAt: 1 })])
    expect(await said({})).toEqual([409, expect.stringContaining('Nothing is run while acme is not connected: keys.')])
  })
})
