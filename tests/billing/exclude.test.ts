import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Book, readState, type Statement } from '#billing/book.ts'
import { patternProblems, whyNot } from '#billing/counted.ts'
import { type Desired, desiredOf } from '#billing/desired.ts'
import { excludeProblems, readProblems } from '#billing/overlap.ts'
import { peopleBehind } from '#billing/people.ts'
import type { Person, Reading, Snapshot } from '#billing/reading.ts'

const snapshot: Snapshot = {
  ...{ id: 's', source: 'src', kind: 'counts', period: '2026-11' },
  ...{ takenAt: 0, takenOn: '2026-11-17', complete: true },
}
const statementOf = (reading: Partial<Reading>, over: Partial<Snapshot> = {}): Statement => ({
  account: 'A-17',
  name: 'Contoso',
  readings: [{ account: 'A-17', kind: 'metric', name: 'users', quantity: '0', ...reading }],
  snapshot: { ...snapshot, ...over },
})
const bookOf = (statement: Statement): Book => ({
  ...{ source: 'src', sourceName: 'Platform', complete: new Map() },
  statements: new Map([['A-17', statement]]),
})
const listed = (people: Person[]) => statementOf({ quantity: String(people.length), people })
const stateOf = (statement: Statement, exclude: string[]) =>
  readState(bookOf(statement), 'A-17', { metric: 'users' }, exclude)

describe('V12: who is left out of a number', () => {
  it.each<[string, string, boolean]>([
    ['*@contoso.example', 'ann@contoso.example', true],
    ['*@CONTOSO.example', 'Ann@Contoso.Example', true],
    ['svc-*', 'svc-backup@contoso.example', true],
    ['svc-*', 'ann.svc-x@contoso.example', false],
    ['*test*', 'the tester', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['ab*ba', 'aba', false],
    ['Ann Lee', 'ann lee', true],
    ['Ann', 'Ann Lee', false],
    ['a.b', 'axb', false],
    ['**x**', 'axb', true],
    ['Ren\u00e9 *', 'Rene\u0301 Roux', true],
    ['*e\u0301', 'RENE\u0301', true],
    ['Rene*', 'Ren\u00e9', false],
  ])('%s leaves out %s: %s', (pattern, text, isOut) => {
    const why = isOut ? `the rule leaves out ${pattern}` : undefined
    expect(whyNot({ id: 'u', name: text }, undefined, [pattern])).toBe(why)
    expect(whyNot({ id: 'u', email: text }, undefined, [pattern])).toBe(why)
  })

  it('a pattern fits what the same regular expression does, whatever the texts', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '.', '@'), maxLength: 12 })
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '.', '*', '*'), minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(letters, pattern, (name, one) => {
        const source = one.split('*').map((part) => part.replaceAll('.', '\\.'))
        const fits = new RegExp(`^${source.join('.*')}$`, 'i').test(name)
        expect(whyNot({ id: 'u', name }, undefined, [one]) !== undefined).toBe(fits)
      }),
      { numRuns: 2000 },
    )
  })

  it('a hostile pattern takes no longer than a plain one', () => {
    const name = 'a'.repeat(10_000)
    const pattern = `${'*a'.repeat(49)}*b`
    expect(whyNot({ id: 'u', name }, undefined, [pattern])).toBeUndefined()
  })

  it('people are left out before anything is counted, and shown with the pattern as the reason', () => {
    const people = [
      { id: '1', name: 'Ann Lee', email: 'ann@contoso.example' },
      { id: '2', name: 'Backup', email: 'svc-backup@contoso.example' },
      { id: '3', name: 'Bo Ek' },
    ]
    expect(stateOf(listed(people), ['SVC-*'])).toMatchObject({ state: 'known', quantity: '2' })
    const [behind] = peopleBehind(listed(people), [{ metric: 'users' }], ['SVC-*'])
    expect(behind?.people.map(({ why }) => why)).toEqual([undefined, 'the rule leaves out SVC-*', undefined])
  })

  it('without people, or with people that do not add up, the number is unknown with that reason', () => {
    expect(stateOf(statementOf({ quantity: '12' }), ['x*'])).toEqual({
      state: 'unknown',
      reason: 'the source lists no people for users, so nobody can be left out',
    })
    expect(stateOf(statementOf({ quantity: '3', people: [{ id: '1' }] }), ['x*'])).toEqual({
      state: 'unknown',
      reason: 'the source counts 3 users and names 1: nobody can be left out until they add up',
    })
    expect(stateOf(statementOf({ quantity: '3', people: [{ id: '1' }] }), [])).toMatchObject({ quantity: '3' })
  })

  it('what is counted and who is shown as counted is the same, whoever is left out', () => {
    const person = fc.record({ id: fc.uuid(), name: fc.constantFrom('Ann', 'Bo', 'svc-1', 'Guest x') })
    const patterns = fc.subarray(['svc-*', 'guest*', '*o', 'ANN'])
    fc.assert(
      fc.property(fc.array(person, { maxLength: 20 }), patterns, (people, exclude) => {
        const [behind] = peopleBehind(listed(people), [{ metric: 'users' }], exclude)
        const counted = behind?.people.filter(({ why }) => why === undefined) ?? []
        expect(stateOf(listed(people), exclude)).toMatchObject({ quantity: String(counted.length) })
      }),
      { numRuns: 1000 },
    )
  })

  it.each<[string[], string]>([
    [['*'], 'exclude would leave out everybody: exclude the account instead'],
    [[''], 'exclude would leave out everybody: exclude the account instead'],
    [['x'.repeat(101)], 'exclude holds a pattern of more than 100 characters'],
    [[' x'], 'exclude holds a pattern with a space at its end or a control character'],
    [['x', 'x'], 'exclude names a pattern twice'],
    [Array.from({ length: 51 }, (_, n) => `p${n}`), 'exclude names more than 50 patterns'],
  ])('refuses %j', (patterns, problem) => {
    expect(patternProblems(patterns)).toEqual([problem])
  })
})

describe('V12 V19: what is read together', () => {
  it('refuses what would be counted twice', () => {
    const twice = (...reads: Parameters<typeof readProblems>[0]) => readProblems(reads)
    expect(twice({ metric: 'users' }, { metric: 'admins' })).toEqual([])
    expect(twice({ metric: 'users' }, { metric: 'users', services: ['training'] })).toHaveLength(1)
    expect(twice({ metric: 'users', services: ['a'] }, { metric: 'users', services: ['b'] })).toEqual([])
    expect(twice({ metric: 'users', services: ['a', 'b'] }, { metric: 'users', services: ['b'] })).toHaveLength(1)
    expect(twice({ sku: 'BP' }, { sku: 'BP', term: 'P1M' })).toEqual([
      'BP is read twice, so some of it would be counted twice',
    ])
    expect(twice({ sku: 'BP', term: 'P1Y' }, { sku: 'BP', term: 'P1M' })).toEqual([])
    expect(twice({ sku: 'BP', term: 'P1Y' }, { sku: 'BP', subscription: 's-1' })).toHaveLength(1)
    expect(excludeProblems([{ sku: 'BP' }], { exclude: ['x*'] })).toEqual([
      'exclude leaves out people, and usage of BP names none',
    ])
  })
})

it('4.9: two rows of one account that read the same for one addition say so instead of adding up', () => {
  const row = {
    ...{ source: 'src', companyId: 250, agreementId: 87, targetKey: 'addition:301', leaveAlone: [], include: true },
    rule: { write: ['quantity' as const] },
  }
  const of = (...rows: [account: string, services?: string[]][]): Desired =>
    desiredOf(
      rows.map(([account, services], at) => ({
        ...row,
        ...{ id: `m${at}`, account, reads: [{ metric: 'users', ...(services ? { services } : {}) }] },
      })),
      new Map([['src', bookOf(listed([{ id: 'u', services: ['a'] }]))]]),
    )
  expect(of(['A-17'], ['A-17', ['a']])).toEqual({
    state: 'contradictory',
    reason: 'users is read twice, so some of it would be counted twice: unmap one of the rows of account A-17 here',
  })
  expect(of(['A-17', ['a']], ['A-17', ['b']])).toMatchObject({ state: 'known', quantity: '1' })
  expect(of(['A-17'], ['B/2'])).toMatchObject({ state: 'unknown' })
})
