import { cloud, givenAnswers, givenHost, member, pathsOf } from './given-host.ts'
import { expect, test, trueupAddress } from './test.ts'

const onLoad = (screenObject: object, _id = 'e') => ({ event: 'onLoad', _id, data: { screenObject } })

test('A technician sees the Company pod without a word of sign-in', async ({ manage }) => {
  await manage.logIn('ttech')
  await manage.open('/companies/250')
  const pod = await manage.frame('pod')
  await expect(pod.getByRole('heading', { level: 1 })).toHaveText('Contoso Ltd')
  const asked = await manage.log('in')
  expect(asked[0]).toEqual({ message: 'ready' })
  expect(asked.filter(({ hosted_request }) => hosted_request).map(({ hosted_request }) => hosted_request)).toEqual([
    'getMemberAuthentication',
  ])
  expect(asked.slice(1).every(({ frameID }) => typeof frameID === 'string')).toBe(true)
})

test('answers every event, and reads again when the record is another one', async ({ page }) => {
  const made = await givenAnswers(page)
  const host = await givenHost(page)
  await host.admit()
  await expect(host.frame.getByRole('heading')).toHaveText('Company 250')
  const events = [
    onLoad({ screen: 'company', id: 250, hostedAs: 'pod' }, '1'),
    { event: 'beforeSave', _id: '2' },
    { event: 'somethingNew', _id: 3, data: null },
    { event: 'onLoad', _id: '4', args: { screen: 'company', id: '251' } },
    onLoad({ screen: 'ticket', id: 7 }, '5'),
    onLoad({ screen: 'company', id: 'x' }, '6'),
  ]
  for (const event of events) await host.send(event)
  await expect(host.frame.getByRole('heading')).toHaveText('Company 251')
  expect((await host.heard()).filter(({ event }) => event)).toEqual(
    events.map(({ event, _id }) => ({ event, _id, result: 'success', frameID: 'frame-1' })),
  )
  expect(pathsOf(made)).toEqual(['POST /session', 'GET /companies/250', 'GET /companies/251'])
  expect(made[0]?.postDataJSON()).toEqual({
    tenant: 'cloud',
    companyid: 'cloud',
    memberid: 'Ann',
    memberHash: 'hash',
    memberContext: 'web',
  })
  expect(made[2]?.headers().authorization).toBe('Bearer token-1')
  expect(await host.ignored()).toBe(0)
})

test('reads what is older than five minutes again when the host loads or the page is looked at', async ({ page }) => {
  const made = await givenAnswers(page, { expiresIn: 3600 })
  await page.clock.install()
  const host = await givenHost(page)
  await host.admit()
  await expect(host.frame.getByRole('heading')).toHaveText('Company 250')
  await page.clock.fastForward('04:00')
  await host.send(onLoad({ screen: 'company', id: 250 }))
  await expect.poll(host.heard).toHaveLength(3)
  expect(pathsOf(made)).toHaveLength(2)
  await page.clock.fastForward('01:30')
  await host.send(onLoad({ screen: 'company', id: 250 }))
  await expect.poll(() => pathsOf(made)).toHaveLength(3)
  await page.clock.fastForward('06:00')
  await host.frame.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await expect.poll(() => pathsOf(made)).toHaveLength(4)
})

test('renews the token before it ends, once for all that wait', async ({ page }) => {
  const buttons = '<button hx-nonce="own" hx-get="/companies/1" hx-swap="none">'
  const made = await givenAnswers(page, { content: `${buttons}One</button>${buttons}Two</button>` })
  await page.clock.install()
  const host = await givenHost(page)
  await host.admit()
  await expect(host.frame.getByRole('heading')).toHaveText('Company 250')
  await page.clock.fastForward(46_000)
  await host.frame.evaluate(() => {
    for (const button of document.querySelectorAll('main button')) (button as HTMLElement).click()
  })
  await expect
    .poll(() => pathsOf(made).slice(2))
    .toEqual(['POST /session/renewal', 'GET /companies/1', 'GET /companies/1'])
  expect(made[2]?.postDataJSON()).toEqual({ refresh: 'refresh-1' })
  expect(made.slice(3).map((request) => request.headers().authorization)).toEqual(['Bearer token-3', 'Bearer token-3'])
})

test.describe('when the server refuses', () => {
  test.use({ allowed: /status of 40[13]/ })

  test('asks ConnectWise again after a 401, once, and loses nothing', async ({ page }) => {
    const made = await givenAnswers(page, {
      status: (path, before) => (path === '/companies/250' && before === 0 ? 401 : 200),
    })
    const host = await givenHost(page)
    await host.admit()
    await expect.poll(async () => (await host.heard()).filter(({ hosted_request }) => hosted_request)).toHaveLength(2)
    await host.send({ response: 'getMemberAuthentication', Data: member })
    await expect(host.frame.getByRole('heading')).toHaveText('Company 250')
    expect(pathsOf(made)).toEqual(['POST /session', 'GET /companies/250', 'POST /session', 'GET /companies/250'])
  })

  test('keeps the content of a session that is over, with its actions off, until it is opened again', async ({
    page,
  }) => {
    let over = false
    const content = '<textarea>Typed</textarea><button hx-nonce="own" hx-get="/companies/1">Go</button>'
    await givenAnswers(page, { content, status: (path) => (over && path !== '/companies/250' ? 401 : 200) })
    const host = await givenHost(page)
    await host.admit()
    const typed = host.frame.locator('textarea')
    await typed.fill('Typed more')
    over = true
    await host.frame.getByRole('button', { name: 'Go' }).click()
    await expect
      .poll(async () => (await host.heard()).at(-1))
      .toMatchObject({ hosted_request: 'getMemberAuthentication' })
    await host.send({ response: 'getmemberauthentication', data: member })
    await expect(host.frame.getByRole('alert')).toContainText('You are nobody here.')
    await expect(host.frame.getByRole('button', { name: 'Go' })).toBeDisabled()
    await expect(typed).toHaveValue('Typed more')
    over = false
    await host.frame.getByRole('button', { name: 'Reload' }).click()
    await host.send({ response: 'getmemberauthentication', data: member })
    await expect(host.frame.getByRole('button', { name: 'Go' })).toBeEnabled()
    await expect(host.frame.getByRole('alert')).toBeHidden()
    await expect(typed).toHaveValue('Typed more')
  })

  test('says in the server’s words why somebody is not let in', async ({ page }) => {
    const made = await givenAnswers(page, { status: () => 403 })
    const host = await givenHost(page)
    await host.admit()
    await expect(host.frame.getByRole('alert')).toContainText('You are nobody here.')
    expect(pathsOf(made)).toEqual(['POST /session'])
  })
})

test('says what to do when the host answers nothing, and tries again', async ({ page }) => {
  await givenAnswers(page)
  await page.clock.install()
  const host = await givenHost(page)
  await expect.poll(host.heard).toEqual([{ message: 'ready' }])
  await page.clock.fastForward(10_001)
  await expect(host.frame.getByRole('alert')).toContainText('ConnectWise does not answer.')
  await expect(host.frame.getByRole('alert')).toContainText(trueupAddress())
  await host.frame.getByRole('button', { name: 'Try again' }).click()
  await host.admit()
  await expect(host.frame.getByRole('heading')).toHaveText('Company 250')
})

test('says outside a frame where it belongs', async ({ page }) => {
  await page.goto(`${trueupAddress()}/company?tenant=cloud&as=tab&id=250`)
  await expect(page.getByRole('alert')).toContainText('Open TrueUp inside ConnectWise.')
})

test('says when the address names no record, and shows the one that the host names', async ({ page }) => {
  await givenAnswers(page)
  for (const [id, sentence] of [
    ['[cw_id]', 'left [cw_id] in the address'],
    ['250;x', 'not the number of a record'],
    ['0', 'Save the company first'],
  ] as const) {
    const host = await givenHost(page, { path: `/company?tenant=cloud&as=pod&id=${encodeURIComponent(id)}` })
    await host.admit()
    await expect(host.frame.locator('main')).toContainText(sentence)
    await host.send(onLoad({ screen: 'company', id: 250 }))
    await expect(host.frame.getByRole('heading')).toHaveText('Company 250')
  }
})

test('opens a screen that the address asks for, with the record behind it', async ({ page }) => {
  await givenAnswers(page)
  const body = '<h1 tabindex="-1">Plan 7</h1><button data-back>Back</button>'
  await page.route(
    ({ pathname }) => pathname === '/plans/7',
    (route) => route.fulfill({ contentType: 'text/html', body }),
  )
  const host = await givenHost(page, { path: '/company?tenant=cloud&as=pod&id=250&at=/plans/7' })
  await expect.poll(host.heard).toHaveLength(1)
  await host.send({ MessageFrameID: 'frame-1' })
  await host.send(onLoad({ screen: 'company', id: '250' }))
  await host.send({ response: 'getmemberauthentication', data: member })
  await expect(host.frame.getByRole('heading')).toHaveText('Plan 7')
  await host.frame.getByRole('button', { name: 'Back' }).click()
  await expect(host.frame.getByRole('heading')).toHaveText('Company 250')
})

test('tells the host of typed edits, of what was written, and what to open', async ({ page }) => {
  const content = `
    <form data-edits><input aria-label="Note" value="a"><select aria-label="Day"><option>1<option>2</select></form>
    <div id="part"><button hx-nonce="own" hx-post="/done" hx-target="#part" hx-swap="outerHTML">Push</button></div>
    <a href="${cloud}/x" data-open="company" data-id="251">Fabrikam</a>`
  await givenAnswers(page, { content })
  const host = await givenHost(page)
  await host.admit()
  const said = async () => (await host.heard()).slice(2).map(({ frameID: _, ...message }) => message)
  await host.frame.getByLabel('Note').fill('ab')
  await host.frame.getByLabel('Day').selectOption('2')
  await host.frame.getByLabel('Note').fill('a')
  await host.frame.getByLabel('Day').selectOption('1')
  await host.frame.getByRole('button', { name: 'Push' }).click()
  await host.frame.getByRole('link').click()
  await expect
    .poll(said)
    .toEqual([
      { hosted_request: 'setDirty', args: { dirty: true } },
      { hosted_request: 'setDirty', args: { dirty: false } },
      { hosted_request: 'refreshScreen' },
      { hosted_request: 'openScreen', args: { newTab: false, screen: 'company', id: 251 } },
    ])
})

test('keeps its tokens to itself', async ({ page }) => {
  await givenAnswers(page)
  const host = await givenHost(page)
  await host.admit()
  await expect(host.frame.getByRole('heading')).toHaveText('Company 250')
  const told = await host.frame.evaluate(() => {
    const names = Object.getOwnPropertyNames(window).filter((name) => typeof window[name as never] === 'string')
    const globals = names.map((name) => window[name as never])
    const stores = [{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]
    return JSON.stringify([globals, stores, document.documentElement.outerHTML])
  })
  expect(told).not.toMatch(/token-1|refresh-1/)
  expect(await page.context().cookies()).toEqual([])
})

test.describe('markup that is not ours', () => {
  test.use({ allowed: /hx-csp. blocked/ })

  test('XSS-5: htmx obeys nothing without the nonce of its answer', async ({ page }) => {
    const content = `
      <button hx-get="/done">No nonce</button>
      <button hx-nonce="guessed" hx-get="/done">Wrong nonce</button>
      <button hx-nonce="own" hx-get="/companies/2" hx-swap="none">Ours</button>`
    const made = await givenAnswers(page, { content })
    const host = await givenHost(page)
    await host.admit()
    for (const name of ['No nonce', 'Wrong nonce', 'Ours']) await host.frame.getByRole('button', { name }).click()
    await expect.poll(() => pathsOf(made)).toEqual(['POST /session', 'GET /companies/250', 'GET /companies/2'])
  })
})
