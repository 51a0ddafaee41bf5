import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { givenPrograms } from './child.ts'

const start = givenPrograms()

it('a server that nobody has set up prints a one-time code beside its log, and another at its next start', {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-first-'))
  const codes = []
  for (const _ of [1, 2]) {
    const server = start('node', { PORT: '0', DATABASE_PATH: join(folder, 'trueup.db') })
    await vi.waitFor(() => expect(server.output()).toMatch(/\/operator and enter this code.*\n[\w-]{43}\n/), 20_000)
    const [, code = ''] = /\/operator and enter this code.*\n([\w-]{43})\n/.exec(server.output()) ?? []
    const logged = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
    expect(logged.length).toBeGreaterThan(0)
    expect(logged.join()).not.toContain(code)
    codes.push(code)
    server.kill('SIGTERM')
    expect(await server.ended).toBe(0)
  }
  expect(new Set(codes).size).toBe(2)
  rmSync(folder, { recursive: true })
})
