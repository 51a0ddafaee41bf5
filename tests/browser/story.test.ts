import { expect, test } from './test.ts'

test.describe.configure({ mode: 'serial' })

test('as a technician: 12 are counted against 10 in ConnectWise, without a price or a way to push', async ({
  manage,
}) => {
  await manage.logIn('ttech')
  await manage.open('/companies/250')
  const pod = await manage.frame('pod')
  await expect(pod.getByRole('heading', { level: 1 })).toHaveText('Contoso Ltd')
  await expect(pod.locator('main')).toContainText('12 users')
  await expect(pod.getByRole('button', { name: 'Push now' })).toHaveCount(0)
})

test('as finance: the agreement shows from 10 to 12, is pushed, and holds 12 here and in ConnectWise', async ({
  page,
  manage,
}) => {
  await manage.logIn('ffin')
  await manage.open('/agreements/80')
  const pod = await manage.frame('pod')
  const change = /^from 10 → +to 12$/
  await expect(pod.getByText(change).first()).toBeInViewport()
  await expect(pod.getByRole('row').getByText(change)).toBeVisible()
  await pod.getByRole('button', { name: 'Push now' }).click()
  await expect(pod.getByText('ConnectWise and Platform agree')).toBeVisible()
  await expect(pod.getByText(/by ffin$/)).toBeVisible()
  const row = page.getByRole('row', { name: /^Security awareness per user/ })
  await expect(row.locator('input').first()).toHaveValue('12')
  await expect(row).toContainText('API: TrueUp')
  const said = (await manage.log('in')).filter(({ hosted_request }) => hosted_request === 'refreshScreen')
  expect(said).toHaveLength(1)
})

test('as administrator: a new account is mapped from its suggestion', async ({ manage }) => {
  await manage.logIn('jsmith')
  await manage.open('/today')
  const hub = await manage.frame('tab')
  await hub.getByRole('button', { name: 'Mapping', exact: true }).click()
  await hub.getByRole('button', { name: /^Refresh companies/ }).click()
  await hub.getByRole('button', { name: 'Suggest' }).click()
  const row = hub.getByRole('row', { name: /Blue Yonder Airlines Inc\./ })
  await expect(row).toContainText('Suggested')
  await row.getByRole('button', { name: /^Accept/ }).click()
  await expect(row.getByRole('combobox', { name: /^Company of/ })).toHaveValue('Blue Yonder Airlines')
  for (const name of [/^Agreement of/, /^Addition or product of/]) {
    await row.getByRole('combobox', { name }).press('ArrowDown')
    await row.getByRole('option').first().click()
  }
  await expect(row).toContainText('Excluded')
  await row.getByRole('checkbox', { name: /^Include/ }).check()
  await expect(row).toContainText('Mapped')
})

test.describe('as a stranger', () => {
  test.use({ allowed: /status of 401/ })

  test('nothing is shown, and it says so', async ({ manage }) => {
    await manage.logIn('stranger')
    await manage.open('/companies/250')
    const pod = await manage.frame('pod')
    await expect(pod.getByRole('alert')).toBeVisible()
    await expect(pod.locator('body')).not.toContainText('Contoso')
  })
})
