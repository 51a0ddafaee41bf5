import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Condition, writeCondition } from '#connectwise/conditions.ts'

describe('a condition', () => {
  it('is written in the grammar of ConnectWise', () => {
    expect(writeCondition({ field: 'id', in: [1, 2, 3] })).toBe('id in (1,2,3)')
    const tree: Condition = {
      all: [
        { field: 'agreementStatus', is: '=', value: { word: 'Active' } },
        { any: [{ field: 'company/id', is: '!=', value: 250 }] },
        { field: '_info/lastUpdated', is: '>', value: { day: '2026-01-31' } },
      ],
    }
    expect(writeCondition(tree)).toBe(
      '(agreementStatus="Active" and (company/id!=250) and _info/lastUpdated>[2026-01-31T00:00:00Z])',
    )
  })

  it('cannot be escaped from by any text', () => {
    const attacks = ['" or 1=1 or name="', ')', '%', '_x', 'a\nb', '', '1;drop', "o'brien", ']', 'Ａ']
    for (const word of attacks) {
      expect(() => writeCondition({ field: 'agreementStatus', is: '=', value: { word } })).toThrow('cannot hold')
    }
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (word) => {
        const write = () => writeCondition({ field: 'agreementStatus', is: '=', value: { word } })
        if (/^[A-Za-z0-9][A-Za-z0-9 _-]{0,49}$/.test(word)) expect(write()).toBe(`agreementStatus="${word}"`)
        else expect(write).toThrow()
      }),
    )
  })

  it('refuses names, comparisons, days and numbers from outside the closed sets', () => {
    const untyped = (value: unknown) => () => writeCondition(value as Condition)
    expect(untyped({ field: 'name', in: [1] })).toThrow()
    expect(untyped({ field: 'id', is: 'like', value: 1 })).toThrow()
    expect(untyped({ field: 'id', is: '=', value: { day: '2026-1-1] or id>0' } })).toThrow()
    for (const value of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1) or (1']) {
      expect(untyped({ field: 'id', in: [value] })).toThrow()
    }
  })
})
