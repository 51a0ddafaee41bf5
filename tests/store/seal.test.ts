import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSeal } from '#db/seal.ts'

const seal = createSeal(randomBytes(32).toString('base64'))
const other = createSeal(randomBytes(32).toString('base64'))
const { wrapped } = seal.newDataKey('acme')
const key = seal.unwrap('acme', wrapped)
const context = 'acme|privateKey|1'

describe('a sealed secret', () => {
  it('opens with its key and context, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
        expect(seal.open(key, context, seal.seal(key, context, plain))).toBe(plain)
      }),
    )
  })

  it('never looks the same twice', () => {
    expect(seal.seal(key, context, 'secret')).not.toBe(seal.seal(key, context, 'secret'))
  })

  it('does not open in another tenant, another field or another version', () => {
    const sealed = seal.seal(key, context, 'secret')
    for (const moved of ['zenith|privateKey|1', 'acme|publicKey|1', 'acme|privateKey|2'])
      expect(() => seal.open(key, moved, sealed)).toThrow()
  })

  it('does not open when any part of it was changed', () => {
    const parts = seal.seal(key, context, 'secret').split('.')
    for (const i of parts.keys()) {
      const changed = parts.map((part, j) => (i === j ? `${part.startsWith('A') ? 'B' : 'A'}${part.slice(1)}` : part))
      expect(() => seal.open(key, context, changed.join('.'))).toThrow()
    }
    expect(() => seal.open(key, context, '')).toThrow('not a sealed text')
  })

  it('does not open with a shortened authentication tag', () => {
    const [version, id, iv, tag = '', text] = seal.seal(key, context, 'secret').split('.')
    expect(() => seal.open(key, context, [version, id, iv, tag.slice(0, 8), text].join('.'))).toThrow()
  })
})

describe('a data key', () => {
  it('is unwrapped only by its master key, for its tenant', () => {
    expect(key).toHaveLength(32)
    expect(() => other.unwrap('acme', wrapped)).toThrow(other.masterKeyId)
    expect(() => seal.unwrap('zenith', wrapped)).toThrow()
  })

  it('names its master key without showing it', () => {
    expect(wrapped.split('.')[1]).toBe(seal.masterKeyId)
    expect(other.masterKeyId).not.toBe(seal.masterKeyId)
  })
})
