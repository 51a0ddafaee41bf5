import { describe, expect, it } from 'vitest'
import { listPlanRows } from '#db/plans.ts'
import { tenants } from '#db/schema.ts'
import { findTenant } from '#db/tenants.ts'
import { givenContoso } from '../given.ts'
import { addAddition } from '../sandbox/manage/build.ts'
import { failingPage, forbidden403 } from '../sandbox/manage/faults.ts'
import { type Open, onSqlite } from '../stores.ts'
import { typer } from './given.ts'

async function given(open: Open, users: number) {
  const app = await givenContoso(open, 10)
  await app.say({ 'A-17': users })
  return { app, type: typer(app) }
}

const writes = (app: Awaited<ReturnType<typeof given>>['app']) =>
  app.manage.requests.filter(({ method }) => method !== 'GET')

onSqlite((open) => {
  describe('trueup sync', () => {
    it('writes what is inside the limits and prints the run summary', async () => {
      const { app, type } = await given(open, 12)
      const { exit, json, err } = await type('sync --tenant acme --json')
      expect({ exit, err }).toEqual({ exit: 0, err: '' })
      expect(json()).toMatchObject({
        tenant: 'acme',
        state: 'done',
        changes: { updated: 1, held: 0 },
        details: [
          { account: 'A-17', addition: 301, change: 'update', fields: { quantity: [10, 12] }, outcome: 'updated' },
        ],
      })
      expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
      await app.close()
    })

    it('writes nothing in a dry run, and says with its exit code whether anything is pending', async () => {
      const { app, type } = await given(open, 12)
      const pending = await type('sync --tenant acme --dry-run')
      expect(pending.exit).toBe(2)
      expect(pending.out).toContain('1 change pending; nothing was written')
      expect(pending.out).toMatch(/A-17 +addition 301 +quantity 10 → 12/)
      expect(writes(app)).toEqual([])
      await type('sync --tenant acme')
      const agrees = await type('sync --tenant acme --dry-run')
      expect(agrees.exit).toBe(0)
      expect(agrees.out).toContain('ConnectWise agrees already')
      await app.close()
    })

    it('waits for a person beyond the limits, says why with numbers and what to do next', async () => {
      const { app, type } = await given(open, 30)
      const { exit, out } = await type('sync --tenant acme')
      expect(exit).toBe(2)
      expect(out).toContain('G1: rises by 20 from 10, above 5')
      expect(out).toMatch(/Next: trueup plans show \S+\n +trueup plans approve \S+ --as MEMBER/)
      expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
      await app.close()
    })

    it('takes what is held for the member who is named', async () => {
      const { app, type } = await given(open, 30)
      const { exit, json } = await type('sync --tenant acme --approve-as ann --json')
      expect({ exit, changes: json().changes }).toMatchObject({ exit: 0, changes: { updated: 1, held: 0 } })
      expect(app.held()).toEqual([{ id: 301, quantity: 30 }])
      await app.close()
    })

    it('leaves a block waiting whoever is named', async () => {
      const { app, type } = await given(open, 30)
      app.manage.edit(app.agreement, { cancelledFlag: true })
      const { exit, out } = await type('sync --tenant acme --approve-as ann')
      expect(exit).toBe(2)
      expect(out).toContain('Next: put right what is blocked')
      expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
      await app.close()
    })

    it('syncs one source by its name, and one account', async () => {
      const { app, type } = await given(open, 12)
      expect((await type(['sync', '--tenant', 'acme', '--source', 'Platform', '--account', 'A-17'])).exit).toBe(0)
      expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
      await app.close()
    })

    it('fails with 1 when an agreement cannot be read', async () => {
      const { app, type } = await given(open, 12)
      app.manage.faults.add({ match: { path: /additions/ }, fault: failingPage() })
      const { exit, json } = await type('sync --tenant acme --json')
      expect({ exit, state: json().state, failed: json().changes.failed }).toEqual({
        exit: 1,
        state: 'failed',
        failed: 1,
      })
      await app.close()
    })

    it('says that nothing was planned, why, and what to do, when ConnectWise refuses', async () => {
      const { app, type } = await given(open, 12)
      app.manage.faults.add({ fault: forbidden403() })
      const { exit, out } = await type('sync --tenant acme')
      expect(exit).toBe(1)
      expect(out).toContain('nothing was planned')
      expect(out).toContain('Cause: ConnectWise refused')
      expect(out).toContain('Next: put the cause right, then trueup connect again')
      await app.close()
    })

    it('does not pause a tenant whose host only this terminal does not allow', async () => {
      const { app, type } = await given(open, 12)
      await app.deps.db.update(tenants).set({ site: 'https://manage.msp.example' })
      const { exit, err } = await type('sync --tenant acme')
      expect(exit).toBe(1)
      expect(err).toContain('CONNECTWISE_HOSTS does not allow https://manage.msp.example of acme')
      expect(await findTenant(app.deps.db, 'acme')).toMatchObject({ state: 'connected' })
      await app.close()
    })

    it('says that there is nothing to approve when accounts are only skipped', async () => {
      const { app, type } = await given(open, 12)
      await app.say({})
      const { exit, out } = await type('sync --tenant acme')
      expect(exit).toBe(2)
      expect(out).toContain('Next: see to what was skipped, then sync again; there is nothing to approve.')
      await app.close()
    })

    it.each(['', ' ', 'a\u0007b', 'x'.repeat(51)])('refuses a member who is not named visibly', async (member) => {
      const { app, type } = await given(open, 30)
      const { exit } = await type(['sync', '--tenant', 'acme', '--approve-as', member])
      expect(exit).toBe(64)
      expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
      await app.close()
    })
  })

  describe('trueup plans', () => {
    const waiting = async () => {
      const { app, type } = await given(open, 30)
      const plan: string = (await type('sync --tenant acme --json')).json().plan
      return { app, type, plan }
    }

    it('shows a plan with its holds', async () => {
      const { app, type, plan } = await waiting()
      const { exit, json } = await type(`plans show ${plan} --json`)
      expect(exit).toBe(0)
      expect(json()).toMatchObject({
        plan,
        tenant: 'acme',
        state: 'waiting',
        approvable: 1,
        details: [{ addition: 301, agreement: 87, fields: { quantity: [10, 30] }, holds: [{ guard: 'G1' }] }],
      })
      expect((await type(`plans show ${plan}`)).out).toContain('quantity 10 → 30')
      await app.close()
    })

    it('approves exactly that plan, writes it and prints the run summary', async () => {
      const { app, type, plan } = await waiting()
      const { exit, json, err } = await type(`plans approve ${plan} --as ann --json`)
      expect({ exit, err }).toEqual({ exit: 0, err: 'Approved by ann.\n' })
      expect(json()).toMatchObject({ plan, state: 'done', changes: { updated: 1, held: 0 } })
      expect(app.held()).toEqual([{ id: 301, quantity: 30 }])
      const again = await type(`plans approve ${plan} --as ann --json`)
      expect({ exit: again.exit, kind: again.json().error.kind }).toEqual({ exit: 1, kind: 'conflict' })
      await app.close()
    })

    it('dismisses a plan, which then cannot be approved', async () => {
      const { app, type, plan } = await waiting()
      expect((await type(`plans dismiss ${plan} --as ann --json`)).json()).toEqual({ plan, state: 'dismissed' })
      expect((await type(`plans approve ${plan} --as ann`)).err).toContain('is dismissed')
      expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
      await app.close()
    })

    it('does not approve a plan in which everything is blocked', async () => {
      const { app, type } = await given(open, 12)
      addAddition(app.world, { id: 302, agreement: app.agreement, product: 512, quantity: 4 })
      app.manage.edit(app.agreement, { cancelledFlag: true })
      const plan = (await type('sync --tenant acme --json')).json().plan
      expect((await listPlanRows(app.scope, plan)).length).toBeGreaterThan(0)
      const { exit, err } = await type(`plans approve ${plan} --as ann`)
      expect(exit).toBe(1)
      expect(err).toContain('put right what is blocked')
      await app.close()
    })
  })

  describe('trueup kill-switch', () => {
    it('says what is still stopped when one of two switches goes off', async () => {
      const { app, type } = await given(open, 12)
      await type('kill-switch on')
      await type('kill-switch on --tenant acme')
      expect((await type('kill-switch off --tenant acme')).out).toContain(
        'still nothing is written: trueup kill-switch off',
      )
      await type('kill-switch on --tenant acme')
      expect((await type('kill-switch off')).out).toContain('trueup kill-switch off --tenant acme')
      await app.close()
    })

    it.each(['kill-switch on', 'kill-switch on --tenant acme'])(
      'with `%s` stops every write until it is off',
      async (on) => {
        const { app, type } = await given(open, 12)
        expect((await type(on)).exit).toBe(0)
        expect((await type('sync --tenant acme')).exit).toBe(2)
        expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
        expect((await type(`${on.replace('on', 'off')} --json`)).json()).toMatchObject({ killSwitch: 'off' })
        expect((await type('sync --tenant acme')).exit).toBe(0)
        expect(app.held()).toEqual([{ id: 301, quantity: 12 }])
        await app.close()
      },
    )
  })
})
