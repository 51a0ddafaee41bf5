import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readState, type Statement } from '#billing/book.ts'
import { cameAndWent, peopleBehind } from '#billing/people.ts'
import type { Person, Read, Reading } from '#billing/reading.ts'
import { seriesOf } from '#billing/series.ts'

const snapshot = {
  ...{ id: 's', source: 'src', kind: 'counts' as const, period: '2026-11' },
  ...{ takenAt: 0, takenOn: '2026-11-17', complete: true },
}
const statementOf = (readings: Partial<Reading>[], over: Partial<typeof snapshot> = {}): Statement => ({
  account: 'A-17',
  name: 'Contoso',
  readings: readings.map((reading) => ({ account: 'A-17', kind: 'metric', name: 'users', quantity: '0', ...reading })),
  snapshot: { ...snapshot, ...over },
})
const listed = (people: Person[]) => statementOf([{ quantity: String(people.length), people }])
const service = fc.constantFrom('training', 'phishing', 'backup')
const crowd = fc
  .uniqueArray(fc.string({ minLength: 1 }), { maxLength: 30 })
  .chain((ids) => fc.tuple(...ids.map((id) => fc.uniqueArray(service).map((services): Person => ({ id, services })))))

describe('who is in a number (V3)', () => {
  it('adds up to the reading, whoever is counted', () => {
    fc.assert(
      fc.property(crowd, fc.option(fc.uniqueArray(service, { minLength: 1 })), (people, services) => {
        const read: Read = { metric: 'users', ...(services ? { services } : {}) }
        const statement = listed(people)
        const book = { source: 'src', sourceName: '', statements: new Map([['A-17', statement]]), complete: new Map() }
        const [behind] = peopleBehind(statement, [read])
        const counted = behind?.people.filter(({ why }) => why === undefined) ?? []
        expect(behind?.people).toHaveLength(people.length)
        expect(readState(book, 'A-17', read)).toMatchObject({ quantity: String(counted.length) })
      }),
    )
  })

  it('says so when the source names nobody, or fewer than it counts', () => {
    const nobody = peopleBehind(statementOf([{ quantity: '12' }]), [{ metric: 'users' }])
    expect(nobody[0]?.note).toBe('The source counts 12 users and names nobody.')
    const fewer = peopleBehind(statementOf([{ quantity: '3', people: [{ id: 'ann' }] }]), [{ metric: 'users' }])
    expect(fewer[0]?.note).toBe('The source counts 3 users and names 1.')
  })

  it('lists the parts of a SKU, by term and subscription', () => {
    const sku = { kind: 'sku' as const, name: 'M365' }
    const said = statementOf([
      { ...sku, term: 'P1Y', subscription: 's1', quantity: '4' },
      { ...sku, term: 'P1M', quantity: '1' },
    ])
    expect(peopleBehind(said, [{ sku: 'M365' }])[0]?.parts).toEqual([
      { what: 'M365, P1Y, s1', quantity: '4' },
      { what: 'M365, P1M', quantity: '1' },
    ])
    expect(peopleBehind(said, [{ sku: 'M365', term: 'P1M' }])[0]?.parts).toHaveLength(1)
  })

  it('finds who came and who went', () => {
    const read: Read[] = [{ metric: 'users' }]
    const before = peopleBehind(listed([{ id: 'ann' }, { id: 'old' }]), read)
    const now = peopleBehind(listed([{ id: 'ann' }, { id: 'new' }]), read)
    expect(cameAndWent(before, now)).toEqual({ came: [{ id: 'new' }], went: [{ id: 'old' }] })
  })
})

describe('a number over time', () => {
  const on = (takenOn: string, quantity: string) => statementOf([{ quantity }], { takenOn })
  it('has one point a day, the last one said', () =>
    expect(
      seriesOf([{ metric: 'users' }], [on('2026-11-16', '10'), on('2026-11-17', '11'), on('2026-11-17', '12')]),
    ).toEqual([
      { day: '2026-11-16', value: 10 },
      { day: '2026-11-17', value: 12 },
    ]))
  it('leaves out days on which a part of the sum is not known', () =>
    expect(seriesOf([{ metric: 'users' }, { metric: 'admins' }], [on('2026-11-17', '12')])).toEqual([]))
})
