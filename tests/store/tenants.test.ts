import { describe, expect, expectTypeOf, it } from 'vitest'
import { defaultLimits } from '#billing/limits.ts'
import { type Db, type Scope, save } from '#db/db.ts'
import type { listIntents } from '#db/intents.ts'
import type { listMappings } from '#db/mappings.ts'
import type { findPlan } from '#db/plans.ts'
import { dataKeys, secrets, type TenantId } from '#db/schema.ts'
import { createSeal } from '#db/seal.ts'
import { openSecret, opensDataKeys } from '#db/secrets.ts'
import type { listStatements } from '#db/snapshots.ts'
import { addSource, findSource, findSourceByToken, listSources } from '#db/sources.ts'
import { connectTenant, findTenant, listTenants } from '#db/tenants.ts'
import { eachStore } from '../stores.ts'
import { acme, givenSource, givenTenant, keys, seal } from './given.ts'

eachStore((open) => {
  it('connects a tenant that observes, under a name made of its company id', async () => {
    const { db } = await open()
    const { tenant } = await givenTenant(db, { companyId: 'Acme & Söhne' })
    expect(tenant).toBe('acme-s-hne')
    expect(await findTenant(db, 'acme-s-hne')).toMatchObject({ state: 'connected', mode: 'observe', zone: acme.zone })
    expect(await findTenant(db, 'ACME')).toBeUndefined()
  })

  it('connects the same instance again as the same tenant with new keys', async () => {
    const { db } = await open()
    const scope = await givenTenant(db)
    const fresh = { publicKey: 'public-new', privateKey: 'private-new' }
    await connectTenant(db, seal, { ...acme, codebase: 'v2026_1/' }, fresh, { limits: defaultLimits, now: 2 })
    expect(await listTenants(db)).toMatchObject([{ id: 'acme', codebase: 'v2026_1/', stateAt: 2, createdAt: 1 }])
    expect(await openSecret(scope, seal, 'privateKey')).toBe('private-new')
  })

  it('gives the same company id on another host a name and a data key of its own', async () => {
    const { db } = await open()
    await givenTenant(db)
    const { tenant } = await givenTenant(db, { site: 'https://eu.myconnectwise.net' })
    expect(tenant).toBe('acme-2')
    expect(new Set((await db.select().from(dataKeys)).map((row) => row.wrapped)).size).toBe(2)
  })

  it('stores keys sealed and opens them only for their tenant', async () => {
    const { db } = await open()
    const scope = await givenTenant(db)
    const rows = await db.select().from(secrets)
    expect(JSON.stringify(rows)).not.toMatch(/public-1|private-0/)
    expect(rows.map((row) => row.lastFour).sort()).toEqual(['4321', '7890'])
    expect(await openSecret(scope, seal, 'publicKey')).toBe(keys.publicKey)
    const zenith = await givenTenant(db, { companyId: 'Zenith' })
    await db.update(secrets).set({ sealed: rows[0]?.sealed ?? '' })
    await expect(openSecret(zenith, seal, 'privateKey')).rejects.toThrow()
  })

  it('notices a master key that is not the one the data keys were wrapped with', async () => {
    const { db } = await open()
    expect(await opensDataKeys(db, seal)).toBe(true)
    const scope = await givenTenant(db)
    const other = createSeal(Buffer.alloc(32, 'another').toString('base64'))
    expect(await opensDataKeys(db, seal)).toBe(true)
    expect(await opensDataKeys(db, other)).toBe(false)
    await expect(openSecret(scope, other, 'publicKey')).rejects.toThrow()
  })

  it('shows a source token once and finds the source by it', async () => {
    const { db } = await open()
    const scope = await givenTenant(db)
    const { id, token } = await givenSource(scope)
    expect(token).toMatch(/^tus_[\w-]{43}$/)
    expect(await findSourceByToken(db, token)).toMatchObject({ id, tenantId: scope.tenant })
    expect(await findSourceByToken(db, `${token}x`)).toBeUndefined()
    expect(JSON.stringify(await listSources(scope))).not.toContain(token)
  })

  it('finds a source by id or name, never that of another tenant', async () => {
    const { db } = await open()
    const scope = await givenTenant(db)
    const { id } = await givenSource(scope)
    expect((await findSource(scope, 'Platform source-1'))?.id).toBe(id)
    const zenith = await givenTenant(db, { companyId: 'Zenith' })
    expect(await findSource(zenith, id)).toBeUndefined()
    expect(await listSources(zenith)).toEqual([])
  })

  it('refuses a second source of one name', async () => {
    const { db } = await open()
    const scope = await givenTenant(db)
    await givenSource(scope)
    const again = { id: 'x', kind: 'push', name: 'Platform source-1', settings: {}, billingPeriod: 'current' as const }
    await expect(save(db, [addSource(scope, { ...again, createdAt: 1 }).saved])).rejects.toThrow()
  })
})

describe('the types', () => {
  it('let no query of a tenant be written without the tenant', () => {
    type First<F extends (...args: never[]) => unknown> = Parameters<F>[0]
    expectTypeOf<First<typeof findSource>>().toEqualTypeOf<Scope>()
    expectTypeOf<First<typeof openSecret>>().toEqualTypeOf<Scope>()
    expectTypeOf<First<typeof listStatements>>().toEqualTypeOf<Scope>()
    expectTypeOf<First<typeof listMappings>>().toEqualTypeOf<Scope>()
    expectTypeOf<First<typeof findPlan>>().toEqualTypeOf<Scope>()
    expectTypeOf<First<typeof listIntents>>().toEqualTypeOf<Scope>()
    expectTypeOf<Db>().not.toExtend<Scope>()
    expectTypeOf<{ db: Db; tenant: string }>().not.toExtend<Scope>()
    expectTypeOf<string>().not.toExtend<TenantId>()
  })
})
