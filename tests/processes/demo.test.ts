import { expect, it } from 'vitest'
import { launch } from './child.ts'

it('the demo shows equal counts and a second sync without a write, within a minute', { timeout: 90_000 }, async () => {
  const demo = launch('npm', ['run', 'demo'], { PORT: '0', SANDBOX_PORT: '0' })
  try {
    await demo.printed('Open http')
    const text = demo.output()
    expect(text).toMatch(/^34 of 34 mapped additions equal the platform's counts\.$/m)
    expect(text).toMatch(/^A second sync made 0 writes\.$/m)
    const [app = ''] = /http:\S+$/.exec(text.trimEnd()) ?? []
    const [sandbox = ''] = /(?<=^sandbox ConnectWise +)http:\S+/m.exec(text) ?? []
    const [status, held] = await Promise.all([fetch(app), fetch(sandbox)])
    expect([status.status, held.status]).toEqual([200, 200])
    expect(await status.text()).toContain('acme')
    expect(await held.text()).toContain('<mark>')
  } finally {
    demo.kill('SIGINT')
    await demo.ended
  }
})

it.each([
  ['PORT', { PORT: 'x', SANDBOX_PORT: '0' }],
  ['SANDBOX_PORT', { PORT: '0', SANDBOX_PORT: 'x' }],
])('the demo stops with a sentence when %s is wrong', { timeout: 30_000 }, async (name, env) => {
  const demo = launch('npm', ['run', '-s', 'demo'], env)
  expect(await demo.ended).toBe(1)
  expect(demo.output()).toContain(`${name}: expected a whole number from 0 to 65535\n`)
})
