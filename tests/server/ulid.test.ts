import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createUlid } from '#server/ulid.ts'

it('makes ids of 26 characters that sort by time and never repeat', () => {
  let now = Date.UTC(2026, 10, 21)
  const id = createUlid(() => now++, randomBytes)
  const ids = Array.from({ length: 1_000 }, id)
  expect(ids.every((text) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text))).toBe(true)
  expect([...ids].sort()).toEqual(ids)
  const still = createUlid(() => 0, randomBytes)
  expect(new Set(Array.from({ length: 1_000 }, still)).size).toBe(1_000)
})
