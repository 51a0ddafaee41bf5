import type { FrameLocator } from '@playwright/test'
import { expect, test } from './test.ts'

test.describe.configure({ mode: 'serial' })
test.use({ host: process.env.SHOP_ADDRESS ?? '' })

const openHub = async (
  manage: {
    logIn(member: string): Promise<void>
    open(path: string): Promise<void>
    frame(kind: 'tab'): Promise<FrameLocator>
  },
  member: string,
) => {
  await manage.logIn(member)
  await manage.open('/today')
  return manage.frame('tab')
}

test('as administrator: the banner stays until an agreement type is chosen (K14, S10)', async ({ manage }) => {
  const hub = await openHub(manage, 'jsmith')
  const banner = hub.getByText('No agreement type is chosen')
  await expect(banner).toBeVisible()
  await hub.getByRole('button', { name: 'Choose the agreement type' }).first().click()
  await hub.getByLabel('Default agreement type').selectOption({ label: 'Managed Services' })
  await hub.getByRole('button', { name: 'Save configuration' }).click()
  await expect(banner).toHaveCount(0)
})

test('as finance: last month and this one are loaded, and it is said what came (X16, X17)', async ({ manage }) => {
  const hub = await openHub(manage, 'ffin')
  await hub.getByRole('button', { name: 'Mapping', exact: true }).click()
  await hub.getByRole('button', { name: 'Invoice lines', exact: true }).click()
  await hub.getByLabel('Months').selectOption('both')
  await hub.getByRole('button', { name: 'Load invoices' }).click()
  await expect(hub.locator('#loads').getByText(/12 new/)).toHaveCount(2, { timeout: 20_000 })
})
