import { AxeBuilder } from '@axe-core/playwright'
import type { FrameLocator, Page } from '@playwright/test'
import { expect, test } from './test.ts'

// Refusals are answers too; the browser logs them.
test.use({ allowed: /status of 422/ })

const { FRESH_ADDRESS = '', FRESH_MANAGE = '', OPERATOR_CODE = '' } = process.env

test('the operator connects, an admin sets up inside ConnectWise (K1–K6, M6, S1, S17, S21, X18)', async ({
  page,
  request,
}) => {
  await page.goto(`${FRESH_ADDRESS}/operator`)
  await page.getByLabel('One-time code').fill('not-it')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('This code is wrong, used or older than an hour')).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('One-time code').fill(OPERATOR_CODE)
  await page.getByRole('button', { name: 'Sign in' }).click()

  await page.getByLabel('Site', { exact: true }).fill(FRESH_MANAGE)
  await page.getByLabel('Company id').fill('acme')
  await page.getByLabel('Public key').fill('pub')
  await page.getByLabel('Private key').fill('wrong')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByText('Test is not successful.', { exact: true })).toBeVisible()
  await page.getByLabel('Private key').fill('priv')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await expect(page.getByText('Test is successful.', { exact: true })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('acme')

  await page.getByLabel('Member id').fill('jsmith')
  await page.getByRole('button', { name: 'Make administrator' }).click()
  await expect(page.getByText('Administrator: jsmith')).toBeVisible()
  await page.getByRole('button', { name: 'Register tabs and pods' }).click()
  await expect(page.getByText('Registered now')).toHaveCount(5)
  await expectAccessible(page)

  await page.context().addCookies([{ name: 'sandbox-member', value: 'jsmith', url: FRESH_MANAGE }])
  await page.goto(`${FRESH_MANAGE}/today`)
  await page.getByRole('tab', { name: 'TrueUp' }).click()
  const hub = page.frameLocator('iframe[title="TrueUp tab"]')
  const heading = hub.getByRole('heading', { level: 1 })
  await hub.getByRole('button', { name: 'Settings' }).click()
  await expect(heading).toHaveText('Settings: Authentication')
  await expect(hub.getByText('Proven now')).toHaveCount(6)
  await hub.getByRole('button', { name: 'Set-up guide' }).click()
  await expect(heading).toHaveText('Set-up: Configuration')
  await hub.getByRole('button', { name: 'Credentials' }).click()
  await expect(heading).toHaveText('Set-up: Credentials')
  await hub.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(heading).toHaveText('Set-up: Configuration')

  await hub.getByLabel('Time', { exact: true }).fill('03:30')
  await expect(hub.getByText('03:30 UTC').first()).toBeVisible()
  await hub.getByLabel('Time zone').fill('Mars/Olympus')
  await hub.getByRole('button', { name: 'Save schedule' }).click()
  await expect(hub.locator('.notice.error')).toBeFocused()
  await hub.getByLabel('Time zone').fill('Europe/Berlin')
  await hub.getByRole('button', { name: 'Save schedule' }).click()
  await expect(hub.getByText('03:30 Europe/Berlin')).toHaveCount(5)

  await hub.getByRole('button', { name: 'Next: Sources' }).click()
  await hub.getByLabel('Name', { exact: true }).fill('Platform')
  await hub.getByRole('button', { name: 'Add source' }).click()
  const token = await hub.locator('code.selectable').innerText()
  const answer = await request.post(`${FRESH_ADDRESS}/api/v1/snapshots`, {
    headers: { authorization: `Bearer ${token}` },
    data: {
      kind: 'counts',
      period: '2026-11',
      takenAt: new Date().toISOString(),
      complete: true,
      accounts: [{ id: 'A-1', name: 'Blue Yonder Airlines Inc.', counts: [{ metric: 'users', quantity: 12 }] }],
    },
  })
  expect(answer.status()).toBe(202)
  await hub.getByRole('button', { name: 'Next: Mapping' }).click()
  await expect(heading).toHaveText('Set-up: Mapping')
  await expect(hub.getByText('0, 0 of them included')).toBeVisible()
  await mapFromSuggestion(hub)

  await hub.getByRole('button', { name: 'Settings' }).click()
  await hub.getByRole('button', { name: 'Set-up guide' }).click()
  await expect(heading).toHaveText('Set-up: Review')
  await hub.getByRole('button', { name: 'Make the first plan' }).click()
  await hub.getByRole('button', { name: 'Review the plan' }).click()
  await expect(hub.getByText('Blue Yonder Airlines Inc.')).toBeVisible()
  await hub.getByRole('button', { name: /^Approve/ }).click()
  await expect(hub.getByRole('row', { name: /Blue Yonder Airlines Inc/ })).toContainText('Updated')
})

/** The wizard's mapping step: the suggested company, then its agreement and addition, then the tick (M1–M8). */
async function mapFromSuggestion(hub: FrameLocator): Promise<void> {
  await hub.getByRole('navigation').getByRole('button', { name: 'Mapping', exact: true }).click()
  await hub.getByRole('button', { name: /^Refresh companies/ }).click()
  await hub.getByRole('button', { name: 'Suggest' }).click()
  const row = hub.getByRole('row', { name: /Blue Yonder/ })
  await expect(row).toContainText('Suggested')
  await row.getByRole('button', { name: /^Accept/ }).click()
  for (const name of [/^Agreement of/, /^Addition or product of/]) {
    await row.getByRole('combobox', { name }).press('ArrowDown')
    await row.getByRole('option').first().click()
  }
  await expect(row).toContainText('Excluded')
  await row.getByRole('checkbox', { name: /^Include/ }).check()
  await expect(row).toContainText('Mapped')
}

/** Nothing for axe to find on a page of the operator, narrow and wide, light and dark; nor a page wider than its window. */
async function expectAccessible(page: Page): Promise<void> {
  const wide = page.viewportSize() ?? { width: 1280, height: 900 }
  for (const width of [280, wide.width])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ ...wide, width })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    }
}
