import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Problem } from '#server/problem.ts'
import { push } from '#sources/push.ts'

const now = 1_795_298_400_000 // 2026-11-21T22:00:00Z
const head = { kind: 'counts', period: '2026-11', takenAt: '2026-11-21T22:00:00Z', complete: true }
const users = { metric: 'users', quantity: 12 }
const contoso = { id: 'A-17', name: 'Contoso Ltd', counts: [users] }

const receive = (body: unknown) => push.receive?.(typeof body === 'string' ? body : JSON.stringify(body), now)
const withCount = (count: object) => ({ ...head, accounts: [{ ...contoso, counts: [count] }] })
const withQuantity = (digits: string) =>
  JSON.stringify(withCount({ metric: 'users', quantity: 0 })).replace(/0(?=}])/, digits)

function problems(body: unknown): string[] {
  try {
    receive(body)
  } catch (problem) {
    if (problem instanceof Problem) return problem.places.map((place) => `${place.path}: ${place.message}`)
    throw problem
  }
  return []
}

describe('a pushed snapshot', () => {
  it('becomes readings with their people', () => {
    const people = [{ id: 'u1', name: 'Ann Lee', email: 'ann@contoso.example', services: ['training'] }]
    const count = { ...users, unitCost: '2.10', unitPrice: 4, currency: 'USD', people }
    expect(receive(withCount(count))).toEqual({
      ...head,
      takenAt: now,
      accounts: [
        {
          id: 'A-17',
          name: 'Contoso Ltd',
          readings: [
            { kind: 'metric', name: 'users', quantity: '12', unitCost: '2.1', unitPrice: '4', currency: 'USD', people },
          ],
        },
      ],
    })
  })

  it('of kind usage keeps SKU, term, subscription and title', () => {
    const row = { sku: 'M365-BP', name: 'Business Premium', quantity: '1.5', subscription: 's-1', term: 'P1M' }
    const received = receive({ ...head, kind: 'usage', accounts: [{ id: 'A', name: 'A', usage: [row] }] })
    expect(received?.accounts[0]?.readings).toEqual([
      { kind: 'sku', name: 'M365-BP', title: 'Business Premium', quantity: '1.5', subscription: 's-1', term: 'P1M' },
    ])
  })

  it('of kind invoice-lines keeps its lines as they are', () => {
    const row = {
      id: 'L1',
      offer: 'O1',
      chargeType: 'CycleFee',
      quantity: 2,
      unitCost: '-1.5',
      chargeStart: '2026-11-01',
    }
    const received = receive({ ...head, kind: 'invoice-lines', accounts: [{ id: 'A', name: 'A', lines: [row] }] })
    expect(received?.accounts[0]).toEqual({
      id: 'A',
      name: 'A',
      readings: [],
      lines: [{ ...row, quantity: '2', unitCost: '-1.5' }],
    })
  })

  it('may list no accounts at all', () => {
    expect(receive({ ...head, accounts: [] })?.accounts).toEqual([])
  })

  it('names every problem with its place', () => {
    const accounts = [
      {
        ...contoso,
        counts: [
          { ...users, quantity: -1 },
          { metric: 'users', quantity: 1 },
        ],
      },
      { id: 'A-17', name: '', counts: [{ metric: 'x'.repeat(101), quantity: 1.00001, extra: 1 }] },
      7,
      { id: 'B', name: 'B', counts: [{ metric: 'm', unitCost: 'three', currency: 'usd' }] },
    ]
    expect(problems({ ...head, period: '2026-13', takenAt: 'today', complete: 'yes', more: 1, accounts })).toEqual([
      'period: must be a month, YYYY-MM',
      'takenAt: must be a moment with its zone, 2026-11-21T22:00:00Z',
      'complete: must be true or false',
      'more: is not known here',
      'accounts[0].counts[0].quantity: must not be negative',
      'accounts[1].name: must not be empty',
      'accounts[1].counts[0].metric: must be at most 100 characters',
      'accounts[1].counts[0].quantity: must have at most 4 decimals',
      'accounts[1].counts[0].extra: is not known here',
      'accounts[2]: must be an object',
      'accounts[3].counts[0].quantity: is missing',
      'accounts[3].counts[0].unitCost: must be a number or decimal text such as "2.10"',
      'accounts[3].counts[0].currency: must be a currency code such as USD',
      'accounts[1].id: repeats accounts[0]',
      'accounts[0].counts[1].metric: repeats accounts[0].counts[0]',
    ])
  })

  it('of an unknown kind still lists what is wrong around it', () => {
    const body = { ...head, kind: 'seats', period: 'now', accounts: [{ seats: 3 }] }
    expect(problems(body)).toEqual(['kind: must be counts, usage or invoice-lines', 'period: must be a month, YYYY-MM'])
  })

  it('without a kind is told that it is missing', () => {
    expect(problems({ ...head, kind: undefined, accounts: [] })).toEqual(['kind: is missing'])
  })

  it('refuses the same SKU, term and subscription twice, and takes another term', () => {
    const usage = (...rows: object[]) => ({ ...head, kind: 'usage', accounts: [{ id: 'A', name: 'A', usage: rows }] })
    const row = { sku: 'S', quantity: 1, term: 'P1Y' }
    expect(problems(usage(row, { ...row, term: 'P1M' }, { sku: 'S', quantity: 1 }))).toEqual([])
    expect(problems(usage(row, row))).toEqual(['accounts[0].usage[1].sku: repeats accounts[0].usage[0]'])
  })

  const ofLines = (...accounts: object[]) => ({
    ...{ ...head, kind: 'invoice-lines' },
    accounts: accounts.map((lines, i) => ({ id: `A${i}`, name: 'A', lines })),
  })
  const said = { id: 'L', offer: 'O', chargeType: 'CycleFee', quantity: 1 }

  it('takes a line that is said twice in the same words once, and refuses it with other content, naming both places', () => {
    const received = receive(ofLines([said, { ...said, quantity: '1.0' }, { ...said, id: 'M' }]))
    expect(received?.accounts[0]?.lines?.map(({ id }) => id)).toEqual(['L', 'M'])
    expect(problems(ofLines([said, { ...said, quantity: 2 }]))).toEqual([
      'accounts[0].lines[1].id: repeats accounts[0].lines[0] with other content',
    ])
  })

  it('refuses one line id under two accounts', () => {
    expect(problems(ofLines([said], [said]))).toEqual([
      'accounts[1].lines[0].id: repeats accounts[0].lines[0] with other content',
    ])
  })

  it('takes charge types nobody knows, credits and ends before the start of invoice lines as they are', () => {
    const odd = { ...said, chargeType: 'EarlyExitFee', quantity: -2, unitPrice: '-4.50', unitCost: 0 }
    const days = { chargeStart: '2026-02-02', chargeEnd: '2026-02-01' }
    expect(problems(ofLines([{ ...odd, ...days }]))).toEqual([])
    expect(
      problems(
        ofLines([
          { ...odd, chargeType: 'x'.repeat(101) },
          { ...said, id: 'M', chargeType: 'two\nlines' },
        ]),
      ),
    ).toEqual([
      'accounts[0].lines[0].chargeType: must be at most 100 characters',
      'accounts[0].lines[1].chargeType: must not hold control characters or broken Unicode',
    ])
  })

  it('names every place of a line that cannot be: days, decimals, currencies and what it does not know', () => {
    const lines = [
      { ...said, chargeStart: '2026-02-29', invoicedOn: '2026-11-31' },
      { ...said, id: 'M', quantity: '0.123456789012', unitPrice: '1.123456789012' },
      { ...said, id: 'N', currency: 'Euro', tenant: 'globex' },
    ]
    expect(problems(ofLines(lines))).toEqual([
      'accounts[0].lines[0].chargeStart: must be a day that exists, YYYY-MM-DD',
      'accounts[0].lines[0].invoicedOn: must be a day that exists, YYYY-MM-DD',
      'accounts[0].lines[1].quantity: must have at most 4 decimals',
      'accounts[0].lines[1].unitPrice: must have at most 10 decimals',
      'accounts[0].lines[2].currency: must be a currency code such as USD',
      'accounts[0].lines[2].tenant: is not known here',
    ])
  })

  it('refuses a moment more than 10 minutes ahead', () => {
    expect(problems({ ...head, takenAt: '2026-11-21T22:10:00Z', accounts: [] })).toEqual([])
    expect(problems({ ...head, takenAt: '2026-11-21T23:10:01+01:00', accounts: [] })).toEqual([
      'takenAt: must not be more than 10 minutes in the future; check the clock',
    ])
  })

  it.each([
    ['1e3', 'must be written without an exponent'],
    ['"1e3"', 'must be written without an exponent'],
    ['12.00000000000000000001', 'must have at most 4 decimals'],
    ['10000000.0001', 'must be at most 10,000,000'],
    ['99999999999999999999', 'must be at most 10,000,000'],
    ['"NaN"', 'must be a number or decimal text such as "2.10"'],
    ['"Infinity"', 'must be a number or decimal text such as "2.10"'],
    ['" 12"', 'must be a number or decimal text such as "2.10"'],
    ['"0x10"', 'must be a number or decimal text such as "2.10"'],
    ['"007"', 'must be a number or decimal text such as "2.10"'],
    ['null', 'must be a number or decimal text such as "2.10"'],
    ['true', 'must be a number or decimal text such as "2.10"'],
    ['[1]', 'must be a number or decimal text such as "2.10"'],
  ])('refuses the quantity %s', (digits, message) => {
    expect(problems(withQuantity(digits))).toEqual([`accounts[0].counts[0].quantity: ${message}`])
  })

  it.each(['', '{', '[1,]', '{"a":01}', 'null', '[]', '7', '"text"'])('refuses the body %s', (body) => {
    expect(problems(body).length).toBeGreaterThan(0)
  })

  it('refuses an account that is too large for one row', () => {
    const people = Array.from({ length: 10_000 }, (_, i) => ({ id: `user-${i}`, name: 'n'.repeat(100) }))
    expect(problems(withCount({ ...users, people }))).toEqual([
      'accounts[0]: must be at most 1,000,000 characters of JSON',
    ])
  })

  it('gives up a body with nothing right in it', () => {
    const accounts = Array.from({ length: 100_000 }, () => ({ a: 1 }))
    expect(problems({ ...head, accounts }).length).toBe(10_001)
    const counts = Array.from({ length: 100_000 }, () => ({ a: 1 }))
    expect(problems({ ...head, accounts: [{ ...contoso, counts }] }).length).toBe(10_001)
  })

  it('refuses control characters, broken Unicode and prototype keys', () => {
    expect(problems(withCount({ ...users, metric: 'a\nb' }))).toHaveLength(1)
    expect(problems(withCount({ ...users, metric: 'a\ud800' }))).toHaveLength(1)
    expect(problems(JSON.stringify({ ...head, accounts: [] }).replace('}', ',"__proto__":{"a":1}}'))).toEqual([
      '__proto__: is not known here',
    ])
  })

  it('keeps every quantity of up to 4 decimals exactly, as number and as text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 11 }), (tenThousandths) => {
        const digits = `${Math.floor(tenThousandths / 10_000)}.${String(tenThousandths % 10_000).padStart(4, '0')}`
        const exact = digits.replace(/\.?0+$/, '')
        for (const body of [withQuantity(digits), withQuantity(`"${digits}"`)])
          expect(receive(body)?.accounts[0]?.readings[0]?.quantity).toBe(exact)
      }),
    )
  })

  it('answers any JSON with a snapshot or a list of places', () => {
    fc.assert(
      fc.property(fc.json(), (accounts) => {
        const body = JSON.stringify(head).replace('}', `,"accounts":${accounts}}`)
        expect(problems(body).length).toBeGreaterThan(accounts === '[]' ? -1 : 0)
      }),
    )
  })
})
