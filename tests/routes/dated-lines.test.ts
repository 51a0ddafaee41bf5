import { afterEach, expect, it } from 'vitest'
import { countUnmappedAdditions } from '#db/pods.ts'
import { importMappings } from '#sync/mapping/import-mappings.ts'
import { signIn } from '../session/signed-in.ts'
import { openMemory } from '../stores.ts'
import { givenProrated } from '../sync/prorated.ts'

let app: Awaited<ReturnType<typeof givenProrated>> | undefined
afterEach(() => app?.close())

it('R2: a line for a part of a period is told with its days and nobody’s to map', async () => {
  app = await givenProrated(openMemory, { agreement: { nextInvoiceDate: '2026-11-01' } })
  const run = await app.count('2026-11-17', 12)
  const finance = await signIn(app, { member: 'ffin', role: 'finance' })
  const textOf = async (path: string) => (await (await finance.ask('GET', path)).text()).replace(/<[^>]+>|\s+/g, ' ')
  expect(await textOf(`/plans/${run.plan}`)).toMatch(/2 from 2026-11-17 to 2026-11-30, 14 of the 30 days/)

  expect(await textOf('/pickers/additions?agreement=87&source=src&search=SEC')).toContain(
    'it bills a part of a period beside addition 301',
  )
  expect(await countUnmappedAdditions(app.scope, 87)).toBe(0)
  const row = {
    source: 'Platform',
    account: 'B-1',
    reads: { metric: 'users' },
    company: 250,
    agreement: 87,
    addition: 302,
  }
  const imported = importMappings(app.deps, app.scope, JSON.stringify([row]))
  await expect(app.clock.run(imported)).rejects.toMatchObject({
    places: [{ message: 'addition 302 bills a part of a period beside addition 301' }],
  })

  app.invoice()
  const closing = await app.count('2026-11-18', 12)
  expect(await textOf(`/plans/${closing.plan}`)).toMatch(/last day.{1,40}2026-11-30/)
})
