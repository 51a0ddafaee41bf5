import { describe, expect, it } from 'vitest'
import { readConfig } from '#server/config.ts'
import { createLog, reasonOf } from '#server/log.ts'
import { Problem } from '#server/problem.ts'

const key = 'q83vEjRWeJq83vEjRWeJABEiM0RVZneImaq7zN3u/xA='

function refusal(variables: Record<string, string>): string {
  try {
    readConfig(variables)
  } catch (problem) {
    if (problem instanceof Problem) return problem.message
    throw problem
  }
  return 'accepted'
}

describe('the environment', () => {
  it('may be empty, and an empty value counts as absent', () => {
    expect(readConfig({ PORT: '' })).toEqual({
      HOST: '127.0.0.1',
      PORT: 4600,
      PUBLIC_URL: 'http://127.0.0.1:4600',
      TRUSTED_PROXY: false,
      DATABASE_PATH: './data/trueup.db',
      CONNECTWISE_HOSTS: [],
      SOURCE_HOSTS: [],
      CONNECTWISE_CONCURRENCY: 4,
      SYNC_HORIZON_SECONDS: 900,
      SYNC_LEASE_SECONDS: 90,
      TICK: true,
      LOG_LEVEL: 'info',
    })
  })

  it('is read as it is written', () => {
    const config = readConfig({
      HOST: '::1',
      PORT: '80',
      TICK: 'off',
      MASTER_KEY: key,
      CONNECTWISE_HOSTS: 'https://cw.example.com, http://127.0.0.1:4601',
    })
    expect(config).toMatchObject({ PORT: 80, TICK: false, MASTER_KEY: key, PUBLIC_URL: 'http://[::1]:80' })
    expect(config.CONNECTWISE_HOSTS).toEqual(['https://cw.example.com', 'http://127.0.0.1:4601'])
  })

  it.each([
    ['PORT', '65536'],
    ['PORT', '0x10'],
    ['PORT', '-1'],
    ['PORT', '1e3'],
    ['HOST', 'http://127.0.0.1'],
    ['PUBLIC_URL', 'trueup.example.com'],
    ['PUBLIC_URL', 'https://trueup.example.com/app'],
    ['PUBLIC_URL', 'ftp://trueup.example.com'],
    ['MASTER_KEY', 'short'],
    ['MASTER_KEY', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
    ['CONNECTWISE_CLIENT_ID', 'mine'],
    ['CONNECTWISE_HOSTS', 'http://cw.example.com'],
    ['CONNECTWISE_HOSTS', 'https://cw.example.com/v4_6_release'],
    ['CONNECTWISE_HOSTS', 'https://user:pass@cw.example.com'],
    ['CONNECTWISE_CONCURRENCY', '0'],
    ['CONNECTWISE_CONCURRENCY', '4.5'],
    ['SYNC_HORIZON_SECONDS', 'soon'],
    ['TICK', 'yes'],
    ['LOG_LEVEL', 'verbose'],
  ])('refuses %s=%s by name, saying what was expected and not repeating the value', (name, value) => {
    const message = refusal({ [name]: value })
    expect(message).toMatch(new RegExp(`^${name}: expected `))
    expect(message.split('\n')).toHaveLength(1)
    if (name === 'MASTER_KEY') expect(message).not.toContain(value)
  })

  it('names every wrong variable at once', () => {
    expect(
      refusal({ PORT: 'x', TICK: 'x' })
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['PORT', 'TICK'])
  })
})

describe('the log', () => {
  const lines: string[] = []
  const log = createLog({ level: 'info', now: () => Date.UTC(2026, 10, 21), write: (line) => lines.push(line) })

  it('is one line of JSON per event, from its level up', () => {
    log.debug('unseen')
    log.info('run.finished', { tenant: 'acme', ms: 5, reason: 'a\n{"level":50}\u2028\u0085b' })
    expect(lines).toHaveLength(1)
    expect(lines[0]).not.toMatch(/[\n\u2028\u0085]/)
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      ts: '2026-11-21T00:00:00.000Z',
      level: 'info',
      event: 'run.finished',
      tenant: 'acme',
      ms: 5,
      reason: 'a\n{"level":50}\u2028\u0085b',
    })
  })

  it('says why something failed without the values of the query', () => {
    const error = new Error('Failed query: insert … params: secret', { cause: new Error('disk full') })
    expect(reasonOf(error)).toBe('Error: disk full')
    expect(reasonOf('secret')).toBe('unknown')
  })
})
