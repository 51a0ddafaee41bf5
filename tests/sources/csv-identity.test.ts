import fc from 'fast-check'
import Papa from 'papaparse'
import { expect, it } from 'vitest'
import { csvOf } from '#billing/csv.ts'
import { csv } from '#sources/csv.ts'

/** How somebody's program writes a file. */
const writing = fc.record({
  separator: fc.constantFrom(',', ';', '\t', '|'),
  decimal: fc.constantFrom('.', ','),
  /** Between three digits each. */
  thousands: fc.constantFrom('', ' ', '\u00a0', '’', 'other'),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  quotes: fc.boolean(),
  mark: fc.boolean(),
})

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((text) => text.trim() === text && /^[^\p{Cc}\p{Cs}]+$/u.test(text) && !/^#|^\d(?:[.,]\d+)?E\+/i.test(text))
const tenThousandths = fc.bigInt({ min: 0n, max: 100_000_000_000n })
const rows = fc.uniqueArray(fc.record({ id: name, name, tenThousandths }), {
  minLength: 1,
  maxLength: 20,
  selector: ({ id }) => id,
})

/** A number of ten-thousandths as a decimal, all four digits behind the point. */
const digitsOf = (value: bigint): string =>
  String(value)
    .padStart(5, '0')
    .replace(/(\d{4})$/, '.$1')
const shortest = (digits: string): string => digits.replace(/\.?0+$/, '') || '0'

function written(digits: string, decimal: string, thousands: string): string {
  const [whole = '', fraction = ''] = digits.split('.')
  const sign = thousands === 'other' ? (decimal === '.' ? ',' : '.') : thousands
  return `${whole.replace(/\B(?=(\d{3})+$)/g, sign)}${decimal}${fraction}`
}

const accountsIn = (text: string) =>
  csv
    .read?.(new TextEncoder().encode(text), { columns: {} }, {})
    .accounts.map(({ id, name, readings }) => [id, name, readings[0]?.quantity])

it('F52 what is written in any locale, with any separator and quotes, is read as it was', () => {
  fc.assert(
    fc.property(rows, writing, (accounts, { separator, decimal, thousands, end, quotes, mark }) => {
      const cells = accounts.map((one) => [one.id, one.name, written(digitsOf(one.tenThousandths), decimal, thousands)])
      const text = Papa.unparse([['Customer ID', 'Customer', 'Quantity'], ...cells], {
        delimiter: separator,
        newline: end,
        quotes,
      })
      const expected = accounts.map((one) => [one.id, one.name, shortest(digitsOf(one.tenThousandths))])
      expect(accountsIn(mark ? `\ufeff${text}` : text)).toEqual(expected)
    }),
    { numRuns: 1000 },
  )
})

it('what we write ourselves is read as it was, but for the quote before what could be a formula', () => {
  fc.assert(
    fc.property(rows, (accounts) => {
      const cells = accounts.map((one) => [one.id, one.name, shortest(digitsOf(one.tenThousandths))])
      const sheet = accountsIn(csvOf([['Customer ID', 'Customer', 'Quantity'], ...cells, ['-', '-', '1.5']]))
      const safe = (text: string) => (/^[=+\-@]/.test(text) ? `'${text}` : text)
      expect(sheet?.slice(0, -1)).toEqual(
        cells.map(([id = '', name = '', quantity]) => [safe(id), safe(name), quantity]),
      )
    }),
    { numRuns: 300 },
  )
})

it('any bytes are read or refused, and never half', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(`Customer,Users\n${text}`)),
      ),
      (file) => {
        try {
          const sheet = csv.read?.(file, { columns: {} }, {})
          for (const { readings } of sheet?.accounts ?? [])
            for (const { quantity } of readings) expect(quantity).toMatch(/^\d+(\.\d{1,4})?$/)
        } catch (problem) {
          expect(problem).toMatchObject({ name: 'Problem', kind: 'invalid' })
        }
      },
    ),
    { numRuns: 1000 },
  )
})
