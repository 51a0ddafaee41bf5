import { afterEach, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { deleteMappings } from '#db/mappings.ts'
import { countUnmappedAdditions } from '#db/pods.ts'
import { importMappings } from '#sync/mapping/import-mappings.ts'
import { signIn } from '../session/signed-in.ts'
import { openMemory } from '../stores.ts'
import { givenProrated } from '../sync/prorated.ts'
import { wordsOf } from './words.ts'

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

/** What the pod of the agreement says of its lines to somebody. */
async function readPod(role: 'technician' | 'finance', path = '/agreements/87') {
  if (!app) throw new Error('No app was started')
  const { ask } = await signIn(app, { member: role === 'finance' ? 'ffin' : 'ttech', role })
  return wordsOf(await (await ask('GET', path)).text())
}

it('8.3: dated lines stand under their standing line: quantity, days, which invoice, state', async () => {
  app = await givenProrated(openMemory, { agreement: { nextInvoiceDate: '2026-11-01' } })
  app.set('2026-11-17')
  await app.say({ 'A-17': 12 })
  expect(await readPod('technician', '/companies/250')).toMatch(/Part of November 2026 → Pending from none → to 2/)

  await app.count('2026-11-17', 12)
  const open = await readPod('finance')
  expect(open).toMatch(
    /✓ Equal .*Part of November 2026 ✓ Written 2 From 2026-11-17; it ends with its period once that is invoiced\. Billed with November 2026, next invoice 2026-11-01\./,
  )
  expect(open).not.toContain('not mapped')

  app.invoice()
  await app.count('2026-11-18', 12)
  expect(await readPod('technician')).toMatch(
    /Part of November 2026 ✓ Invoiced 2 From 2026-11-17 to 2026-11-30\. Billed with November 2026, which is invoiced\./,
  )

  await app.count('2026-11-20', 13)
  const late = await readPod('technician')
  expect(late).toMatch(/1 From 2026-11-20 to 2026-11-30\. Billed with December 2026, next invoice 2026-12-01\./)
  expect(late).not.toMatch(/10\.00|Price/)

  app.set('2027-02-20')
  await app.say({ 'A-17': 13 })
  expect(await readPod('technician')).not.toContain('Part of November 2026')
})

it('V5: what an invoiced period missed stands under its standing line and waits', async () => {
  app = await givenProrated(openMemory, { agreement: { prorateFlag: false } })
  const run = await app.count('2026-11-17', 12)
  expect(run).toMatchObject({ state: 'held', changes: { held: 1 } })
  const fay = await readPod('finance')
  expect(fay).not.toContain('No account is mapped')
  expect(fay).toMatch(
    /Product 512 Platform, A-17: 12 users ✓ Equal 12 .*Catch-up of November 2026 ! Held from none → to 1 too late for the invoice of November 2026 missed: 2 from 2026-11-17 to 2026-11-30, 14 of the 30 days of November 2026, amount about 9\.33 USD/,
  )
  expect(await readPod('technician')).not.toContain('9.33')
  expect(fay).toContain('1 line waits, +9.33 USD once.')
  for (const path of ['/plans', `/plans/${run.plan}`])
    expect(await readPod('finance', path)).toContain('+9.33 USD once')
})

it('M19: a line for a part of a period whose standing line nobody maps any more is still told', async () => {
  app = await givenProrated(openMemory, { agreement: { nextInvoiceDate: '2026-11-01' } })
  await app.count('2026-11-17', 12)
  await save(app.deps.db, [deleteMappings(app.scope, [app.mapping.id])])
  const said = await readPod('finance')
  expect(said).toMatch(/No account is mapped to this agreement.*Part of November 2026 ✓ Written 2 From 2026-11-17/)
  expect(said).toContain('1 addition is not mapped')
})
