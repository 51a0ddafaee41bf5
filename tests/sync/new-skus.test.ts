import { afterEach, describe, expect, it } from 'vitest'
import { type CreationPolicy, plainCreation } from '#billing/creation.ts'
import { plainData } from '#billing/data.ts'
import { saveChoice } from '#db/accounts.ts'
import { listCreations } from '#db/creations.ts'
import { save } from '#db/db.ts'
import { listMappings } from '#db/mappings.ts'
import { listSkuProducts } from '#db/sku-products.ts'
import { addSnapshot } from '#db/snapshots.ts'
import { saveSource } from '#db/sources.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import { quantities } from '../given.ts'
import { addAgreement, addCompany, addProduct } from '../sandbox/manage/build.ts'
import { emptyWorld } from '../sandbox/manage/world.ts'
import { type App, startApp } from '../start.ts'
import { eachStore, type Open, openMemory } from '../stores.ts'
import { posts } from './tools.ts'

const policy: CreationPolicy = {
  ...plainCreation,
  ...{ productCategoryId: 1, productSubcategoryId: 1, productTypeId: 1, productUnitId: 2 },
}

/** Contoso, placed and included, uses 4 of a SKU that nobody chose a product for. */
async function givenNewSku(open: Open, { products = true, creation = policy, money = {} } = {}) {
  const world = emptyWorld()
  const company = addCompany(world, { id: 250 })
  addAgreement(world, { id: 87, company }, '2026-11-17')
  const app = await startApp(open, { world })
  await use(app, money)
  const placed = { companyId: 250, agreementId: 87, include: true, change: 'c1', updatedAt: 1, updatedBy: 'ann' }
  await save(app.deps.db, [
    saveChoice(app.scope, { sourceId: 'src', account: 'A-17' }, null, placed),
    saveSource(app.scope, 'src', { data: { ...plainData, products } }),
    saveTenantSettings(app.scope, { creation }),
  ])
  return app
}

async function use({ deps, scope, clock }: App, money: object) {
  clock.advance(60_000)
  const reading = {
    kind: 'sku' as const,
    name: 'M365-BP',
    title: 'Microsoft 365 Business Premium',
    quantity: '4',
    ...money,
  }
  const accounts = [{ id: 'A-17', name: 'Contoso', readings: [reading] }]
  await addSnapshot(
    scope,
    { kind: 'usage', period: '2026-11', takenAt: deps.now(), complete: true, accounts },
    { id: deps.id(), sourceId: 'src', receivedAt: deps.now(), bodyHash: '', idempotencyKey: null },
  )
}

const held = ({ world }: App) =>
  world.products
    .rows()
    .map(({ identifier, description, integrationXRef, cost }) => [identifier, description, integrationXRef, cost])

eachStore((open) => {
  it('S4 makes a SKU a product with the fields of Q6, and the line that follows it, once approved', async () => {
    const app = await givenNewSku(open, { money: { unitCost: '18.50', currency: 'USD' } })
    const waiting = await app.sync()
    expect([waiting.state, waiting.changes.held, posts(app)]).toEqual(['held', 2, []])
    await app.sync({ approveAs: 'ann' })
    expect(held(app)).toEqual([['M365-BP', 'Microsoft 365 Business Premium', 'M365-BP', 18.5]])
    const [product] = app.world.products.rows()
    expect(product).toMatchObject({ productClass: 'NonInventory', unitOfMeasure: { id: 2 }, subcategory: { id: 1 } })
    expect(quantities(app, 87)).toMatchObject([{ quantity: 4 }])
    const [mapping] = await listMappings(app.scope)
    expect(mapping).toMatchObject({ productId: product?.id, targetKey: `product:${product?.id}`, followsSource: true })
    expect((await app.sync()).changes.unchanged).toBe(1)
    await app.close()
  })
})

describe('SKUs without a product', () => {
  let app: App | undefined
  afterEach(() => app?.close())
  const newSku = async (options: Parameters<typeof givenNewSku>[1] = {}) => {
    const made = await givenNewSku(openMemory, options)
    app = made
    return made
  }

  it.each([
    ['its Integration Cross Reference', { identifier: 'OTHER', integrationXRef: 'M365-BP' }],
    ['its Product ID in any case', { identifier: 'm365-bp' }],
  ])('S4 M24 adopts the product by %s and makes none', async (_, fields) => {
    const app = await newSku()
    addProduct(app.world, { id: 512, ...fields })
    await app.sync({ approveAs: 'ann' })
    expect([app.world.products.rows().length, await listCreations(app.scope)]).toEqual([1, []])
    expect((await listMappings(app.scope))[0]).toMatchObject({ productId: 512 })
    expect(quantities(app, 87)).toMatchObject([{ quantity: 4 }])
  })

  it('S4 maps and wants nothing in a dry run, which says what a sync would say', async () => {
    const app = await newSku()
    const dry = await app.preview()
    expect([await listCreations(app.scope), await listMappings(app.scope), await listSkuProducts(app.scope)]).toEqual([
      [],
      [],
      [],
    ])
    const wet = await app.sync()
    expect([dry.changes, dry.details]).toEqual([wet.changes, wet.details])
    expect(await app.preview()).toMatchObject({ changes: wet.changes })
  })

  it('S4 guesses nothing where two products stand for it, and says so', async () => {
    const app = await newSku()
    for (const id of [512, 513]) addProduct(app.world, { id, identifier: `P-${id}`, integrationXRef: 'M365-BP' })
    await app.sync({ approveAs: 'ann' })
    expect([await listMappings(app.scope), await listCreations(app.scope)]).toEqual([[], []])
    expect(app.world.products.rows()).toHaveLength(2)
  })

  it('S4 adopts what was wanted once it appears in the catalogue by itself', async () => {
    const app = await newSku()
    await app.sync()
    expect(await listCreations(app.scope)).toHaveLength(1)
    addProduct(app.world, { id: 512, identifier: 'M365-BP' })
    app.clock.advance(21 * 3_600_000)
    await use(app, {})
    await app.sync({ approveAs: 'ann' })
    expect([app.world.products.rows().length, await listCreations(app.scope)]).toEqual([1, []])
    expect((await listMappings(app.scope))[0]).toMatchObject({ productId: 512, targetKey: 'product:512' })
  })

  it('S3 S4 makes and maps nothing with the switch off, nor where settings do not allow it', async () => {
    const off = await newSku({ products: false })
    await off.sync({ approveAs: 'ann' })
    expect([await listCreations(off.scope), await listMappings(off.scope)]).toEqual([[], []])
    await off.close()
    const forbidden = await newSku({ creation: { ...policy, products: 'off' } })
    await forbidden.sync({ approveAs: 'ann' })
    expect([await listCreations(forbidden.scope), posts(forbidden)]).toEqual([[], []])
  })

  it('Q6 blocks a product without category or unit until settings name them', async () => {
    const app = await newSku({ creation: plainCreation })
    const blocked = await app.sync({ approveAs: 'ann' })
    expect([blocked.state, posts(app)]).toEqual(['held', []])
    await save(app.deps.db, [saveTenantSettings(app.scope, { creation: policy })])
    await app.sync({ approveAs: 'ann' })
    expect(held(app).map(([identifier]) => identifier)).toEqual(['M365-BP'])
  })

  it('states no cost of a product in another currency than the tenant\u2019s', async () => {
    const app = await newSku({ money: { unitCost: '18.50', currency: 'EUR' } })
    await app.sync({ approveAs: 'ann' })
    expect(held(app)[0]?.[3]).toBe(0)
  })
})
