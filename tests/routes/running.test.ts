import { afterEach, describe, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { listMappings, saveMappings } from '#db/mappings.ts'
import { findNewestRun } from '#db/runs.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { addAddition, addAgreement, addCompany } from '../sandbox/manage/build.ts'
import { status } from '../sandbox/manage/faults/fault-kinds.ts'
import { type SignedIn, signIn } from '../session/signed-in.ts'
import { openMemory } from '../stores.ts'
import { patch } from '../sync/tools.ts'
import { wordsOf } from './words.ts'

let app: Contoso | undefined
afterEach(() => app?.close())

/** Contoso with two agreements and Fabrikam with one, an account on each, all ten high in ConnectWise. */
async function given() {
  const made = await givenContoso(openMemory, 10)
  app = made
  const fabrikam = addCompany(made.world, { id: 251, identifier: 'Fabrikam', name: 'Fabrikam Inc' })
  const places = [
    { account: 'B-1', company: 250, agreementId: 88, additionId: 302 },
    { account: 'C-1', company: fabrikam, agreementId: 89, additionId: 303 },
  ]
  for (const { account, company, agreementId, additionId } of places) {
    const agreement = addAgreement(made.world, { id: agreementId, company, name: `Agreement ${agreementId}` })
    addAddition(made.world, { id: additionId, agreement, product: 512, quantity: 10 })
    const companyId = typeof company === 'number' ? company : company.id
    await made.map({ account, agreementId, additionId, companyId })
  }
  const fay = await signIn(made, { member: 'ffin', role: 'finance' })
  return { app: made, fay }
}

const quantities = ({ world }: Contoso) => [301, 302, 303].map((id) => world.additions.get(id)?.quantity)
const refuse301 = { ...patch, path: /agreements\/87\/additions/, times: 1 }
const shown = async ({ ask }: SignedIn, path: string) => {
  const html = await (await ask('GET', path)).text()
  return { html, words: wordsOf(html) }
}

describe('running what was selected', () => {
  it('X5: syncs the ticked accounts of the mapping grid and no others', async () => {
    const { app, fay } = await given()
    await app.say({ 'A-17': 11, 'B-1': 11, 'C-1': 11 })
    const grid = await shown(fay, '/mappings')
    expect(grid.words).toContain('Sync ticked')
    const form = new URLSearchParams([
      ['ticked', 'yes'],
      ['keys', JSON.stringify(['src', 'A-17'])],
      ['keys', JSON.stringify(['src', 'C-1'])],
    ])
    expect((await fay.ask('POST', '/runs', form)).status).toBe(200)
    await app.settled()
    expect(quantities(app)).toEqual([11, 10, 11])
    expect((await findNewestRun(app.scope))?.mappings).toHaveLength(2)
  })

  it('X5: nothing ticked is not everything, and what was ticked wrongly is refused', async () => {
    const { app, fay } = await given()
    await app.say({ 'A-17': 11, 'B-1': 11, 'C-1': 11 })
    const nothing = await fay.ask('POST', '/runs', { ticked: 'yes' })
    expect(nothing.status).toBe(422)
    expect(wordsOf(await nothing.text())).toContain('Tick the rows to sync first.')
    for (const keys of ['A-17', '["src"]', '[1,2]', '{}'])
      expect((await fay.ask('POST', '/runs', { ticked: 'yes', keys })).status).toBe(422)
    const unmapped = await fay.ask('POST', '/runs', { ticked: 'yes', keys: '["src","Z-9"]' })
    expect(wordsOf(await unmapped.text())).toContain('No account is mapped to the ticked accounts')
    expect((await fay.ask('POST', '/runs', { ticked: 'yes', mapping: 'x y' })).status).toBe(404)
    await app.settled()
    expect(quantities(app)).toEqual([10, 10, 10])
  })

  it('X4, X5: the lines of an agreement and of a run can be ticked and synced again', async () => {
    const { app, fay } = await given()
    addAddition(app.world, { id: 304, agreement: 87, product: 512, quantity: 4, cancelledDate: '2026-01-31T00:00:00Z' })
    const fresh = addAddition(app.world, { id: 305, agreement: 88, product: 512, quantity: 10 })
    await app.map({ account: 'D-1', agreementId: 88, additionId: fresh.id, leaveAlone: [302] })
    await app.say({ 'A-17': 11, 'B-1': 11, 'C-1': 11, 'D-1': 11 })
    const { run } = await app.sync({ mappings: [app.mapping.id] })
    const lines = await shown(fay, `/runs/${run}`)
    const mapping = /name="mapping" value="([^"]+)"/.exec(lines.html)?.[1] ?? ''
    expect(mapping).toBe(app.mapping.id)
    await app.say({ 'A-17': 12, 'B-1': 11, 'C-1': 11, 'D-1': 11 })
    await fay.ask('POST', '/runs', { ticked: 'yes', mapping })
    await app.settled()
    expect(quantities(app)).toEqual([12, 10, 10])
    await fay.ask('POST', '/agreements/88/reading')
    const agreement = await shown(fay, '/agreements/88')
    expect(agreement.html.match(/type="checkbox" name="mapping"/g)).toHaveLength(2)
    const technician = await signIn(app, { member: 'ttech', role: 'technician' })
    expect((await shown(technician, '/agreements/88')).html).not.toContain('name="mapping"')
  })

  it('X2, X3: one company, one agreement or everything, at any time of the month', async () => {
    const { app, fay } = await given()
    await app.say({ 'A-17': 11, 'B-1': 11, 'C-1': 11 })
    await fay.ask('POST', '/runs', { agreement: '88' })
    await app.settled()
    expect(quantities(app)).toEqual([10, 11, 10])
    await fay.ask('POST', '/runs', { company: '250' })
    await app.settled()
    expect(quantities(app)).toEqual([11, 11, 10])
    await fay.ask('POST', '/runs', {})
    await app.settled()
    expect(quantities(app)).toEqual([11, 11, 11])
  })
})

describe('how the last run ended', () => {
  it('X7: a mapping made or changed since the last run is not synced, whatever that run came to', async () => {
    const { app, fay } = await given()
    await app.say({ 'A-17': 10, 'B-1': 10, 'C-1': 10 })
    await app.sync()
    const count = async () => (await shown(fay, '/mappings?sort=account')).words.match(/– Not synced/g)?.length ?? 0
    expect(await count()).toBe(0)
    app.clock.advance(60_000)
    await app.map({ account: 'D-1', agreementId: 87, productId: 513 })
    await app.say({ 'A-17': 10, 'B-1': 10, 'C-1': 10, 'D-1': 4 })
    expect(await count()).toBe(1)
    const [mapping] = await listMappings(app.scope)
    if (mapping) await save(app.scope.db, saveMappings(app.scope, [{ ...mapping, updatedAt: app.clock.now() }]))
    expect(await count()).toBe(2)
  })

  it('X6, X7, X21: a company has a check or a cross with a word, time, cause and another try', async () => {
    const { app, fay } = await given()
    await app.say({ 'A-17': 11, 'B-1': 11, 'C-1': 11 })
    expect((await shown(fay, '/mappings?sort=account')).words.match(/– Not synced/g)).toHaveLength(3)
    const body = {
      code: 'InvalidObject',
      message: 'Addition object is invalid',
      errors: [{ code: 'X', message: 'locked' }],
    }
    app.manage.faults.add({ match: refuse301, fault: status(400, { body }) })
    const { run } = await app.sync()
    const ended = await shown(fay, `/runs/${run}`)
    expect(ended.words).toMatch(/Contoso Ltd ✕ Failed .* locked .*Try again/)
    expect(ended.words).toMatch(/Fabrikam Inc ✓ Done/)

    const pod = await shown(fay, '/companies/250')
    expect(pod.words).toMatch(
      /✕ Error 2026-11-17 12:00 : .*locked\. Put right in ConnectWise what it names\. Try again/,
    )
    expect((await shown(fay, '/companies/251')).words).toContain('✓ Synced 2026-11-17 12:00')
    const grid = await shown(fay, '/mappings?sort=account')
    expect(grid.words).toMatch(/A-17 .*✕ Error 2026-11-17 12:00 : .*locked.* B-1 .*✓ Synced 2026-11-17 12:00/)
    const technician = await signIn(app, { member: 'ttech', role: 'technician' })
    expect((await shown(technician, '/companies/250')).words).not.toMatch(/names\. Try again/)

    await fay.ask('POST', '/runs', { company: '250' })
    await app.settled()
    expect(quantities(app)).toEqual([11, 11, 11])
    expect((await shown(fay, '/companies/250')).words).toContain('✓ Synced')
  })

  it('X8, X20: what is held or skipped is neither check nor cross, and its reason is said', async () => {
    const { app, fay } = await given()
    await app.say({ 'A-17': 10, 'B-1': 11, 'C-1': 11 })
    app.clock.advance(1000)
    await app.say({ 'A-17': 30, 'B-1': 11 })
    await app.sync()
    const grid = await shown(fay, '/mappings?sort=account')
    expect(grid.words).toMatch(/A-17 .*! Waits 2026-11-17 12:00 : rises by 20 from 10, above 5/)
    expect(grid.words).toMatch(/C-1 .*– Skipped 2026-11-17 12:00 : unknown: account C-1 is not in the snapshot/)
  })
})
