import { afterEach, describe, expect, it } from 'vitest'
import { findNewestRun, listOpenRuns } from '#db/runs.ts'
import { startRun } from '#sync/start-run.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { addAddition, addAgreement, addCompany } from '../sandbox/manage/build.ts'
import { signIn } from '../session/signed-in.ts'
import type { Options } from '../start.ts'
import { openMemory } from '../stores.ts'

let app: Contoso | undefined
afterEach(() => app?.close())

async function given(quantity: number, options: Options = {}) {
  app = await givenContoso(openMemory, quantity, options)
  const fay = await signIn(app, { member: 'FFinance', role: 'finance' })
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
    expect(ended.headers.get('HX-Trigger')).toBe('written')
    const text = await ended.text()
    expect(text).toContain('Done: updated 1.')
    expect(text).not.toContain('every 1s')
    expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
    expect(await findNewestRun(app.scope)).toMatchObject({ startedBy: 'FFinance', state: 'done' })
  })
})
