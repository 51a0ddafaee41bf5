import { expect, it } from 'vitest'
import { addSnapshot } from '#db/snapshots.ts'
import { addProduct } from '../sandbox/manage/build.ts'
import { openMemory } from '../stores.ts'
import { givenGrid } from './mapping-given.ts'

it('a SKU and its term go to one product; accounts with an agreement follow, others once they have one (V19)', async () => {
  const { get, finance, post, stateOf, world, deps, scope, sync } = await givenGrid(openMemory)
  addProduct(world, { id: 600, identifier: 'M365-YEAR' })
  addProduct(world, { id: 601, identifier: 'OLD', inactiveFlag: true })
  const reading = (term: string, quantity: string) => ({
    kind: 'sku' as const,
    name: 'M365-BP',
    title: 'Microsoft 365',
    term,
    quantity,
  })
  const used = (id: string) => ({ id, name: id, readings: [reading('P1M', '4'), reading('P1Y', '7')] })
  await addSnapshot(
    scope,
    { kind: 'usage', period: '2026-11', takenAt: deps.now(), complete: true, accounts: [used('U-1'), used('U-2')] },
    { id: 'usage', sourceId: 'src', receivedAt: deps.now() + 1, bodyHash: '', idempotencyKey: null },
  )
  const listed = await get('/mappings/products')
  expect([...listed.html.matchAll(/P1[MY] · Platform/g)]).toHaveLength(2)

  const pick = async (product: string, seen = '') => {
    const form = { source: 'src', sku: 'M365-BP', term: 'P1Y', seen, product }
    const response = await finance.ask('POST', '/mappings/products', form)
    return { status: response.status, html: await response.text() }
  }
  await post('/mappings/company', 'U-1', { company: '250' })
  await post('/mappings/agreement', 'U-1', { agreement: '87' })
  expect((await pick('601')).html).toContain('is inactive')
  expect((await pick('600')).html).toContain('1 account follows')
  expect((await stateOf('U-1')).mappings).toMatchObject([
    { targetKey: 'product:600', reads: [{ sku: 'M365-BP', term: 'P1Y' }], include: false },
  ])
  await post('/mappings/company', 'U-2', { company: '250' })
  await post('/mappings/agreement', 'U-2', { agreement: '87' })
  expect((await stateOf('U-2')).mappings).toMatchObject([{ targetKey: 'product:600' }])

  expect((await pick('512')).status).toBe(409)
  await pick('512', '600')
  expect((await stateOf('U-1')).mappings).toMatchObject([{ targetKey: 'product:512', additionId: null }])
  await pick('', '512')
  expect((await stateOf('U-1')).mappings).toEqual([])
  await sync()
})
