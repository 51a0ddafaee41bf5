import type { FrameLocator, Page } from '@playwright/test'
import { hostileNames } from './hostile.ts'
import { goTo, hubScreens } from './screens.ts'
import { expect, test } from './test.ts'

const { HOSTILE_ADDRESS = '' } = process.env

/** Whatever a page must not do: ask somebody else, or show a dialog of the browser. */
function watch(page: Page): string[] {
  const done: string[] = []
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') done.push(request.url())
  })
  page.on('dialog', async (dialog) => {
    done.push(dialog.message())
    await dialog.dismiss()
  })
  return done
}

async function open(page: Page, path: string, kind: 'pod' | 'tab'): Promise<FrameLocator> {
  await page.context().addCookies([{ name: 'sandbox-member', value: 'jsmith', url: HOSTILE_ADDRESS }])
  await page.goto(HOSTILE_ADDRESS + path)
  if (kind === 'tab') await page.getByRole('tab', { name: 'TrueUp' }).click()
  const frame = page.frameLocator(`iframe[title="TrueUp ${kind}"]`)
  await expect(frame.locator('main[aria-busy=false] h1')).toBeVisible()
  return frame
}

/** No name became markup. */
async function expectInert(frame: FrameLocator): Promise<void> {
  const made =
    'script, img, base, iframe, b[hx-get], b[hx-on\\:load], svg[onload], [href^="javascript:"], [href^="data:"]'
  await expect(frame.locator('main').locator(made)).toHaveCount(0)
}

for (const [path, kind] of [
  ['/companies/250', 'pod'],
  ['/companies/251', 'tab'],
  ['/agreements/80', 'pod'],
] as const)
  test(`XSS-1 to XSS-12: names stay text at ${path} as ${kind}`, async ({ page }) => {
    const done = watch(page)
    const frame = await open(page, path, kind)
    await expectInert(frame)
    for (const summary of await frame.locator('summary').all()) await summary.click()
    await page.waitForLoadState('networkidle')
    await expectInert(frame)
    const text = await frame.locator('main').innerText()
    expect(hostileNames.some((name) => text.includes(name))).toBe(true)
    expect(done).toEqual([])
  })

test('XSS-1 to XSS-12: names stay text on every screen of the hub', async ({ page }) => {
  test.setTimeout(120_000)
  const done = watch(page)
  const frame = await open(page, '/today', 'tab')
  for (const screen of Object.values(hubScreens).flat()) {
    if (screen.demo) continue
    await goTo(frame, screen)
    await expectInert(frame)
  }
  await goTo(frame, { name: 'mappings', path: '/mappings?status=unmapped' })
  const picker = frame.getByRole('combobox', { name: /^Company of/ }).first()
  await picker.click()
  await expect(frame.locator('.options [role=option]').first()).toBeVisible()
  await expectInert(frame)
  expect(done).toEqual([])
})
