import { AxeBuilder } from '@axe-core/playwright'
import type { FrameLocator, Page } from '@playwright/test'
import { goTo, hub, openPlace, resize } from './screens.ts'
import { expect, test } from './test.ts'

const file = (text: string, name = 'seats.csv') => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
const withBad = 'Kunde;Anzahl\nContoso Ltd;12\nFabrikam;-3\nNorthwind;=SUMME(A1)\nTailspin Toys;1,5\n'
const good = withBad.replace('-3', '3').replace('=SUMME(A1)', '4')

test.describe.configure({ mode: 'serial' })

test('a CSV with two bad rows is previewed, corrected and imported, by keyboard (P22, FEATURES 8.6)', async ({
  page,
  manage,
}) => {
  const frame = await openPlace(manage, hub)
  await goTo(frame, { name: 'sources', path: '/settings/sources' })
  await frame.getByLabel('How its numbers come').selectOption('csv')
  await frame.getByLabel('Name', { exact: true }).fill('Seat lists')
  await page.keyboard.press('Enter')
  await frame.getByRole('button', { name: 'Upload a file of Seat lists' }).press('Enter')
  await expect(frame.getByRole('heading', { name: 'Upload a file: Seat lists' })).toBeFocused()

  await frame.getByLabel('File', { exact: true }).setInputFiles(file(withBad))
  await frame.getByRole('button', { name: 'Preview' }).press('Enter')
  await expect(frame.getByText('2 bad rows not read')).toBeVisible()
  await expect(frame.getByRole('button', { name: 'Preview' })).toBeFocused()
  await expect(frame.locator('#live')).toHaveText('2 accounts, 2 numbers, 2 bad rows.')
  await expect(frame.getByText('numbers written 1.234,56')).toBeVisible()
  await expect(frame.getByRole('row', { name: 'row 3 Quantity must not be negative' })).toBeVisible()
  await expect(frame.getByRole('button', { name: 'Import the good rows as partial' })).toBeVisible()
  expect(await foundIn(page, frame)).toEqual([])

  await frame.getByLabel('File', { exact: true }).setInputFiles(file(good))
  await frame.getByRole('button', { name: 'Preview' }).press('Enter')
  await expect(frame.getByRole('row', { name: 'users 20.5 4' })).toBeVisible()
  const column = frame.getByLabel('Account id')
  await column.focus()
  await page.keyboard.press('K')
  await expect(frame.getByLabel('Account name')).toHaveValue('')
  await expect(frame.getByLabel('Account id')).toBeFocused()
  await frame.getByRole('button', { name: /^Import for \w+ \d+, complete$/ }).press('Enter')
  await expect(frame.getByText('Seat lists now says 4 numbers of 4 accounts.')).toBeVisible()
  await frame.getByRole('button', { name: 'Mapping' }).last().press('Enter')
  await expect(frame.getByRole('button', { name: 'Upload a file of Seat lists' })).toBeVisible()
  await expect(frame.locator('#accounts').getByText('Tailspin Toys').first()).toBeVisible()
})

test.describe('a file that is refused', () => {
  test.use({ allowed: /422/ })

  test('a file that is no CSV says what to do, and one that is too large is not sent', async ({ page, manage }) => {
    const frame = await openPlace(manage, { ...hub, member: 'ffin' })
    await goTo(frame, { name: 'mappings', path: '/mappings' })
    await frame.getByRole('button', { name: 'Upload a file of Seat lists' }).click()
    await frame.getByLabel('File', { exact: true }).setInputFiles(file('PK\u0003\u0004', 'seats.xlsx'))
    await frame.getByRole('button', { name: 'Preview' }).click()
    await expect(frame.getByText('is an Excel workbook or a zip archive, not CSV.')).toBeVisible()
    const sent: string[] = []
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()))
    await frame.getByLabel('File', { exact: true }).setInputFiles(file('x'.repeat(10_000_001)))
    await frame.getByRole('button', { name: 'Preview' }).click()
    expect(
      await frame.getByLabel('File', { exact: true }).evaluate((input: HTMLInputElement) => input.validationMessage),
    ).toBe('At most 10 MB are taken.')
    expect(sent).toEqual([])
  })
})

/** What axe finds and what scrolls sideways, narrow and wide, light and dark. */
async function foundIn(page: Page, frame: FrameLocator): Promise<string[]> {
  const found: string[] = []
  for (const width of [280, 1240]) {
    await resize(page, hub, frame, width)
    const beyond = await frame.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth)
    if (beyond > 0) found.push(`${width} px: scrolls sideways by ${beyond} px`)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const { violations } = await new AxeBuilder({ page }).include(['iframe[title="TrueUp tab"]', 'html']).analyze()
      for (const { id, nodes } of violations)
        found.push(...nodes.map(({ target }) => `${width} px, ${colorScheme}: ${id} at ${target.join(' ')}`))
      if (process.env.SHOTS) await page.screenshot({ path: `/tmp/upload-${width}-${colorScheme}.png`, fullPage: true })
    }
  }
  return found
}
