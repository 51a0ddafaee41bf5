import { expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { addSource, findSource, type Source } from '#db/sources.ts'
import { findTenant } from '#db/tenants.ts'
import { Problem } from '#server/problem.ts'
import { importUpload } from '#sync/sources/upload.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { eachStore, type Open } from '../stores.ts'

interface Said {
  period?: string
  takenOn?: string
  complete?: boolean
  goodRowsOnly?: boolean
}

/** Contoso, whose users somebody uploads as a file: 15 are written already. */
async function givenFile(open: Open) {
  const app = await givenContoso(open, 14)
  const { saved } = addSource(app.scope, {
    ...{ id: 'files', kind: 'csv', name: 'Files', settings: {} },
    ...{ billingPeriod: 'current' as const, createdAt: 1 },
  })
  await save(app.scope.db, [saved])
  await app.map({ account: 'A-1', sourceId: 'files', agreementId: 87, additionId: 301, id: app.mapping.id })
  await upload(app, rows(15))
  expect(await app.sync({ source: 'files' })).toMatchObject({ state: 'done', changes: { updated: 1 } })
  app.clock.advance(3_600_000)
  return app
}

const rows = (quantity: number | string, account = 'A-1') =>
  `Customer ID,Customer,Users\n${account},Contoso,${quantity}\n`

async function upload(app: Contoso, text: string, said: Said = {}): Promise<void> {
  const source: Source | undefined = await findSource(app.scope, 'files')
  const tenant = await findTenant(app.deps.db, app.scope.tenant)
  if (!source || !tenant) throw new Error('nothing to upload to')
  const { period = '2026-11', takenOn = '2026-11-17', complete = true, goodRowsOnly = false } = said
  const file = new TextEncoder().encode(text)
  const given = { file, told: { columns: {} }, period, takenOn, complete }
  await app.clock.run(
    importUpload(app.deps, { scope: app.scope, tenant }, source, given, { member: 'Fay', goodRowsOnly }),
  )
}

const run = (app: Contoso) => app.sync({ source: 'files' })

eachStore((open) => {
  it('V2 P22 a file that knows less leaves 15 as it is and says why; one that knows 0 waits', async () => {
    const app = await givenFile(open)
    const leaves = async (text: string, said: Said, reason: string) => {
      app.clock.advance(1000)
      await upload(app, text, said)
      const { details } = await run(app)
      expect([text, details.find(({ account }) => account === 'A-1')?.reason ?? '']).toEqual([
        text,
        expect.stringContaining(reason),
      ])
      expect(app.held()).toEqual([{ id: 301, quantity: 15 }])
    }
    await leaves(`${rows(3)}A-2,Fabrikam,-1\n`, { goodRowsOnly: true }, 'a partial one never lowers')
    await leaves(rows(3, 'A-9'), {}, 'is not in the snapshot')
    await leaves(rows(0), {}, 'G3: 15 would become 0')
    await app.close()
  })

  it('F49 last month’s file and an older one that arrives late change nothing; what is refused stores nothing', async () => {
    const app = await givenFile(open)
    await upload(app, rows(3), { period: '2026-10' })
    await upload(app, rows(4), { takenOn: '2026-11-16' })
    for (const bad of [rows(-1), rows('=1'), 'Wer,Was\nA,1\n', 'PK\u0003\u0004'])
      await expect(upload(app, bad)).rejects.toThrow(Problem)
    expect(await run(app)).toMatchObject({ state: 'done', changes: { unchanged: 1, updated: 0 } })
    app.clock.set(Date.parse('2026-12-01T02:00:00Z'))
    const { details } = await run(app)
    expect(details[0]?.reason).toContain('stale: no reading stored for December 2026')
    expect(app.held()).toEqual([{ id: 301, quantity: 15 }])
    await app.close()
  })
})
