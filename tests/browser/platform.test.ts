import { goTo, hub, openPlace } from './screens.ts'
import { expect, test } from './test.ts'

test.use({ allowed: /status of 422/ })

test('a platform that is asked is tested and asked by keyboard, and a wrong key says why', async ({ manage }) => {
  const frame = await openPlace(manage, hub)
  await goTo(frame, { name: 'sources', path: '/settings/sources' })
  const line = frame.getByRole('listitem').filter({ hasText: 'Licences' })
  await expect(line).toContainText('6 accounts, complete')
  await line
    .getByRole('button', { name: /^Ask Licences for/ })
    .first()
    .press('Enter')
  await expect(frame.locator('#live')).toContainText('Licences told 6 accounts and 12 readings')
  await line.getByRole('button', { name: 'How Licences is asked' }).press('Enter')
  await expect(frame.getByRole('heading', { name: 'How Licences is asked' })).toBeVisible()
  await expect(frame.getByLabel('Key', { exact: true })).toHaveValue('')
  await frame.getByRole('button', { name: 'Test connection' }).press('Enter')
  await expect(frame.getByText('Test is successful.').first()).toBeVisible()
  await expect(frame.locator('#tested')).toContainText('6 accounts, 12 readings')
  await frame.getByLabel('Key', { exact: true }).fill('not-the-right-key')
  await frame.getByRole('button', { name: 'Save' }).press('Enter')
  await expect(frame.locator('#tested')).toContainText('The platform refuses the key (401)')
  await frame.getByText('The platform has a layout of its own').click()
  await frame.getByLabel('Layout of its own').fill('account=customers[].id')
  await frame.getByRole('button', { name: 'Save' }).click()
  await expect(frame.getByRole('alert')).toContainText('sku is missing; quantity is missing')
})
