import { describe, expect, it } from 'vitest'
import { addUnlisted, saveChoice } from '#db/accounts.ts'
import { save } from '#db/db.ts'
import { listLines } from '#db/lines.ts'
import { saveAdditionsProblem } from '#db/mirror.ts'
import { saveSkuProduct } from '#db/sku-products.ts'
import { findTenant } from '#db/tenants.ts'
import { placeLines } from '#sync/lines/place.ts'
import { givenContoso } from '../../given.ts'
import { addLines } from '../../lines-given.ts'
import type { App } from '../../start.ts'
import { eachStore } from '../../stores.ts'

eachStore((open) => {
  describe('placing invoice lines', () => {
    it('follows every choice, writes only what changed and leaves posted lines alone (M9, M15, M18)', async () => {
      const app = await givenContoso(open, 10)
      await app.sync()
      await addLines(app.scope, [
        { line: 'L1', mapping: 'unmapped', companyId: null, placedAgreementId: null, productId: null },
        { line: 'L2', account: 'O-2', mapping: 'unmapped', companyId: null, placedAgreementId: null, productId: null },
        { line: 'L3', mapping: 'mapped', status: 'synced', companyId: 1, placedAgreementId: 2, productId: 3 },
      ])
      await choose(app, 'A-17', { companyId: null, agreementId: null, include: false })
      expect(await place(app)).toBe(2)
      expect(await placed(app)).toEqual({
        L1: ['excluded', 'excluded', null, null, null],
        L2: ['excluded', 'excluded', null, null, null],
        L3: ['mapped', null, 1, 2, 3],
      })

      await choose(app, 'A-17', { companyId: 250, agreementId: 87, include: true })
      const stamp = { updatedAt: 1, updatedBy: 'ffin' }
      await save(
        app.scope.db,
        saveSkuProduct(app.scope, { sourceId: 'src', sku: 'SEC-USER', term: '', productId: 512, ...stamp }),
      )
      expect(await place(app, { sourceId: 'src', offer: 'SEC-USER' })).toBe(2)
      expect(await placed(app)).toMatchObject({
        L1: ['mapped', null, 250, 87, 512],
        L2: ['excluded', 'excluded', null, null, 512],
      })
      await choose(app, 'O-2', { companyId: 250, agreementId: 87, include: true })
      expect(await place(app, { accounts: [{ sourceId: 'src', account: 'O-2' }] })).toBe(2)
      const which = 'two accounts share this company: choose the agreement'
      expect(await placed(app)).toMatchObject({
        L1: ['unmapped', which, 250, null, 512],
        L2: ['unmapped', which, 250, null, 512],
      })

      await choose(app, 'O-2', { companyId: null, agreementId: null, include: true })
      expect(await place(app, { accounts: [{ sourceId: 'src', account: 'O-2' }] })).toBe(2)
      expect(await placed(app)).toMatchObject({
        L1: ['mapped', null, 250, 87, 512],
        L2: ['unmapped', 'choose the company (Organizations)', null, null, 512],
      })
      expect(await place(app)).toBe(0)

      await save(app.scope.db, [saveAdditionsProblem(app.scope, 87, 'run', 'ConnectWise did not answer.')])
      expect(await place(app, { ids: ['L1', 'L2'] })).toBe(1)
      expect((await placed(app)).L1?.slice(0, 2)).toEqual([
        'response-error',
        'agreement 87, 2026-11-17 12:00: ConnectWise did not answer.',
      ])
      await app.close()
    })
  })
})

type Choice = { companyId: number | null; agreementId: number | null; include: boolean }

async function choose({ scope }: App, account: string, choice: Choice) {
  const key = { sourceId: 'src', account }
  await save(scope.db, addUnlisted(scope, [key], 1))
  await save(scope.db, [saveChoice(scope, key, null, { ...choice, change: null, updatedAt: 1, updatedBy: 'ffin' })])
}

async function place({ scope }: App, which?: Parameters<typeof placeLines>[2]): Promise<number> {
  const tenant = await findTenant(scope.db, scope.tenant)
  if (!tenant) throw new Error('no tenant')
  return placeLines(scope, tenant, which)
}

/** Of each line: its mapping, what it lacks, company, agreement and product. */
async function placed({ scope }: App) {
  const rows = await listLines(scope, { sourceId: 'src', period: '2026-11' })
  return Object.fromEntries(
    rows.map((row) => [row.id, [row.mapping, row.lacks, row.companyId, row.placedAgreementId, row.productId]]),
  )
}
