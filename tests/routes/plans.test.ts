import { afterEach, describe, expect, it } from 'vitest'
import { findPlan } from '#db/plans.ts'
import { findTenant } from '#db/tenants.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { setLevel } from '../sandbox/manage/rights.ts'
import { addStaff } from '../sandbox/manage/world.ts'
import { signIn } from '../session/signed-in.ts'
import type { Options } from '../start.ts'
import { openMemory } from '../stores.ts'

let app: Contoso | undefined
afterEach(() => app?.close())

async function given(quantity: number, options: Options = {}) {
  const made = await givenContoso(openMemory, quantity, options)
  app = made
  addStaff(made.world)
  return Object.assign(made, { fay: await signIn(made, { member: 'ffin', role: 'finance' }) })
}

/** A plan that waits: 10 in ConnectWise, 20 at the source. */
async function waiting(options: Options = {}) {
  const made = await given(10, options)
  await made.say({ 'A-17': 20 })
  const { plan } = await made.sync()
  return Object.assign(made, { plan: plan ?? '' })
}

const fingerprintIn = (text: string) => /name="fingerprint" value="([^"]+)"/.exec(text)?.[1] ?? ''

describe('a plan that waits', () => {
  it('shows before and after, money, invoice, source and the hold, and is approved as shown (V1, V8)', async () => {
    const made = await waiting()
    const shown = await (await made.fay.ask('GET', `/plans/${made.plan}`)).text()
    for (const words of [
      'Contoso Ltd',
      'Account A-17',
      'rises by 10 from 10, above 5',
      'users 20; lands on December 2026, next invoice 2026-12-01',
      '+100.00 USD a month',
      'Platform, 2026-11-17 12:00',
      'Managed Services',
      'Approve 1 change',
    ])
      expect(shown).toContain(words)
    const form = { fingerprint: fingerprintIn(shown), note: 'agreed with Contoso' }
    const approved = await made.fay.ask('POST', `/plans/${made.plan}/approval`, form)
    expect(approved.status).toBe(200)
    expect(await approved.text()).toContain('every 2s')
    await made.settled()
    expect(made.held()).toEqual([{ id: 301, quantity: 20 }])
    const rows = await made.fay.ask('GET', `/plans/${made.plan}/rows?page=1&live=1`)
    expect(rows.headers.get('HX-Trigger')).toBe('written')
    const text = await rows.text()
    expect(text).toContain('Updated')
    expect(text).not.toContain('every 2s')
    expect((await made.fay.ask('GET', `/plans/${made.plan}/rows`)).headers.get('HX-Trigger')).toBeNull()
  })

  it('is not approved by another fingerprint, nor twice, nor when a newer plan speaks of the same', async () => {
    const made = await waiting()
    const fingerprint = (await findPlan(made.scope, made.plan))?.fingerprint ?? ''
    const approve = (print: string) => made.fay.ask('POST', `/plans/${made.plan}/approval`, { fingerprint: print })
    const wrong = await approve('other')
    expect([wrong.status, wrong.headers.get('HX-Retarget')]).toEqual([409, '#notice'])
    expect(await wrong.text()).toContain('is not the one you saw: look at it again')
    await made.say({ 'A-17': 21 })
    await made.sync()
    const stale = await approve(fingerprint)
    expect([stale.status, await stale.text()]).toEqual([
      409,
      expect.stringContaining('a newer plan speaks of the same'),
    ])
    expect(made.held()).toEqual([{ id: 301, quantity: 10 }])
  })

  it('is dismissed, and nothing of it is written', async () => {
    const made = await waiting()
    const text = await (await made.fay.ask('POST', `/plans/${made.plan}/dismissal`)).text()
    expect(text).toContain('Dismissed by ffin')
    expect(made.held()).toEqual([{ id: 301, quantity: 10 }])
  })
})

describe('what a member may not see', () => {
  it('is not in a plan: it says how many lines, and the plan is not approved or dismissed by them', async () => {
    const made = await waiting()
    const fingerprint = (await findPlan(made.scope, made.plan))?.fingerprint ?? ''
    setLevel(made.world, 'ffin', 'Finance > Agreements', 'inquire', 'None')
    const text = await (await made.fay.ask('GET', `/plans/${made.plan}`)).text()
    expect(text).toContain('Not shown: 1 of companies or agreements that you may not read')
    expect(text).toContain('You cannot approve it: 1 of its changes')
    for (const hidden of ['Contoso', 'A-17', 'rises by 10']) expect(text).not.toContain(hidden)
    for (const place of ['approval', 'dismissal']) {
      const answer = await made.fay.ask('POST', `/plans/${made.plan}/${place}`, { fingerprint })
      expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('You cannot approve it')])
    }
    expect((await findPlan(made.scope, made.plan))?.state).toBe('waiting')
  })

  it('as a technician is money and every button; a line says who has them (8.2)', async () => {
    const made = await waiting()
    await made.map({ ...made.mapping, rule: { write: ['quantity', 'price'] }, confirmedRule: null })
    await made.say({ 'A-17': 20 }, { money: { unitPrice: '11.11', currency: 'USD' } })
    const { plan, run } = await made.sync()
    const tom = await signIn(made, { member: 'tina', role: 'technician' })
    for (const path of [`/plans/${plan}`, `/runs/${run}`, '/plans', '/plans?show=waiting']) {
      const answer = await tom.ask('GET', path)
      const text = await answer.text()
      expect([path, answer.status]).toEqual([path, 200])
      expect(text).not.toMatch(/11\.11|USD|122\.2|Approve 1|>Dismiss</)
    }
    const text = await (await tom.ask('GET', `/plans/${plan}`)).text()
    expect(text).toContain('Somebody with the finance role in TrueUp approves or dismisses it.')
    expect(text).toContain('from-to')
    const finance = await (await made.fay.ask('GET', `/plans/${plan}`)).text()
    expect(finance).toContain('the price changes from 10 to 11.11')
    expect(await (await made.fay.ask('GET', '/plans')).text()).toContain('+122.20 USD a month')
  })
})

describe('a conflict in a plan', () => {
  async function conflict() {
    const made = await given(14)
    await made.say({ 'A-17': 15 })
    await made.sync()
    made.manage.edit(made.addition, { quantity: 14 }, 'Pat')
    await made.say({ 'A-17': 16 })
    const { plan } = await made.sync()
    const text = await (await made.fay.ask('GET', `/plans/${plan}`)).text()
    return Object.assign(made, { plan: plan ?? '', text, path: /hx-post="([^"]+choice)"/.exec(text)?.[1] ?? '' })
  }

  it('shows the three values and offers the three choices (V4)', async () => {
    const { text } = await conflict()
    const plain = text.replace(/<[^>]+>/g, '')
    expect(plain).toContain('TrueUp last wrote 15, ConnectWise holds 14, the source says 16.')
    expect(plain).toContain('Last changed in ConnectWise by Pat')
    for (const words of ['Keep theirs: 14', 'Take the source&#39;s: 16', 'Pin until', 'value="2026-12-17"'])
      expect(text).toContain(words)
  })

  it.each([
    ['keep', 'Kept: 14 stays until the source no longer says 16.', 14],
    ['take', 'Taken: 16 is written now.', 16],
    ['pin', 'Pinned: 14 stays until the day has passed.', 14],
  ])('%s: says what was chosen, and it is so', async (choice, words, quantity) => {
    const made = await conflict()
    const answer = await made.fay.ask('POST', made.path, {
      choice,
      ...(choice === 'pin' ? { until: '2026-12-24' } : {}),
    })
    expect([answer.status, answer.headers.get('HX-Trigger')]).toEqual([200, choice === 'take' ? null : 'chosen'])
    expect(await answer.text()).toContain(words)
    await made.settled()
    expect(made.held()).toEqual([{ id: 301, quantity }])
    expect(await (await made.fay.ask('GET', `/plans/${made.plan}`)).text()).toContain(
      choice === 'take' ? 'Updated' : 'Skipped',
    )
    const again = await made.fay.ask('POST', made.path, { choice: 'keep' })
    expect([again.status, await again.text()]).toEqual([409, expect.stringContaining('chosen here already')])
  })

  it('refuses a day that is none, and a choice there is not', async () => {
    const made = await conflict()
    for (const form of [
      { choice: 'pin', until: '2026-02-30' },
      { choice: 'pin', until: '2030-01-01' },
      { choice: 'x' },
    ])
      expect((await made.fay.ask('POST', made.path, form as Record<string, string>)).status).toBe(422)
    expect((await made.fay.ask('POST', `/plans/${made.plan}/rows/x/choice`, { choice: 'keep' })).status).toBe(404)
  })
})

describe('a tenant that only observes (G16)', () => {
  it('goes live by the approval of a first plan, also when nothing in it waits', async () => {
    const made = await given(10, { observe: true })
    await made.say({ 'A-17': 10 })
    const { plan } = await made.sync()
    const text = await (await made.fay.ask('GET', `/plans/${plan}`)).text()
    expect(text).toContain('Nothing to change')
    expect(text).toContain('Approve and go live')
    const answer = await made.fay.ask('POST', `/plans/${plan}/approval`, { fingerprint: fingerprintIn(text) })
    expect(answer.status).toBe(200)
    expect((await findTenant(made.deps.db, made.scope.tenant))?.mode).toBe('live')
    expect(await (await made.fay.ask('GET', `/plans/${plan}`)).text()).not.toContain('go live')
  })
})

describe('a dry run', () => {
  it('shows what a sync would change, writes nothing and keeps no plan; a technician may', async () => {
    const made = await given(10)
    await made.say({ 'A-17': 12 })
    const tina = await signIn(made, { member: 'tina', role: 'technician' })
    const answer = await tina.ask('POST', '/dry-runs', { company: '250' })
    const text = await answer.text()
    expect(answer.status).toBe(200)
    for (const words of ['1 would be written.', 'nothing was written, and no plan was kept', 'Contoso Ltd', 'Pending'])
      expect(text).toContain(words)
    expect(made.held()).toEqual([{ id: 301, quantity: 10 }])
    expect(await (await tina.ask('GET', '/plans?show=all')).text()).toContain('No plan yet.')
  })
})
