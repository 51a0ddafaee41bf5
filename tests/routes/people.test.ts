import { expect, it } from 'vitest'
import { givenContoso } from '../given.ts'
import { signIn } from '../session/signed-in.ts'
import { eachStore, openMemory } from '../stores.ts'
import { wordsOf } from './words.ts'

const person = (id: string, ...services: string[]) => ({ id, name: `Person ${id}`, email: `${id}@x.example`, services })

eachStore((open) => {
  it('names everybody counted and everybody who is not, and who came and went since the month before (V3)', async () => {
    const app = await givenContoso(open, 2)
    const october = { period: '2026-10', takenAt: Date.parse('2026-10-31T02:00:00Z') }
    await app.say({ 'A-17': { users: [person('ann', 'training'), person('old', 'training')] } }, october)
    await app.say({ 'A-17': { users: [person('ann', 'training'), person('new', 'phishing'), person('eve')] } })
    await app.map({ ...app.mapping, reads: [{ metric: 'users', services: ['training', 'phishing'] }] })
    const { ask } = await signIn(app, { member: 'ttech', role: 'technician' })
    const said = wordsOf(await (await ask('GET', `/mappings/${app.mapping.id}/people`)).text())
    expect(said).toContain('November 2026 as of 12:00 2 counted, 1 not')
    expect(said).toContain('Since 2026-10-31: 1 came (Person new); 1 went (Person old).')
    expect(said).toContain('Person ann ✓ Counted ann@x.example; training')
    expect(said).toContain('Person eve – Not eve@x.example; does not use training or phishing')
    await app.close()
  })
})

it('downloads the same list as CSV that no spreadsheet takes for a formula (FEATURES 4.12, TRUST 7.4)', async () => {
  const app = await givenContoso(openMemory, 1)
  const named = { ...person('=1+1', 'a', 'b'), name: 'Lee, "Ann"' }
  await app.say({ 'A-17': { users: [named] } })
  const { ask } = await signIn(app, { member: 'ttech', role: 'technician' })
  const answer = await ask('GET', `/mappings/${app.mapping.id}/people.csv`)
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect((await answer.text()).split('\r\n').slice(0, 2)).toEqual([
    'account id,account name,user id,name,e-mail,services,counted,reason',
    `A-17,Account A-17,'=1+1,"Lee, ""Ann""",'=1+1@x.example,a;b,yes,`,
  ])
  const more = await Promise.all(Array.from({ length: 6 }, () => ask('GET', `/mappings/${app.mapping.id}/people.csv`)))
  expect(more.filter(({ status }) => status === 429)).toHaveLength(1)
})

it('answers alike for a mapping that is not there and for one whose company the member may not read', async () => {
  const app = await givenContoso(openMemory, 1)
  const { ask } = await signIn(app, { member: 'ttech', role: 'technician' })
  const unknown = await ask('GET', '/mappings/nothing/people')
  expect(unknown.status).toBe(404)
  expect(wordsOf(await unknown.text())).toContain('There is no such mapping that you may see.')
})
