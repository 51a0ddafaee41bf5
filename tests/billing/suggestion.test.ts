import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, likeness, normalised, type Ranking, suggest } from '#billing/suggestion.ts'

const company = (id: number, name: string, identifier = ''): Candidate => ({ id, name, identifier })
const one = (name: string, companies: readonly Candidate[], taken: readonly number[] = []) =>
  suggest([{ account: 'A-1', name }], companies, new Set(taken)).get('A-1')

/** The table of FEATURES 4.8. */
const table: [
  account: string,
  candidates: [string, string, number][],
  suggested: number | undefined,
  score?: string,
][] = [
  [
    'Contoso Ltd',
    [
      ['Contoso Limited', 'CONTOSO', 1000],
      ['Contoso Retail Ltd', '', 667],
    ],
    1,
    '1.000',
  ],
  [
    'Fabrikam',
    [
      ['Fabrikam, Inc.', '', 1000],
      ['Fabrikam Residences', 'FABRIKAMRES', 824],
    ],
    1,
    '1.000',
  ],
  [
    'Müller & Söhne GmbH',
    [
      ['Muller and Sohne', '', 1000],
      ['Mueller und Soehne', 'MULLERSOHNE', 783],
    ],
    1,
    '1.000',
  ],
  [
    'Northwind Traders',
    [
      ['Northwind Traders UK', '', 938],
      ['Northwind Trading', '', 800],
    ],
    1,
    '0.938',
  ],
  ['Wingtip Toys Inc', [['Wingtip Toy', '', 947]], 1, '0.947'],
  [
    'Adventure Works',
    [
      ['Adventure Works East', '', 867],
      ['Adventure Works West', '', 867],
    ],
    undefined,
  ],
  ['Litware', [['Lite Wear Fashion', 'LITEWEAR', 462]], undefined],
]

describe('a suggestion (M6, 4.8)', () => {
  for (const [account, candidates, suggested, score] of table)
    it(`for ${account} is ${suggested === undefined ? 'none' : candidates[suggested - 1]?.[0]}`, () => {
      const companies = candidates.map(([name, identifier], at) => company(at + 1, name, identifier))
      for (const [name, identifier, expected] of candidates)
        expect([name, Math.max(likeness(account, name), likeness(account, identifier))]).toEqual([name, expected])
      expect(one(account, companies)).toEqual(
        suggested === undefined ? undefined : expect.objectContaining({ companyId: suggested, score }),
      )
    })

  it('keeps a legal form when nothing else is left', () => {
    expect(normalised('The Company')).toBe('thecompany')
    expect(normalised("O'Brien & Söhne, Ltd.")).toBe('obrienandsohne')
  })

  it('compares a one-letter name by equality only', () => {
    expect(likeness('X', 'x')).toBe(1000)
    expect(likeness('X', 'XY')).toBe(0)
  })

  it('is not a company of another account of the source, and no second best in its place', () => {
    expect(one('Contoso', [company(1, 'Contoso'), company(2, 'Contosoo')], [1])).toBeUndefined()
  })

  it('goes to the account that leads by 0.050, else to neither', () => {
    const both = (first: string, second: string) => [
      ...suggest(
        [
          { account: 'A', name: first },
          { account: 'B', name: second },
        ],
        [company(1, 'Wingtip Toys')],
        new Set(),
      ).keys(),
    ]
    expect(both('Wingtip Toys', 'Wingtip Toy')).toEqual(['A'])
    expect(both('Wingtip Toys', 'Wingtip Toys Ltd')).toEqual([])
  })

  it('says what was alike', () => {
    expect(one('Contoso', [company(1, 'Something else', 'CONTOSO')])?.reason).toBe('the same ConnectWise id')
    expect(one('Wingtip Toys', [company(1, 'Wingtip Toy')])?.reason).toBe('nearly the same name')
  })
})

describe('likeness, whatever the texts', () => {
  const name = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.string({ unit: fc.constantFrom('a', 'b', ' ', '&'), maxLength: 12 }),
  )

  it('is the same both ways, from 0 to 1000, and whole for equals', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(likeness(a, b)).toBe(likeness(b, a))
        expect(likeness(a, b)).toBeGreaterThanOrEqual(0)
        expect(likeness(a, b)).toBeLessThanOrEqual(1000)
        expect(likeness(a, a)).toBe(normalised(a) === '' ? 0 : 1000)
      }),
    )
  })

  it('never suggests one company to two accounts, nor a taken one, nor below 0.850', () => {
    const names = fc.array(name, { maxLength: 12 })
    fc.assert(
      fc.property(names, names, fc.nat(11), (accounts, companies, taken) => {
        const found = suggest(
          accounts.map((name, at) => ({ account: String(at), name })),
          companies.map((name, at) => company(at, name)),
          new Set([taken]),
        )
        const ids = [...found.values()].map(({ companyId }) => companyId)
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids).not.toContain(taken)
        expect([...found.values()].every(({ score }) => Number(score) >= 0.85)).toBe(true)
      }),
    )
  })

  it('is the same for what was compared with these companies before', () => {
    const names = fc.array(name, { maxLength: 8 })
    const given = (some: readonly string[]) => some.map((name, at) => ({ account: String(at), name }))
    fc.assert(
      fc.property(names, names, names, (before, now, companies) => {
        const list = companies.map((one, at) => company(at, one))
        const ranking: Ranking = new Map()
        suggest(given(before), list, new Set(), ranking)
        expect(suggest(given(now), list, new Set(), ranking)).toEqual(suggest(given(now), list, new Set()))
      }),
    )
  })

  it('does not depend on the order of companies', () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 8 }), name, (companies, account) => {
        const list = companies.map((one, at) => company(at, one))
        expect(one(account, [...list].reverse())).toEqual(one(account, list))
      }),
    )
  })

  it('is found among 2,000 companies for 2,000 accounts at once', () => {
    const names = Array.from(
      { length: 2000 },
      (_, at) => `Northwind ${String.fromCharCode(97 + (at % 26))}${at} Traders Ltd`,
    )
    const found = suggest(
      names.map((name, at) => ({ account: String(at), name })),
      names.map((name, at) => company(at, name)),
      new Set(),
    )
    expect(found.size).toBeGreaterThanOrEqual(0)
  })
})
