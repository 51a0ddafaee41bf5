import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { openOperatorSession } from '#db/operator.ts'
import { listRoles } from '#db/roles.ts'
import { startApp } from '../start.ts'
import { onSqlite } from '../stores.ts'
import { typer } from './given.ts'

onSqlite((open) => {
  it('trueup roles set names an administrator, and keeps the last one', async () => {
    const app = await startApp(open)
    const type = typer(app)
    const { exit, json } = await type('roles set --tenant acme --member JSmith --role admin --json')
    expect({ exit, answer: json() }).toEqual({ exit: 0, answer: { tenant: 'acme', member: 'JSmith', role: 'admin' } })
    expect(await listRoles(app.scope)).toMatchObject([{ name: 'jsmith', role: 'admin', updatedBy: 'operator' }])
    const last = await type('roles set --tenant acme --member jsmith --role finance')
    expect([last.exit, last.err.includes('is the only administrator')]).toEqual([1, true])
    expect((await type('roles set --tenant acme --member x --role boss')).exit).toBe(64)
    expect((await type('roles set --tenant nobody --member x --role admin')).exit).toBe(1)
    await app.close()
  })

  it('trueup operator-code prints a code that signs in once', async () => {
    const app = await startApp(open)
    const { exit, json } = await typer(app)('operator-code --json')
    const { code, address } = json()
    expect([exit, address]).toEqual([0, 'http://127.0.0.1:4600/operator'])
    expect(await openOperatorSession(app.deps.db, code, app.clock.now())).toBeDefined()
    expect(await openOperatorSession(app.deps.db, code, app.clock.now())).toBeUndefined()
    const remote = (await typer(app)('operator-code --d1 --json')).json()
    expect(remote.sql).not.toContain(remote.code)
    await app.deps.db.run(sql.raw(remote.sql))
    expect(await openOperatorSession(app.deps.db, remote.code, app.clock.now())).toBeDefined()
    await app.close()
  })
})
