import { expect, it } from 'vitest'
import { listUnpostedLines } from '#db/lines.ts'
import { editLines } from '#sync/lines/edit.ts'
import { placeAnew } from '#sync/lines/place.ts'
import { importMappings } from '#sync/mapping/import-mappings.ts'
import { includeAccount, includeAccounts } from '#sync/mapping/include.ts'
import { chooseAgreement, chooseCompany, forgetAgreement } from '#sync/mapping/place-account.ts'
import { chooseSkuProduct } from '#sync/mapping/sku-products.ts'
import { undoMapping } from '#sync/mapping/undo-mapping.ts'
import { unmap } from '#sync/mapping/unmap.ts'
import { wantRecord, withdrawRecord } from '#sync/records/creations.ts'
import { addAgreement, addCompany, addProduct } from '../../sandbox/manage/build.ts'
import { emptyWorld } from '../../sandbox/manage/world.ts'
import { onSqlite } from '../../stores.ts'
import { givenMarketplace, line, load, sayLines } from './given.ts'

onSqlite((open) => {
  it('no change of a mapping leaves a line where it was before: placing all anew finds nothing to move (4.6, 4.13)', async () => {
    const world = emptyWorld()
    addProduct(world, { id: 513, identifier: 'OTHER' })
    const fabrikam = addCompany(world, { id: 251, identifier: 'Fabrikam', name: 'Fabrikam Inc' })
    addAgreement(world, { id: 90, company: fabrikam, name: 'Cloud', startDate: '2026-01-01T00:00:00Z' }, '2026-10-17')
    const app = await givenMarketplace(open, { world })
    const { deps, scope, clock } = app
    const offered = (offer: string, id: string) => [
      line({ id, offer }),
      line({ id: `${id} usage`, offer, chargeType: 'UsageFee', billingCycle: 'Annual' }),
    ]
    const accounts = ['A-17', 'B-1', 'B-2', 'B-3']
    await sayLines(
      app,
      Object.fromEntries(
        accounts.map((name) => [name, ['M365-BP', 'O2'].flatMap((one) => offered(one, `${name} ${one}`))]),
      ),
    )
    await load(app)
    await placeAnew(scope)
    const asked = (account: string) => ({ key: { sourceId: 'src', account }, member: 'ffin' })
    const product = (sku: string, term: string, seen: number | null, productId: number | null) =>
      chooseSkuProduct(deps, scope, 'ffin', { sourceId: 'src', sku, term, seen, productId })
    const rows = async () => listUnpostedLines(scope, { months: [{ sourceId: 'src', period: '2026-11' }] })
    const pick = async (named: string, agreement: number | null) => {
      const seen = new Map((await rows()).filter((row) => row.line === named).map((row) => [row.id, row.change]))
      return editLines(deps, scope, { member: 'ffin', seen }, { agreement })
    }
    let undo = 0
    let wanted = 0
    const draft = {
      record: 'agreement' as const,
      name: 'New',
      typeId: 1,
      companyId: 251,
      startOn: '2026-11-01',
      names: {},
    }
    const placed = { source: 'src', account: 'B-3', reads: { offer: 'O2', chargeType: 'CycleFee' }, company: 251 }
    const steps: [string, () => Promise<unknown>][] = [
      ['company', () => chooseCompany(deps, scope, asked('B-1'), 251)],
      ['include', () => includeAccount(deps, scope, asked('B-1'), true)],
      ['agreement', () => chooseAgreement(deps, scope, asked('B-1'), 90)],
      ['product', () => product('O2', '', null, 513)],
      ['product of a cycle', () => product('O2', 'Annual', null, 512)],
      ['second company', () => chooseCompany(deps, scope, asked('B-2'), 251)],
      ['second joins', () => includeAccounts(deps, scope, 'ffin', [asked('B-2').key, asked('B-3').key], true)],
      ['agreement of a line', () => pick('B-2 O2', 90)],
      [
        'import',
        () => importMappings(deps, scope, JSON.stringify([{ ...placed, agreement: 90, product: 513, include: true }])),
      ],
      ['other product', () => product('O2', '', 513, 512)],
      ['product of a cycle gone', () => product('O2', 'Annual', 512, null)],
      ['unmapped', async () => (undo = (await unmap(deps, scope, asked('B-2'))).seq)],
      ['undone', () => undoMapping(deps, scope, asked('B-2'), undo)],
      ['excluded', () => includeAccounts(deps, scope, 'ffin', [asked('B-1').key], false)],
      ['third unmapped', () => unmap(deps, scope, asked('B-3'))],
      ['agreement forgotten', () => forgetAgreement(deps, scope, asked('B-1'))],
      ['company moved', () => chooseCompany(deps, scope, asked('B-1'), 250)],
      ['shared with A-17', () => includeAccount(deps, scope, asked('B-1'), true)],
      ['shared no more', () => chooseCompany(deps, scope, asked('A-17'), 251)],
      ['line goes back', () => pick('B-2 O2', null)],
      ['wanted', async () => (wanted = (await wantRecord(deps, scope, 'ffin', draft)).id)],
      ['chosen', () => chooseAgreement(deps, scope, asked('B-2'), wanted)],
      ['left alone again', () => includeAccounts(deps, scope, 'ffin', [asked('A-17').key], false)],
      ['withdrawn', () => withdrawRecord(deps, scope, 'ffin', wanted)],
    ]
    for (const [step, change] of steps) {
      clock.advance(1_000)
      await clock.run(change())
      expect([step, await placeAnew(scope)]).toEqual([step, 0])
    }
    await app.close()
  })
})
