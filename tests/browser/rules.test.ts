import type { FrameLocator } from '@playwright/test'
import { goTo, hub, openPlace, resize } from './screens.ts'
import { expect, type Manage, test } from './test.ts'

/** The mapping of one customer, opened from the grid. */
async function openMapping(manage: Manage, search: string): Promise<FrameLocator> {
  const frame = await openPlace(manage, { ...hub, member: 'ffin' })
  const path = `/mappings?status=mapped&search=${search}`
  await goTo(frame, { name: 'mapping', path, first: /^\/mappings\/\w{26}$/ })
  await expect(frame.getByRole('heading', { name: 'The number now' })).toBeVisible()
  return frame
}

test('a rule is tried while it is typed: who is left out, then the next invoices, then saved (V7, V12, V22)', async ({
  manage,
}) => {
  const frame = await openMapping(manage, 'northwind')
  const preview = frame.locator('#preview')
  await frame.getByLabel('Not counted').fill('USER1@*')
  await expect(preview.getByText('left out by the rule')).toBeVisible()
  await frame.getByLabel('Included').fill('2')
  await expect(preview.getByText('less 2 included')).toBeVisible()
  await frame.getByLabel('Minimum').fill('20')
  await frame.getByLabel('Maximum').fill('10')
  await expect(preview.getByText('minimum 20 is greater than maximum 10')).toBeVisible()
  await frame.getByLabel('Minimum').fill('')
  await frame.getByLabel('Maximum').fill('')
  await frame.getByLabel('Prorate').check()
  await expect(preview.getByRole('heading', { name: 'The next two invoices' })).toBeVisible()
  await expect(preview.getByText(/^Standing line/).first()).toBeVisible()
  await frame.getByRole('button', { name: 'Save rule' }).click()
  await expect(frame.getByText('Saved. The next plan waits for a person')).toBeVisible()
  await frame.getByText('Who is in this number').click()
  await expect(frame.getByText('the rule leaves out USER1@*')).toBeVisible()
})

test('what is discarded is not shown as tried any more; at 280 px all of it has room (8.5)', async ({
  manage,
  page,
}) => {
  const frame = await openMapping(manage, 'wingtip')
  const preview = frame.locator('#preview')
  await resize(page, hub, frame, 280)
  await frame.getByLabel('Pack size').fill('5')
  await expect(preview.getByText('in packs of 5')).toBeVisible()
  const tooWide = await frame.locator('html').evaluate((root) => root.scrollWidth > root.clientWidth)
  expect(tooWide).toBe(false)
  await frame.getByRole('button', { name: 'Discard' }).click()
  await expect(preview.getByText('in packs of 5')).toBeHidden()
})

test('one count is split over another addition with the keyboard (V12, M25, E1)', async ({ manage, page }) => {
  const frame = await openMapping(manage, 'fabrikam')
  const rest = frame.getByRole('combobox', { name: 'The rest goes to' })
  await frame.getByLabel('Here at most').fill('3')
  await rest.focus()
  await page.keyboard.type('backup')
  await expect(frame.getByRole('listbox').getByRole('option').first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await frame.getByRole('button', { name: 'Split over another addition' }).press('Enter')
  await expect(frame.getByText('Split. The first write to each of the two waits for a person.')).toBeVisible()
  await expect(frame.getByLabel('Maximum')).toHaveValue('3')
})
