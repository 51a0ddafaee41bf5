import { afterEach, describe, expect, it } from 'vitest'
import { findPlan } from '#db/plans.ts'
import { type Contoso, givenContoso } from '../given.ts'
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
