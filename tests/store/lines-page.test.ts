import { expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { listLines } from '#db/lines.ts'
import { countEdited, saveLineEdits } from '#db/lines-edit.ts'
import { listChangeable, listLineFacets, listLinePlaces, pageLines, sumLines } from '#db/lines-page.ts'
import { addLines } from '../lines-given.ts'
import { eachStore } from '../stores.ts'
import { givenTenant } from './given.ts'

eachStore((open) => {
  it('pages, adds up and edits a month’s lines alike on both stores (M15, M17)', async () => {
    const scope = await givenTenant((await open()).db)
    await addLines(scope, [
      { line: 'L-1', offer: 'Backup', subscriptionName: '50% off' },
      { line: 'L-2', offer: 'archive', status: 'synced', unitPrice: '0.1' },
      { line: 'L-3', companyId: 251, placedAgreementId: 90, currency: 'EUR' },
      { line: 'L-4', period: '2026-10' },
    ])
    const all = { period: '2026-11', readable: 'all' as const }
    const ids = async (filter: object, by: 'offer' | 'organization' | 'product' = 'offer', descending = false) => {
      const page = { order: { by, descending }, limit: 9, offset: 0 }
      return (await pageLines(scope, { ...all, ...filter }, page)).map(({ id }) => id)
    }
    expect(await ids({})).toEqual(['L-2', 'L-1', 'L-3'])
    expect(await ids({}, 'offer', true)).toEqual(['L-3', 'L-1', 'L-2'])
    expect(await ids({ text: '50%' }, 'organization')).toEqual(['L-1'])
    expect(await ids({ readable: { companies: [250], agreements: [87] } }, 'product')).toEqual(['L-1', 'L-2'])
    expect(await ids({ account: { sourceId: 'src', account: 'A-17' }, ids: ['L-3', 'L-4'] })).toEqual(['L-3'])
    expect((await sumLines(scope, all)).toSorted((a, b) => (a.revenues ?? '').localeCompare(b.revenues ?? ''))).toEqual(
      [
        { currency: 'USD', status: 'synced', lines: 1, costs: '2×4', revenues: '2×0.1' },
        { currency: 'EUR', status: 'not-synced', lines: 1, costs: '2×4', revenues: '2×10' },
        { currency: 'USD', status: 'not-synced', lines: 1, costs: '2×4', revenues: '2×10' },
      ],
    )
    expect(await listLinePlaces(scope, '2026-11')).toHaveLength(2)
    expect(await listLineFacets(scope, all)).toHaveLength(2)
    expect((await listChangeable(scope, all, 9)).map(({ id }) => id)).toEqual(['L-1', 'L-3'])

    const edits = (await listLines(scope, { ids: ['L-1', 'L-2', 'L-3'] })).map((row) => ({
      ...{ ...row, typedStart: '2026-11-20', effectiveOn: '2026-11-20', seen: row.id === 'L-3' ? 'older' : null },
    }))
    await save(scope.db, saveLineEdits(scope, edits, { change: 'edit', at: 9, member: 'ann' }))
    expect(await countEdited(scope, ['L-1', 'L-2', 'L-3'], 'edit')).toBe(1)
    const [edited] = await listLines(scope, { ids: ['L-1'] })
    expect(edited).toMatchObject({
      typedStart: '2026-11-20',
      leftOut: false,
      cancelledOn: '2026-11-30',
      updatedBy: 'ann',
    })
  })
})
