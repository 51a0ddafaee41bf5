import { AxeBuilder } from '@axe-core/playwright'
import { goTo, hub, openPlace, resize } from './screens.ts'
import { expect, test } from './test.ts'

test('the list of users hangs on the agreement in ConnectWise and can be opened there (S8)', async ({
  page,
  manage,
}) => {
  await manage.logIn('ffin')
  await manage.open('/agreements/81')
  const pod = await manage.frame('pod')
  const lists = pod.getByRole('region', { name: 'Lists of users' })
  await expect(lists).toContainText('Attached')
  await expect(lists).toContainText('under Documents in ConnectWise')
  const downloaded = page.waitForEvent('download')
  await lists.getByRole('button', { name: /^Download/ }).click()
  expect((await downloaded).suggestedFilename()).toMatch(/^users-.+\.csv$/)

  const row = page.getByRole('row', { name: /^Users Platform \d{4}-\d{2}/ })
  await expect(row).toContainText('API: TrueUp')
  const href = await row.getByRole('link').getAttribute('href')
  const attached = await page.request.get(new URL(href ?? '', page.url()).href)
  const [head, first = ''] = (await attached.text()).split('\r\n')
  expect(head).toBe('account id,account name,user id,name,e-mail,services,counted,reason')
  expect(first.split(',')).toContain('yes')
})

test.describe('ticked rows', () => {
  test.use({ allowed: /status of 422/ })

  test('of the mapping grid are synced, with the keyboard (X5, X7)', async ({ page, manage }) => {
    const frame = await openPlace(manage, { ...hub, member: 'ffin' })
    await goTo(frame, { name: 'mappings', path: '/mappings?status=mapped&search=wingtip' })
    await expect(frame.getByText('Synced').first()).toBeVisible()
    await frame.getByRole('button', { name: 'Sync ticked' }).click()
    await expect(frame.getByText('Tick the rows to sync first.')).toBeVisible()
    await frame
      .getByRole('checkbox', { name: /^Select/ })
      .first()
      .focus()
    await page.keyboard.press('Space')
    await frame.getByRole('button', { name: 'Sync ticked' }).press('Enter')
    await expect(frame.locator('#run')).toContainText(/Done|Something waits/)
  })
})

test('TrueUp is switched off with its consequences said, and on again (CP)', async ({ page, manage }) => {
  const frame = await openPlace(manage, hub)
  await goTo(frame, { name: 'schedule', path: '/settings/schedule' })
  await frame.getByText('Disable TrueUp for this ConnectWise').click()
  await expect(frame.getByText('No record in ConnectWise is removed or changed')).toBeVisible()
  await frame.getByRole('button', { name: 'Disable TrueUp' }).click()
  await expect(frame.getByText(/TrueUp is switched off since/).first()).toBeVisible()
  for (const width of [280, 1240]) {
    await resize(page, hub, frame, width)
    const tooWide = await frame.locator('html').evaluate((root) => root.scrollWidth > root.clientWidth)
    expect(tooWide).toBe(false)
    const { violations } = await new AxeBuilder({ page }).include(['iframe[title="TrueUp tab"]', 'html']).analyze()
    expect(violations.map(({ id }) => id)).toEqual([])
  }
  await frame.getByRole('button', { name: 'Switch TrueUp on' }).press('Enter')
  await expect(frame.getByText(/TrueUp is switched off since/)).toHaveCount(0)
})
