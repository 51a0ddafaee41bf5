import { expect, it } from 'vitest'
import { addSnapshot } from '#db/snapshots.ts'
import { addAgreement, addProduct } from '../sandbox/manage/build.ts'
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

it('a SKU counted by hand is not counted again by its product, nor moved onto itself (4.9, V19)', async () => {
  const app = await givenGrid(openMemory)
  const { finance, post, stateOf, world, deps, scope, agreement } = app
  addProduct(world, { id: 600, identifier: 'M365-YEAR' })
  addAgreement(world, { id: 88, company: agreement.company, name: 'Second' })
  const reading = (term: string, quantity: string) => ({ kind: 'sku' as const, name: 'M365-BP', term, quantity })
  await addSnapshot(
    scope,
    {
      ...{ kind: 'usage', period: '2026-11', takenAt: deps.now(), complete: true },
      accounts: [{ id: 'U-1', name: 'U-1', readings: [reading('P1M', '4'), reading('P1Y', '7')] }],
    },
    { id: 'usage', sourceId: 'src', receivedAt: deps.now() + 1, bodyHash: '', idempotencyKey: null },
  )
  const pick = (product: string, seen = '') =>
    finance.ask('POST', '/mappings/products', { source: 'src', sku: 'M365-BP', term: 'P1Y', seen, product })
  const readsOf = async () =>
    (await stateOf('U-1')).mappings.map(({ reads, targetKey, agreementId }) => [reads, targetKey, agreementId])
  await post('/mappings/company', 'U-1', { company: '250' })
  await post('/mappings/agreement', 'U-1', { agreement: '87' })
  await post('/mappings/target', 'U-1', { target: 'product:512', reads: '[{"sku":"M365-BP"}]' })
  const byHand = [[{ sku: 'M365-BP' }], 'product:512', 87]
  expect((await pick('512')).status).toBe(200)
  expect(await readsOf()).toEqual([byHand])
  expect((await pick('', '512')).status).toBe(200)
  expect(await readsOf()).toEqual([byHand])

  const own = { sourceId: 'src', account: 'U-1', reads: [{ sku: 'M365-BP', term: 'P1Y' }], additionId: null }
  await app.map({ ...own, agreementId: 87, productId: 600 })
  const there = await app.map({ ...own, agreementId: 88, productId: 600 })
  const refused = await post('/mappings/agreement', 'U-1', { agreement: '88' })
  expect([refused.status, refused.html]).toEqual([
    422,
    expect.stringContaining('For product 600 of agreement 88, M365-BP is read twice'),
  ])
  expect(await readsOf()).toHaveLength(3)
  await finance.ask('POST', `/mappings/${there.id}/removal`, { version: String(there.updatedAt) })
  expect((await post('/mappings/agreement', 'U-1', { agreement: '88' })).status).toBe(200)
  expect(await readsOf()).toEqual([
    [[{ sku: 'M365-BP' }], 'product:512', 88],
    [[{ sku: 'M365-BP', term: 'P1Y' }], 'product:600', 88],
  ])
})

it('a product chosen anew for a SKU ends its row where another one writes the same there (4.9, V19)', async () => {
  const app = await givenGrid(openMemory)
  const { finance, post, stateOf, deps, scope, world } = app
  addProduct(world, { id: 600, identifier: 'M365-YEAR' })
  const readings = [{ kind: 'sku' as const, name: 'M365-BP', term: 'P1Y', quantity: '7' }]
  await addSnapshot(
    scope,
    {
      ...{ kind: 'usage', period: '2026-11', takenAt: deps.now(), complete: true },
      accounts: [{ id: 'U-1', name: 'U-1', readings }],
    },
    { id: 'usage', sourceId: 'src', receivedAt: deps.now() + 1, bodyHash: '', idempotencyKey: null },
  )
  const pick = (product: string, seen = '') =>
    finance.ask('POST', '/mappings/products', { source: 'src', sku: 'M365-BP', term: 'P1Y', seen, product })
  await post('/mappings/company', 'U-1', { company: '250' })
  await post('/mappings/agreement', 'U-1', { agreement: '87' })
  await pick('600')
  await post('/mappings/target', 'U-1', { target: 'product:512', reads: '[{"sku":"M365-BP","term":"P1Y"}]' })
  expect((await stateOf('U-1')).mappings).toHaveLength(2)
  expect((await pick('512', '600')).status).toBe(200)
  expect((await stateOf('U-1')).mappings).toMatchObject([{ targetKey: 'product:512' }])
})
