import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dailyAt, dayTimeOf, dueDay, isZone, lastPassed, nextTimes } from '#sync/schedule.ts'

const zones = ['UTC', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Pacific/Apia', 'America/St_Johns']
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'))
const instant = fc.integer({ min: Date.parse('2026-01-01T00:00:00Z'), max: Date.parse('2028-12-31T00:00:00Z') })

describe('the preview of a schedule', () => {
  it('shows the times at which runs then start, in any zone and over every clock change', () => {
    fc.assert(
      fc.property(time, fc.constantFrom(...zones), instant, (at, zone, now) => {
        const pattern = dailyAt(at)
        let lastDay = lastPassed(pattern, zone, now)
        const times = nextTimes({ pattern, zone, lastDay }, now, 5)
        expect(times).toHaveLength(5)
        for (const due of times) {
          expect(due).toBeGreaterThan(now)
          expect(dueDay(pattern, zone, lastDay, due - 1)).toBeUndefined()
          const day = dueDay(pattern, zone, lastDay, due)
          if (day === undefined) throw new Error(`nothing is due at ${due}`)
          lastDay = day
        }
      }),
      { numRuns: 100 },
    )
  })

  it('reads a time back from its pattern, and knows no other pattern', () => {
    fc.assert(
      fc.property(time, (at) => {
        expect(dayTimeOf(dailyAt(at))).toBe(at)
      }),
    )
    for (const pattern of ['*/5 * * * *', '0 2 * * 1', '0 2 1 * *']) expect(dayTimeOf(pattern)).toBeUndefined()
  })

  it('knows a zone from what is none', () => {
    for (const zone of zones) expect([zone, isZone(zone)]).toEqual([zone, true])
    for (const zone of ['', 'Mars/Olympus', '+02:00', '__proto__', 'Europe/Berlin; x', 'x'.repeat(300)])
      expect([zone, isZone(zone)]).toEqual([zone, false])
  })
})
