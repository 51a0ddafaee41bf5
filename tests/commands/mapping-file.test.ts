import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileRowOf, parseMappings, writeMappings } from '#sync/mapping/file.ts'
import { row } from './mapping-row.ts'

describe('a mapping file', () => {
  it.each<[string, unknown, string[]]>([
    ['a number for a text', row({ account: 17 }), ['row 1: account: must be text']],
    [
      'a text for a number',
      row({ company: '250' }),
      ['row 1: company: must be the id of a ConnectWise record, a whole number'],
    ],
    ['an id of zero', row({ agreement: 0 }), ['row 1: agreement: must be the id of a ConnectWise record, above 0']],
    [
      'nothing at all',
      {},
      ['source', 'account', 'reads', 'company', 'agreement'].map((name) => `row 1: ${name}: is missing`),
    ],
    ['no object', 'x', ['row 1: must be an object']],
    [
      'a member nobody knows',
      row({ colour: 1, 'a b': 2 }),
      ['row 1: colour: is not known here', 'row 1: a b: is not known here'],
    ],
    ['a rule member nobody knows', row({ rule: { factor: 2 } }), ['row 1: rule.factor: is not known here']],
    ['proration', row({ rule: { prorate: 'yes' } }), ['row 1: rule.prorate: must be true or false']],
    [
      'an offer',
      row({ reads: { offer: 'X' } }),
      [
        'row 1: reads[0]: must name a metric, narrowed by services, a sku, narrowed by term and subscription, or an offer with its chargeType, narrowed by subscription',
      ],
    ],
    ['no reads', row({ reads: [] }), ['row 1: reads: must name at least one reading']],
    [
      'the same reading twice',
      row({ reads: [{ metric: 'u' }, { metric: 'u' }] }),
      ['row 1: reads: u is read twice, so some of it would be counted twice'],
    ],
    [
      'a metric with a term',
      row({ reads: { metric: 'u', term: 'P1M' } }),
      [
        'row 1: reads[0]: must name a metric, narrowed by services, a sku, narrowed by term and subscription, or an offer with its chargeType, narrowed by subscription',
      ],
    ],
    ['a negative minimum', row({ rule: { minimum: -1 } }), ['row 1: rule: minimum is -1: it must not be negative']],
    ['a pack of nothing', row({ rule: { packSize: 0 } }), ['row 1: rule: packSize is 0: it must be above 0']],
    [
      'a minimum above the maximum',
      row({ rule: { minimum: 5, maximum: '4' } }),
      ['row 1: rule: minimum 5 is greater than maximum 4'],
    ],
    [
      'a number with an exponent',
      row({ rule: { minimum: '1e3' } }),
      ['row 1: rule.minimum: must be a number of at most 10,000,000 with at most 4 decimals'],
    ],
    [
      'too many decimals',
      row({ rule: { above: 0.00001 } }),
      ['row 1: rule.above: must be a number of at most 10,000,000 with at most 4 decimals'],
    ],
    [
      'a rounding nobody knows',
      row({ rule: { rounding: 'floor' } }),
      ['row 1: rule.rounding: must be up, down, nearest or none'],
    ],
    [
      'a field nobody may write',
      row({ rule: { write: ['name'] } }),
      ['row 1: rule.write[0]: must be quantity, cost or price'],
    ],
    [
      'fields to write and a source to follow',
      row({ rule: { write: ['cost'], writeFrom: 'source' } }),
      ['row 1: rule.write: must be left out where writeFrom is source'],
    ],
    [
      'a source nobody knows to follow',
      row({ rule: { writeFrom: 'me' } }),
      ['row 1: rule.writeFrom: must be source, or absent'],
    ],
    [
      'everybody left out',
      row({ rule: { exclude: ['*'] } }),
      ['row 1: rule: exclude would leave out everybody: exclude the account instead'],
    ],
    [
      'people left out of usage',
      row({ reads: { sku: 'BP' }, rule: { exclude: ['x*'] } }),
      ['row 1: rule: exclude leaves out people, and usage of BP names none'],
    ],
    [
      'a SKU and a part of it',
      row({ reads: [{ sku: 'BP' }, { sku: 'BP', term: 'P1M' }] }),
      ['row 1: reads: BP is read twice, so some of it would be counted twice'],
    ],
    ['an include that is a text', row({ include: 'true' }), ['row 1: include: must be true or false']],
  ])('with %s says where', (_, bad, expected) => {
    const { places, rows } = parseMappings(JSON.stringify([bad]))
    expect(rows).toEqual([])
    expect(places.map(({ path, message }) => `${path}: ${message}`)).toEqual(expected)
  })

  it.each([
    ['{', 'The file is not valid JSON in or just before line 1'],
    ['', 'The file is empty'],
    [`[\n${JSON.stringify(row())},\n]`, 'The file is not valid JSON in or just before line 3'],
    [`[\n${JSON.stringify(row())}\n${JSON.stringify(row())}\n]`, 'The file is not valid JSON in or just before line 3'],
    [`[\n${JSON.stringify(row())},\n{"source": src}\n]`, 'The file is not valid JSON in or just before line 3'],
    ['source,account\nPlatform,A-01\n', 'The file is not valid JSON in or just before line 1'],
    ['{"rows":[]}', 'The file must hold a JSON list of mappings'],
    ['"x"', 'The file must hold a JSON list of mappings'],
    [`[${'1,'.repeat(5000)}1]`, 'The file holds 5001 mappings; import at most 5000 at a time.'],
  ])('that is no list of rows is refused whole', (text, sentence) => {
    expect(() => parseMappings(text)).toThrow(sentence)
  })

  it('reads back exactly what it writes', () => {
    const decimal = fc.integer({ min: 0, max: 100_000_000 }).map((n) => n / 10_000)
    const rules = fc.record(
      { included: decimal, above: decimal, rounding: fc.constantFrom('up', 'down', 'nearest', 'none') },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(rules, fc.integer({ min: 1 }), fc.boolean(), (rule, addition, include) => {
        const text = JSON.stringify([row({ rule, addition, include })])
        const [first] = parseMappings(text).rows
        if (!first) throw new Error('a good row')
        const stored = {
          ...first.row,
          id: 'm',
          tenantId: 'acme' as never,
          sourceId: first.row.source,
          readsKey: '',
          targetKey: `addition:${addition}`,
          companyId: 250,
          agreementId: 87,
          additionId: addition,
          productId: null,
          parkedReason: null,
          parkedAt: null,
          confirmedTarget: null,
          confirmedRule: null,
          createdAt: 1,
          updatedAt: 1,
          updatedBy: null,
          followsSource: false,
        }
        const written = writeMappings([stored])
        expect(parseMappings(written).rows[0]?.row).toEqual(first.row)
        expect(JSON.parse(written)).toEqual([fileRowOf(stored)])
      }),
    )
  })
})
