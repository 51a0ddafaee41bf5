import { expect, it } from 'vitest'
import { createRateLimit } from '#server/rate-limit.ts'
import { createClock } from '../clock.ts'

it('allows so many calls of a key in any minute, and says when the next one may come', () => {
  const clock = createClock('2026-11-21T22:00:00Z')
  const secondsToWait = createRateLimit(2, clock.now)
  expect(secondsToWait('ann')).toBeUndefined()
  clock.advance(20_000)
  expect([secondsToWait('ann'), secondsToWait('ann'), secondsToWait('bob')]).toEqual([undefined, 40, undefined])
  clock.advance(40_000)
  expect([secondsToWait('ann'), secondsToWait('ann')]).toEqual([undefined, 20])
})

it('counts no call that was given back', () => {
  const secondsToWait = createRateLimit(1, createClock('2026-11-21T22:00:00Z').now)
  expect(secondsToWait('ann')).toBeUndefined()
  secondsToWait.giveBack('ann')
  expect(secondsToWait('ann')).toBeUndefined()
  expect(secondsToWait('ann')).toBe(60)
  secondsToWait.giveBack('nobody')
})

it('remembers those who called last when there are too many', () => {
  const secondsToWait = createRateLimit(1, createClock('2026-11-21T22:00:00Z').now)
  secondsToWait('old')
  for (let n = 0; n < 9_999; n++) secondsToWait(`key ${n}`)
  expect(secondsToWait('old')).toBe(60)
  secondsToWait('one more')
  expect(secondsToWait('key 9998')).toBe(60)
  expect(secondsToWait('old')).toBeUndefined()
})
