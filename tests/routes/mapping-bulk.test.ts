import { expect, it } from 'vitest'
import { addCompany } from '../sandbox/manage/build.ts'
import { eachStore, openMemory } from '../stores.ts'
import { givenGrid, undoOf } from './mapping-given.ts'

const keyOf = (account: string) => JSON.stringify(['src', account])

/** What the button sends to say which rows its question was about. */
const digestOf = (html: string): [string, string] => [
  'digest',
  /&quot;digest&quot;:&quot;(\w+)&quot;/.exec(html)?.[1] ?? '',
]

const given = async (open = openMemory) => {
  const grid = await givenGrid(open)
  const send = async (path: string, fields: [string, string][]) => {
    const response = await grid.finance.ask('POST', path, new URLSearchParams(fields))
    return { status: response.status, html: await response.text() }
  }
  return { ...grid, send }
}

eachStore((open) => {
  it('many rows are counted before they are included, and exactly those are (M7, M17)', async () => {
    const { send, stateOf } = await given(open)
    const ticks: [string, string][] = [
      ['keys', keyOf('A-17')],
      ['keys', keyOf('B/2')],
    ]
    const asked = await send('/mappings/reviews', [['action', 'include'], ['scope', 'ticked'], ...ticks])
    expect(asked.html).toContain('Include 2 accounts?')
    expect(await stateOf('B/2')).toMatchObject({ include: false })
    const bulk: [string, string][] = [['action', 'include'], ['scope', 'ticked'], digestOf(asked.html), ...ticks]
    const done = await send('/mappings/bulk', bulk)
    expect(done.html).toContain('2 included')
    expect(await stateOf('B/2')).toMatchObject({ include: true })
    const late = await send('/mappings/bulk', bulk)
    expect([late.status, late.html]).toEqual([409, expect.stringContaining('nothing was changed')])
  })
})

it('a suggestion shows its score, saves nothing until it is accepted, and leaves include off (M6, 4.8)', async () => {
  const { get, post, send, stateOf, world } = await given()
  addCompany(world, { id: 260, identifier: 'B2', name: 'Account B 2 Ltd' })
  addCompany(world, { id: 261, identifier: 'X', name: 'Something else' })
  const { html } = await get('/mappings/accounts?status=suggested')
  expect(html).toContain('Suggested')
  expect(html).toContain('1.000')
  expect(html).not.toContain('Account A-17')
  expect(await stateOf('B/2')).toMatchObject({ companyId: null })
  expect((await send('/mappings/suggestions', [['digest', 'of others']])).status).toBe(409)
  expect((await send('/mappings/suggestions', [digestOf(html)])).html).toContain('1 of 1 suggestions accepted')
  expect(await stateOf('B/2')).toMatchObject({ companyId: 260, include: false })
  const one = await post('/mappings/include', 'B/2', { on: 'yes' })
  await post('/mappings/undo', 'B/2', { seq: undoOf(one.html) })
  expect(await stateOf('B/2')).toMatchObject({ companyId: 260, include: false })
})

it('unmapping many says row by row what did not work', async () => {
  const { send, stateOf } = await given()
  const form: [string, string][] = [
    ['action', 'unmap'],
    ['scope', 'ticked'],
    ['keys', keyOf('A-17')],
  ]
  const asked = await send('/mappings/reviews', form)
  const { html } = await send('/mappings/bulk', [...form, digestOf(asked.html)])
  expect(html).toContain('1 of 1 unmapped')
  expect((await stateOf('A-17')).mappings).toEqual([])
})

it('a change of many is of the rows it was asked about, not of as many others', async () => {
  const { send, stateOf, map, mapping, post } = await given()
  const form: [string, string][] = [
    ['action', 'unmap'],
    ['scope', 'all'],
    ['status', 'mapped'],
  ]
  const asked = await send('/mappings/reviews', form)
  expect(asked.html).toContain('Unmap 1 account?')
  await post('/mappings/removal', 'A-17', {})
  await map({ ...mapping, id: 'm-2', account: 'B/2' })
  const refused = await send('/mappings/bulk', [...form, digestOf(asked.html)])
  expect([refused.status, refused.html]).toEqual([409, expect.stringContaining('Unmap 1 account?')])
  expect(refused.html).toContain('nothing was changed')
  expect((await stateOf('B/2')).mappings).toHaveLength(1)
  expect((await send('/mappings/bulk', [...form, digestOf(refused.html)])).html).toContain('1 of 1 unmapped')
})
