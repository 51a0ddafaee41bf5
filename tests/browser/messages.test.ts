import { cloud, givenAnswers, givenHost, member, pathsOf } from './given-host.ts'
import { expect, test, trueupAddress } from './test.ts'

const answerOf = { response: 'getmemberauthentication', data: member, _id: '1' }

test.describe('a parent that is not the tenant’s ConnectWise', () => {
  // The browser says that our message did not fit where it was sent.
  test.use({ allowed: /postMessage.*does not match the recipient/ })

  for (const [id, origin] of [
    ['MSG-1', 'https://evil.com'],
    ['MSG-2', 'https://na.myconnectwise.net.evil.com'],
    ['MSG-3', 'http://na.myconnectwise.net'],
    ['MSG-4', 'https://na.myconnectwise.net:8443'],
    ['MSG-5', 'null'],
  ] as const)
    test(`${id}: is told and believed nothing, at ${origin}`, async ({ page }) => {
      const made = await givenAnswers(page)
      const host = await givenHost(page, { origin, framedByAnybody: true })
      await host.send({ MessageFrameID: 'evil' })
      await host.send(answerOf)
      await expect.poll(host.ignored).toBe(2)
      expect(await host.heard()).toEqual([])
      expect(pathsOf(made)).toEqual([])
    })
})

test('MSG-6 to MSG-10: only what ConnectWise itself says, in its own form, is heard', async ({ page }) => {
  const made = await givenAnswers(page)
  const host = await givenHost(page)
  await expect.poll(host.heard).toEqual([{ message: 'ready' }])
  // MSG-6: a window that is not the parent, though of the right origin.
  await page.evaluate(() => {
    const other = document.createElement('iframe')
    document.body.append(other)
    const script = 'parent.frames[0].postMessage(\'{"MessageFrameID":"other"}\', "*")'
    other.contentWindow?.postMessage('', '*')
    other.contentDocument?.body.append(Object.assign(document.createElement('script'), { textContent: script }))
  })
  await expect.poll(host.ignored).toBe(1)
  await host.send({ MessageFrameID: 'frame-1' })
  await expect.poll(host.heard).toHaveLength(2)
  // MSG-7 to MSG-10
  const bad = [
    'not JSON',
    '',
    'null',
    '[]',
    { event: '__proto__', _id: '1', data: {} },
    { __proto__: null, event: { onLoad: 1 } },
    `{"event":"onLoad","_id":"2","data":"${'x'.repeat(1_000_000)}"}`,
    { event: 'onLoad', _id: '3', frameID: 'frame-2', data: { screenObject: { screen: 'company', id: 251 } } },
    { ...answerOf, frameID: 'frame-2' },
    { ...answerOf, data: { ...member, memberHash: 5 } },
    { response: 'getmemberauthentication' },
    { hosted_request: 'getMemberAuthentication' },
  ]
  for (const message of bad) await host.send(message)
  await expect.poll(host.ignored).toBe(1 + bad.length)
  expect(await host.heard()).toHaveLength(2)
  expect(pathsOf(made)).toEqual([])
  await host.send(answerOf)
  await expect(host.frame.getByRole('heading')).toHaveText('Company 250')
  expect(pathsOf(made)).toEqual(['POST /session', 'GET /companies/250'])
})

test.describe('MSG-11', () => {
  test.use({ allowed: /frame-ancestors|CSP|ERR_BLOCKED_BY_RESPONSE/ })

  test('MSG-11: evil.com cannot frame the shell', async ({ page }) => {
    const host = await givenHost(page, { origin: 'https://evil.com' })
    await expect.poll(() => host.frame.url()).toMatch(/^chrome-error:/)
  })
})

test('MSG-12: a slug of signs changes no header', async ({ request }) => {
  for (const slug of [';', 'cloud; script-src *', 'cloud\r\nX-Evil: 1', ' cloud', 'CLOUD', "'none'", '*', cloud]) {
    const answer = await request.get(`${trueupAddress()}/company?tenant=${encodeURIComponent(slug)}&as=pod&id=250`)
    expect(answer.status()).toBe(404)
    expect(answer.headers()['x-evil']).toBeUndefined()
    expect(answer.headers()['content-security-policy']).toMatch(/frame-ancestors 'none'$/)
    expect(answer.headers()['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'nonce-[\w+/=]+'; style-src/,
    )
  }
})
