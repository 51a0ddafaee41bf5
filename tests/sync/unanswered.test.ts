import { afterEach, describe, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { listMappings } from '#db/mappings.ts'
import { givenNewLine, killSwitchStatements } from '../given.ts'
import { addAddition } from '../sandbox/manage/build.ts'
import { lateCommit, reset, throttle429 } from '../sandbox/manage/faults.ts'
import type { App } from '../start.ts'
import { eachStore } from '../stores.ts'
import { firstReason, horizon, listOpen, live, newest, post, posts } from './tools.ts'

eachStore((openStore) => {
  let app: App | undefined
  afterEach(() => app?.close())
  const newLine = async () => {
    const made = await givenNewLine(openStore)
    app = made
    return made
  }

  describe('a creation without an answer', () => {
    const unanswered = async (fault = reset('beforeCommit'), times = 1) => {
      const app = await newLine()
      await app.say({ 'A-17': 4 })
      app.manage.faults.add({ match: { ...post, times }, fault })
      await app.sync()
      return app
    }

    it('keeps a second mapping of the same product from making the line again', async () => {
      const app = await unanswered(lateCommit(300_000))
      await app.map({ account: 'B-1', agreementId: 87, productId: 512 })
      await app.say({ 'A-17': 4, 'B-1': 3 })
      expect(await app.sync()).toMatchObject({ changes: { unknown: 1, created: 0 } })
      await live(app, horizon + 120_000)
      expect(app.held()).toMatchObject([{ quantity: 4 }])
      expect(posts(app)).toHaveLength(1)
    })

    it('does not stay open for ever when the kill switch stops its second try', async () => {
      const app = await unanswered()
      await save(app.deps.db, killSwitchStatements(app, 'tenant', true))
      await live(app, horizon + 120_000)
      await save(app.deps.db, killSwitchStatements(app, 'tenant', false))
      await live(app, 120_000)
      expect(await listOpen(app)).toEqual([])
      await app.sync()
      expect(app.held()).toMatchObject([{ quantity: 4 }])
    })

    it('is tried again after a 429 of its second try, and its run tells', async () => {
      const app = await unanswered()
      app.manage.faults.add({ match: { ...post, times: 1 }, fault: throttle429(120) })
      await live(app, horizon + 600_000)
      expect(await listOpen(app)).toEqual([])
      expect(app.held()).toMatchObject([{ quantity: 4 }])
      expect(await newest(app)).toMatchObject({ state: 'done', changes: { created: 1, unknown: 0 } })
    })

    it('is looked up twice after each try', async () => {
      const app = await unanswered(reset('beforeCommit'), 2)
      await live(app, horizon + 120_000)
      expect(posts(app)).toHaveLength(2)
      expect((await listOpen(app)).map(({ firstProbedAt }) => firstProbedAt)).toEqual([null])
      await live(app, horizon + 120_000)
      expect(app.held()).toMatchObject([{ quantity: 4 }])
    })

    it('is given up when its agreement is gone', async () => {
      const app = await unanswered()
      app.world.agreements.delete(87)
      await live(app, horizon + 120_000)
      expect(await listOpen(app)).toEqual([])
    })

    it('is not sent again with what was wanted days ago', async () => {
      const app = await unanswered()
      app.clock.advance(3 * 86_400_000)
      await app.say({ 'A-17': 5 })
      await live(app, 180_000)
      await app.sync()
      expect(posts(app).map(({ body }) => (body as { quantity: number }).quantity)).toEqual([4, 5])
      expect(app.held()).toMatchObject([{ quantity: 5 }])
    })

    it('is unknown in the report also when its sender stopped in the middle', async () => {
      const app = await newLine()
      await app.say({ 'A-17': 4 })
      let stopped = false
      app.deps.at = (point) => {
        if (point !== 'write.answered' || stopped) return
        stopped = true
        throw new Error('stopped')
      }
      await expect(app.sync()).rejects.toThrow('stopped')
      await app.tick()
      expect(await newest(app)).toMatchObject({ state: 'failed', changes: { unknown: 1, held: 0 } })
      await live(app, horizon + 120_000)
      expect(await newest(app)).toMatchObject({ state: 'done', changes: { created: 1, unknown: 0 } })
      expect(posts(app)).toHaveLength(1)
    })

    it('does not spare the next plan a look at a rule that was changed meanwhile (G8)', async () => {
      const app = await unanswered(reset('afterCommit'))
      app.clock.advance(1000)
      const [mapping] = await listMappings(app.scope)
      if (!mapping) throw new Error('the mapping is gone')
      const changed = { rule: { write: ['quantity' as const], minimum: '6' }, updatedAt: app.clock.now() }
      await app.map({ ...mapping, productId: 512, ...changed })
      await live(app, horizon + 120_000)
      expect(firstReason(await app.sync())).toContain('G8')
      expect(app.held()).toMatchObject([{ quantity: 4 }])
    })

    it('that landed twice keeps the older line and ends the other', async () => {
      const app = await unanswered(reset('afterCommit'))
      const [made] = [...app.world.additions.values()]
      addAddition(app.world, { ...made, id: 900, agreement: 87, product: 512 } as never)
      await live(app, horizon + 180_000)
      expect(app.held()).toMatchObject([{ quantity: 4 }, { id: 900, quantity: 0 }])
      expect(app.world.additions.get(900)?.cancelledDate).toBeTruthy()
      expect(app.lines.some((line) => line.includes('duplicate.found'))).toBe(true)
      expect(await listOpen(app)).toEqual([])
    })
  })
})
