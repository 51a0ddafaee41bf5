import { afterEach, describe, expect, it } from 'vitest'
import { listLogs } from '#db/logs.ts'
import { findNewestSnapshot } from '#db/snapshots.ts'
import { addAddition, addAgreement } from '../sandbox/manage/build.ts'
import { platformFaults } from '../sandbox/platform-faults.ts'
import type { App } from '../start.ts'
import { eachStore } from '../stores.ts'
import { givenVendor } from './http-given.ts'

eachStore((open) => {
  let app: App | undefined
  afterEach(() => app?.close())
  const given = async (users: number) => {
    const made = await givenVendor(open, users)
    app = made
    return made
  }

  describe('a source that is asked', () => {
    it('K16, V24: is asked once in each run, before ConnectWise, and what it says is written', async () => {
      const app = await given(12)
      const run = await app.sync()
      expect(run).toMatchObject({ state: 'done', changes: { updated: 1, failed: 0 } })
      expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
      expect(app.api.requests).toHaveLength(2)
      expect(await findNewestSnapshot(app.scope, app.source)).toMatchObject({ complete: true, accountCount: 25 })
      app.platform.leave('A-17', 'A-17-12')
      expect((await app.preview()).details[0]).toMatchObject({ account: 'A-17', fields: { quantity: [12, 11] } })
      expect(app.api.requests).toHaveLength(4)
      expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
      expect(await app.stored()).toMatchObject({ problem: null, collectedAt: app.clock.now() })
    })

    it('4.10, V18: fails alone: nothing of it is written, the others go on, and the next success clears it', async () => {
      const app = await given(12)
      addAddition(app.world, {
        id: 302,
        agreement: addAgreement(app.world, { id: 88, company: 250 }),
        product: 512,
        quantity: 5,
      })
      await app.map({ account: 'P-1', agreementId: 88, additionId: 302 })
      await app.say({ 'P-1': 6 })
      app.api.fault = platformFaults['web page']
      const run = await app.sync()
      const cause = 'Vendor could not be read: The platform gave a web page instead of data'
      expect(run).toMatchObject({ state: 'failed', changes: { updated: 1, skipped: 1 } })
      expect(run.cause).toContain(cause)
      expect(run.details.find(({ account }) => account === 'A-17')).toMatchObject({ outcome: 'skipped' })
      expect(run.details.find(({ account }) => account === 'A-17')?.reason).toContain(cause)
      expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
      expect(app.world.additions.get(302)?.quantity).toBe(6)
      expect(await app.stored()).toMatchObject({ problemAt: app.clock.now() })
      const logs = await listLogs(app.scope, { since: 0, readable: 'all' }, { size: 50, number: 1 })
      expect(logs.filter(({ event }) => event === 'source.unread')).toMatchObject([{ level: 'error' }])
      expect(logs.find(({ event }) => event === 'run.finished')).toMatchObject({ level: 'error' })
      app.api.fault = undefined
      expect(await app.sync()).toMatchObject({ state: 'done', changes: { updated: 1 } })
      expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
      expect(await app.stored()).toMatchObject({ problem: null, problemAt: null })
    })
  })
})
