import { describe, expect, it } from 'vitest'
import { findSource, findSourceByToken } from '#db/sources.ts'
import { startApp } from '../start.ts'
import { eachStore } from '../stores.ts'
import { typer } from './given.ts'

eachStore((open) => {
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
