import { expect, it } from 'vitest'
import { launch } from './child.ts'

it('the demo shows equal counts and a second sync without a write, within a minute', { timeout: 90_000 }, async () => {
  const demo = launch('npm', ['run', 'demo'], { PORT: '0', SANDBOX_PORT: '0' })
  try {
    await demo.printed('Open http')
    const text = demo.output()
    expect(text).toMatch(/^34 of 34 mapped additions equal the platform's counts\.$/m)
    expect(text).toMatch(/^A second sync made 0 writes\.$/m)
    expect(text).toMatch(/^Then .* at Contoso Ltd: the platform counts 12, ConnectWise holds 10\.$/m)
    const [sandbox = ''] = /http:\S+$/.exec(text.trimEnd()) ?? []
    const [app = ''] = /(?<=^TrueUp +)http:\S+/m.exec(text) ?? []
    const [status, today, contoso] = await Promise.all(
      [app, sandbox, `${sandbox}/companies/250`].map((url) => fetch(url)),
    )
    expect([status?.status, today?.status, contoso?.status]).toEqual([200, 200, 200])
    expect(await status?.text()).toContain('acme')
    expect(await today?.text()).toContain('<mark>API: TrueUp</mark>')
    expect(await contoso?.text()).toContain(`${app}/company?tenant=acme&amp;as=pod`)
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
