import { AxeBuilder } from '@axe-core/playwright'
import type { FrameLocator, Page } from '@playwright/test'
import { goTo, openPlace, type Place } from './screens.ts'
import { expect, manageAddress, test, trueupAddress } from './test.ts'

test.describe.configure({ mode: 'serial' })
test.use({ allowed: /status of 422/ })

const admin: Place = { name: 'hub', host: '/today', kind: 'tab', member: 'jsmith' }
const finance: Place = { ...admin, member: 'ffin' }
const customer = { id: 'Z-1', name: 'Zeta Orthodontics' }

test('a new customer comes from a source of its own', async ({ manage, request }) => {
  const hub = await openPlace(manage, admin)
  await goTo(hub, { name: 'sources', path: '/settings/sources' })
  await hub.getByLabel('Name', { exact: true }).fill('Newcomers')
  await hub.getByRole('button', { name: 'Add source' }).click()
  const token = await hub.locator('code.selectable').innerText()
  const takenAt = new Date().toISOString()
  const counts = [{ metric: 'users', quantity: 7 }]
  const answer = await request.post(`${trueupAddress()}/api/v1/snapshots`, {
    headers: { authorization: `Bearer ${token}` },
    data: { kind: 'counts', period: takenAt.slice(0, 7), takenAt, complete: true, accounts: [{ ...customer, counts }] },
  })
  expect(answer.status()).toBe(202)
})

test('company, contact, agreement and product are created from its row by keyboard, and all four made by one plan (M5)', async ({
  page,
  manage,
}) => {
  const hub = await openPlace(manage, finance)
  await goTo(hub, { name: 'mappings', path: '/mappings?search=Z-1' })
  const row = hub.getByRole('row', { name: /Zeta Orthodontics/ })

  await row.getByRole('button', { name: /^Create company/ }).press('Enter')
  await expect(hub.getByRole('heading', { level: 1 })).toBeFocused()
  await expect(hub.getByLabel('Name', { exact: true })).toHaveValue(customer.name)
  const identifier = hub.getByLabel('Company id')
  await identifier.fill('Zeta Ortho')
  await identifier.press('Tab')
  await expect(hub.getByText('The company id cannot contain spaces.')).toBeVisible()
  await expect(hub.getByLabel('Status')).toBeFocused()
  await quiet(page, hub)
  await hub.getByRole('button', { name: 'Save for the next plan' }).press('Enter')
  await expect(hub.locator('[data-refusal]')).toBeFocused()
  await expect(identifier).toHaveValue('Zeta Ortho')
  await identifier.fill('ZetaOrtho')
  await identifier.press('Enter')
  await expect(row.getByText('Zeta Orthodontics is made with the next approved plan.')).toBeVisible()
  await expect(row.getByText('to be made with the next approved plan')).toBeVisible()

  await row.getByRole('button', { name: /^Create agreement/ }).press('Enter')
  await expect(hub.getByLabel('Contact', { exact: true })).toHaveValue('new')
  await hub.getByLabel('Agreement type').selectOption({ index: 1 })
  await expect(hub.getByText(/^Agreement type health/)).toBeVisible()
  await hub.getByLabel('Name', { exact: true }).fill('Managed users')
  await hub.getByLabel('First name').fill('Wanda')
  await hub.getByLabel('E-mail').fill('wanda@zeta.example')
  await quiet(page, hub)
  await hub.getByLabel('E-mail').press('Enter')
  await expect(row.getByText('Managed users is made with the next approved plan.')).toBeVisible()

  await row.getByRole('button', { name: /^Create product/ }).press('Enter')
  await hub.getByLabel('Product id').fill('ZO-USER')
  await hub.getByLabel('Description').fill('Managed user')
  for (const select of ['Category › subcategory', 'Type', 'Unit of measure'])
    await hub.getByLabel(select, { exact: true }).selectOption({ index: 1 })
  await quiet(page, hub)
  await hub.getByLabel('Product id').press('Enter')
  await expect(row.getByText(/^✓ ZO-USER is made with the next approved plan/)).toBeVisible()
  await row.getByRole('checkbox', { name: /^Include/ }).check()
  await expect(row.getByText('Included.')).toBeVisible()
  await quiet(page, hub)

  await row.getByRole('checkbox', { name: /^Select/ }).check()
  await hub.getByRole('button', { name: 'Sync ticked' }).click()
  await hub.getByRole('button', { name: /^Review/ }).click()
  await expect(hub.getByText('Zeta Orthodontics').first()).toBeVisible()
  await quiet(page, hub)
  await hub.getByRole('button', { name: /^Approve/ }).click()
  await expect(hub.getByText('Created').first()).toBeVisible({ timeout: 30_000 })
  await expect(hub.getByText('to be made with the next approved plan')).toHaveCount(0)
})

test('ConnectWise holds all four, and the company’s own screen shows what is billed', async ({ page, manage }) => {
  await manage.logIn('ffin')
  await page.goto(`${manageAddress()}/companies?search=Zeta`)
  await page.getByRole('link', { name: 'Zeta Orthodontics' }).click()
  await expect(page.getByText('Wanda wanda@zeta.example')).toBeVisible()
  await page
    .getByRole('link', { name: /Managed users/ })
    .first()
    .click()
  const line = page.getByRole('row', { name: /Managed user/ }).last()
  await expect(line.locator('input').first()).toHaveValue('7')
})

/** Axe finds nothing on the screen as it is. */
async function quiet(page: Page, hub: FrameLocator): Promise<void> {
  await expect(hub.locator('main:not([aria-busy="true"])')).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).include(['iframe[title="TrueUp tab"]', 'main']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
}
