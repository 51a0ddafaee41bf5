import { describe, expect, it } from 'vitest'
import { findNewestSnapshot } from '#db/snapshots.ts'
import { findSource, findSourceByToken } from '#db/sources.ts'
import { platformFaults } from '../sandbox/platform-faults.ts'
import { startApp } from '../start.ts'
import { onSqlite } from '../stores.ts'
import { givenVendor, vendor, vendorKey } from '../sync/http-given.ts'
import { typer } from './given.ts'

onSqlite((open) => {
  describe('trueup sources add', () => {
    it('prints the token once and keeps only its hash', async () => {
      const app = await startApp(open)
      const type = typer(app)
      const { exit, json } = await type([
        'sources',
        'add',
        'push',
        '--tenant',
        'acme',
        '--name',
        'Seat counts',
        '--json',
      ])
      expect(exit).toBe(0)
      const { source, token } = json()
      expect(await findSourceByToken(app.deps.db, token)).toMatchObject({
        id: source,
        name: 'Seat counts',
        billingPeriod: 'current',
      })
      expect(JSON.stringify(await findSource(app.scope, source)) + app.lines.join('')).not.toContain(token)
      await app.close()
    })

    it('bills the month before when it is told so', async () => {
      const app = await startApp(open)
      const { exit, out } = await typer(app)(
        'sources add push --tenant acme --name Usage --setting billingPeriod=previous',
      )
      expect(exit).toBe(0)
      expect(out).toContain('shown only now: tus_')
      expect(await findSource(app.scope, 'Usage')).toMatchObject({ billingPeriod: 'previous', settings: {} })
      await app.close()
    })

    it('refuses a name that is taken', async () => {
      const app = await startApp(open)
      const { exit, err } = await typer(app)('sources add push --tenant acme --name Platform')
      expect({ exit, err }).toEqual({
        exit: 1,
        err: 'acme already has a source named "Platform": choose another name.\n',
      })
      await app.close()
    })

    it.each(['x'.repeat(101), ' x', 'x\u202ey'])('refuses a name that cannot be read', async (name) => {
      const app = await startApp(open)
      expect((await typer(app)(['sources', 'add', 'push', '--tenant', 'acme', '--name', name])).exit).toBe(64)
      await app.close()
    })
  })
})

onSqlite((open) => {
  describe('trueup sources add http, test, collect', () => {
    it('K4: adds a platform that is asked, its key sealed; tests it without storing, and collects from it', async () => {
      const app = await givenVendor(open, 12)
      const type = typer(app)
      const add = ['sources', 'add', 'http', '--tenant', 'acme', '--name', 'Second']
      const settings = ['--setting', `base=${vendor}/usage`, '--setting', 'kind=usage']
      expect((await type([...add, ...settings])).err).toContain('--secret is missing')
      const added = await type([...add, ...settings, '--secret', '-', '--json'], { input: `${vendorKey}\n` })
      expect([added.exit, Object.keys(added.json())]).toEqual([0, ['source']])
      expect(JSON.stringify(await findSource(app.scope, 'Second')) + app.lines.join('')).not.toContain(vendorKey)
      const tested = await type('sources test Second --tenant acme --period 2026-10')
      expect([tested.exit, tested.out]).toEqual([
        0,
        expect.stringContaining('Test is successful.\n2026-10: 25 accounts'),
      ])
      expect(await findNewestSnapshot(app.scope, added.json().source)).toBeUndefined()
      const collected = await type('sources collect Second --tenant acme --json')
      expect(collected.json()).toMatchObject({ period: '2026-11', accounts: 25, complete: true })
      app.api.fault = platformFaults['wrong key']
      const failed = await type('sources test Vendor --tenant acme')
      expect([failed.exit, failed.err]).toEqual([
        1,
        expect.stringContaining('Test is not successful. The platform refuses'),
      ])
      expect((await type('sources collect Vendor --tenant acme')).exit).toBe(1)
      expect(await app.stored()).toMatchObject({ problem: expect.stringContaining('refuses the key (401)') })
      await app.close()
    })

    it('SSRF: refuses an address that SOURCE_HOSTS does not allow, and every wrong setting by name', async () => {
      const app = await givenVendor(open, 12)
      const add = (base: string, ...more: string[]) =>
        typer(app)([
          ...['sources', 'add', 'http', '--tenant', 'acme', '--name', 'X', '--secret', vendorKey],
          ...['--setting', `base=${base}`, '--setting', 'kind=counts', ...more],
        ])
      expect(await add('https://169.254.169.254/x')).toMatchObject({ exit: 1 })
      expect((await add('https://evil.example')).err).toContain('site_not_allowed')
      const wrong = await add(vendor, '--setting', 'paging=magic', '--setting', 'code=x')
      expect([wrong.exit, wrong.err]).toEqual([
        64,
        expect.stringMatching(/paging: must be none[\s\S]*code: is not known/),
      ])
      expect(await typer(app)('sources collect Platform --tenant acme')).toMatchObject({ exit: 1 })
      const elsewhere = { config: { SOURCE_HOSTS: [] } }
      for (const line of ['sources collect Vendor', 'sources test Vendor', 'sync'])
        expect((await typer(app)(`${line} --tenant acme`, elsewhere)).err).toContain('SOURCE_HOSTS does not allow')
      expect(await app.stored()).toMatchObject({ problem: null })
      expect(app.api.requests).toEqual([])
      await app.close()
    })
  })
})
