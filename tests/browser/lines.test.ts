import { AxeBuilder } from '@axe-core/playwright'
import type { FrameLocator } from '@playwright/test'
import { goTo, openPlace, type Place, resize } from './screens.ts'
import { expect, test } from './test.ts'

const hub: Place = { name: 'hub', host: '/today', kind: 'tab', member: 'ffin' }
const lines = { name: 'lines', path: '/lines' }

/** Lines that may still be edited, each with its detail. */
const open = (frame: FrameLocator) => frame.locator('#lines tbody[id^="line-"]:has([name=line])')

test('the pencil opens a line by keyboard; a typed day is saved, badged, and given back (M16, P6)', async ({
  page,
  manage,
}) => {
  const frame = await openPlace(manage, hub)
  await goTo(frame, lines)
  const id = await open(frame).first().getAttribute('id')
  const line = frame.locator(`[id="${id}"]`)
  await line.getByRole('button', { name: /^Edit/ }).press('Enter')
  await expect(line.getByRole('button', { name: /^Close/ })).toBeFocused()
  await line.getByLabel('Charge start').fill('2026-12-24')
  await expect(line.getByText('Unsaved changes')).toBeVisible()
  await line.getByRole('button', { name: 'Save dates' }).press('Enter')
  await expect(frame.locator('#live')).toHaveText('Saved.')
  await expect(line.getByText('2026-12-24').first()).toBeVisible()
  await expect(line.getByText('User Updated').first()).toBeVisible()
  await line.getByRole('button', { name: 'Start: back to the rule' }).press('Enter')
  await expect(line.getByText('2026-12-24')).toHaveCount(0)
  await line.getByRole('button', { name: /^Close/ }).press('Enter')
  await expect(line.getByRole('button', { name: /^Edit/ })).toBeFocused()
  await page.keyboard.press('Tab')
})

test('ticked lines are counted before one value is given to them, and posted ones have no tick (M17, X9)', async ({
  manage,
}) => {
  const frame = await openPlace(manage, hub)
  await goTo(frame, lines)
  for (const at of [0, 1]) await open(frame).nth(at).getByRole('checkbox').check()
  await frame.getByLabel('Bulk update').selectOption('out')
  await frame.getByRole('button', { name: 'Ticked…' }).click()
  await expect(frame.locator('#several').getByText('Leave 2 lines out?')).toBeVisible()
  await frame.getByRole('button', { name: 'Leave out: 2' }).click()
  await expect(frame.locator('#lines').getByText('2 lines were changed.').first()).toBeVisible()
  await frame.getByLabel('Status').selectOption('left-out')
  await expect(open(frame)).toHaveCount(2)
  await frame.getByLabel('Bulk update').selectOption('in')
  await frame.getByRole('button', { name: 'All 2…' }).click()
  await frame.getByRole('button', { name: 'Take in: 2' }).click()
  await expect(frame.getByText('Nothing matches')).toBeVisible()
})

test('a column is listed from both ends, and filters keep the order (M15)', async ({ manage }) => {
  const frame = await openPlace(manage, hub)
  await goTo(frame, lines)
  const quantity = frame.getByRole('columnheader', { name: 'Quantity' })
  await quantity.getByRole('button').click()
  await expect(quantity).toHaveAttribute('aria-sort', 'ascending')
  await expect(quantity.getByRole('button')).toBeFocused()
  await quantity.getByRole('button').press('Enter')
  await expect(quantity).toHaveAttribute('aria-sort', 'descending')
  await frame.getByLabel('Status').selectOption('not-synced')
  await expect(frame.locator('#live')).toHaveText(/lines? found\./)
  await expect(quantity).toHaveAttribute('aria-sort', 'descending')
})

test('an open line needs no sideways scrolling at any width, and axe finds nothing in it (FEATURES 8.5, 8.6)', async ({
  page,
  manage,
}) => {
  const frame = await openPlace(manage, hub)
  await goTo(frame, lines)
  await open(frame).first().getByRole('button', { name: /^Edit/ }).click()
  await expect(frame.getByLabel('Charge start')).toBeVisible()
  for (const width of [280, 400, 720, 1200]) {
    await resize(page, hub, frame, width)
    const sizes = await frame.locator('html').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)
    expect([width, sizes]).toEqual([width, 0])
    const { violations } = await new AxeBuilder({ page }).include(['iframe[title="TrueUp tab"]', 'html']).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    if (width > 280) continue
    const grid = frame.locator('#lines > .grid')
    expect(await grid.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
  }
})
