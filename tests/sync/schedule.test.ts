import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { dueDay, nextDue } from '#sync/schedule.ts'

const at = (text: string) => Date.parse(text)
const nightly = '0 2 * * *'
const half = '30 2 * * *'

describe('when a schedule is due', () => {
  it('is due from its wall-clock time on, once a local day', () => {
    expect(dueDay(nightly, 'Europe/Berlin', '2026-11-20', at('2026-11-21T00:59:59Z'))).toBeUndefined()
    expect(dueDay(nightly, 'Europe/Berlin', '2026-11-20', at('2026-11-21T01:00:00Z'))).toBe('2026-11-21')
    expect(dueDay(nightly, 'Europe/Berlin', '2026-11-21', at('2026-11-21T12:00:00Z'))).toBeUndefined()
  })

  it('X1: missed nights come due once, as the newest of them', () => {
    expect(dueDay(nightly, 'UTC', '2026-11-17', at('2026-11-21T01:00:00Z'))).toBe('2026-11-20')
  })

  it('a time that daylight saving skips comes an hour later, once', () => {
    expect(dueDay(half, 'America/New_York', '2026-03-07', at('2026-03-08T06:59:00Z'))).toBeUndefined()
    expect(dueDay(half, 'America/New_York', '2026-03-07', at('2026-03-08T07:30:00Z'))).toBe('2026-03-08')
    expect(dueDay(half, 'America/New_York', '2026-03-08', at('2026-03-08T23:00:00Z'))).toBeUndefined()
  })

  it('a time that daylight saving repeats counts the first time only', () => {
    const repeated = '30 1 * * *'
    expect(dueDay(repeated, 'America/New_York', '2026-10-31', at('2026-11-01T05:30:00Z'))).toBe('2026-11-01')
    expect(dueDay(repeated, 'America/New_York', '2026-11-01', at('2026-11-01T06:30:00Z'))).toBeUndefined()
  })

  it('a clock set back an hour brings no second run, one set forward loses no day (I17)', () => {
    const due = at('2026-11-21T02:00:00Z')
    expect(dueDay(nightly, 'UTC', '2026-11-21', due - 3_600_000)).toBeUndefined()
    expect(dueDay(nightly, 'UTC', '2026-11-21', due + 25 * 3_600_000)).toBe('2026-11-22')
  })

  it('says when it comes next', () => {
    expect(nextDue(nightly, 'Pacific/Kiritimati', '2026-11-21')).toBe(at('2026-11-21T12:00:00Z'))
    expect(nextDue('0 0 31 * *', 'UTC', '2026-02-01')).toBe(at('2026-03-31T00:00:00Z'))
  })

  it('ticking through any year in any zone gives every local day exactly once (R12)', () => {
    const zones = Intl.supportedValuesOf('timeZone')
    const input = fc.record({
      zone: fc.constantFrom(...zones),
      year: fc.integer({ min: 2020, max: 2040 }),
      hour: fc.integer({ min: 0, max: 23 }),
      minute: fc.integer({ min: 0, max: 59 }),
    })
    fc.assert(
      fc.property(input, ({ zone, year, hour, minute }) => {
        const pattern = `${minute} ${hour} * * *`
        const midnight = Temporal.PlainDate.from(`${year}-01-01`).toZonedDateTime(zone).epochMilliseconds
        const end = Temporal.PlainDate.from(`${year + 1}-01-01`).toZonedDateTime(zone).epochMilliseconds
        const days: string[] = []
        let last = `${year - 1}-12-31`
        for (let now = midnight; now < end; now += 6 * 3_600_000) {
          const day = dueDay(pattern, zone, last, now)
          if (day === undefined) continue
          days.push(day)
          last = day
        }
        const closing = dueDay(pattern, zone, last, end - 1)
        if (closing !== undefined) days.push(closing)
        expect(days).toHaveLength(Temporal.PlainDate.from(`${year}-01-01`).daysInYear)
        expect(new Set(days).size).toBe(days.length)
      }),
      { numRuns: 12 },
    )
  })
})
