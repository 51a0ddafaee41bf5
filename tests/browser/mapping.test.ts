import type { FrameLocator } from '@playwright/test'
import { goTo, openPlace, type Place } from './screens.ts'
import { expect, test } from './test.ts'

const hub: Place = { name: 'hub', host: '/today', kind: 'tab', member: 'ffin' }

/** The rows of the grid. */
const rows = (frame: FrameLocator) => frame.locator('#accounts tbody tr')

test('an account is mapped by keyboard alone, each pick is saved, and undone (M1–M4, FEATURES 8.6)', async ({
  page,
  manage,
}) => {
  const frame = await openPlace(manage, hub)
  await goTo(frame, { name: 'mappings', path: '/mappings?status=unmapped' })
  const row = rows(frame).first()
  const id = await row.getAttribute('id')
  const mine = frame.locator(`#${id}`)
  const company = mine.getByRole('combobox', { name: /^Company of/ })
  await company.focus()
  await page.keyboard.type('con')
  await expect(mine.getByRole('option').first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(mine.getByText('Company saved.')).toBeVisible()
  await expect(mine.getByRole('combobox', { name: /^Company of/ })).toBeFocused()
  await mine.getByRole('combobox', { name: /^Agreement of/ }).focus()
  await page.keyboard.press('ArrowDown')
  await expect(mine.getByRole('option').first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(mine.getByText('Agreement saved.')).toBeVisible()
  await mine.getByRole('combobox', { name: /^Addition or product of/ }).focus()
  await page.keyboard.press('ArrowDown')
  await expect(mine.getByRole('option').first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(mine.getByText(/waits for a person/)).toBeVisible()
  await mine.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(mine.getByText('Put back.')).toBeVisible()
})

test('whoever accepts a suggestion by keyboard goes on in the picker of its agreement (M6)', async ({ manage }) => {
  const frame = await openPlace(manage, hub)
  await goTo(frame, { name: 'mappings', path: '/mappings?status=suggested' })
  await frame.getByRole('button', { name: /^Accept Blue Yonder Airlines/ }).press('Enter')
  await expect(frame.getByText('Company saved.').last()).toBeVisible()
  await expect(frame.getByRole('combobox', { name: /^Agreement of Blue Yonder/ })).toBeFocused()
  await frame.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(frame.locator('#live')).toHaveText('Put back.')
})

test('the pencil opens the pickers of a mapped row; many rows are counted before they change (M16, M17)', async ({
  manage,
}) => {
  const frame = await openPlace(manage, hub)
  await goTo(frame, { name: 'mappings', path: '/mappings?status=mapped&search=acme' })
  const row = rows(frame).first()
  await row.getByRole('button', { name: /Edit/ }).click()
  await expect(row.getByRole('combobox', { name: /^Agreement of/ })).toBeVisible()
  await expect(row.getByRole('button', { name: /Close/ })).toBeFocused()
  await row.getByRole('checkbox', { name: /^Select/ }).check()
  await frame.getByRole('button', { name: 'Exclude ticked…' }).click()
  await expect(frame.getByText('Exclude 1 account?')).toBeVisible()
  await frame.getByRole('button', { name: 'Exclude 1', exact: true }).click()
  await expect(frame.locator('#accounts').getByText('1 excluded.')).toBeVisible()
  await goTo(frame, { name: 'mappings', path: '/mappings?status=excluded' })
  await rows(frame)
    .first()
    .getByRole('checkbox', { name: /^Include/ })
    .check()
  await expect(frame.locator('#accounts').getByText('Included.')).toBeVisible()
})
