import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import type { FrameLocator, Page } from '@playwright/test'
import { goTo, hub, hubScreens, openPlace, type Place, pods, resize } from './screens.ts'
import { expect, test } from './test.ts'

const widths = [280, 1240]
const root = new URL('../../', import.meta.url).pathname

test.describe('FEATURES 8.6: axe finds nothing, at 280 px and wide, light and dark', () => {
  test.setTimeout(300_000)

  for (const place of pods)
    test(`on ${place.name}`, async ({ page, manage }) => {
      const frame = await openPlace(manage, place)
      expect(await foundIn(page, place, frame, place.name)).toEqual([])
    })

  for (const [group, screens] of Object.entries(hubScreens))
    test(`on the screens of the hub: ${group}`, async ({ page, manage }) => {
      const frame = await openPlace(manage, hub)
      const found: string[] = []
      for (const shown of screens) {
        await goTo(frame, shown)
        found.push(...(await foundIn(page, hub, frame, shown.name)))
      }
      expect(found).toEqual([])
    })

  test('on every component and state of the gallery', async ({ page }) => {
    const found: string[] = []
    for (const [name, html] of Object.entries(gallery())) {
      await page.setContent(html.replace('<link rel="stylesheet" href="/app.css"/>', ''))
      await page.addStyleTag({ content: readFileSync(`${root}dist/public/app.css`, 'utf8') })
      for (const width of widths) {
        await page.setViewportSize({ width, height: 3000 })
        found.push(...(await inBothSchemes(page, `${name}, ${width} px`, () => new AxeBuilder({ page }))))
      }
    }
    expect(found).toEqual([])
  })
})

/** What is wrong on the screen that the frame shows, and where. */
async function foundIn(page: Page, place: Place, frame: FrameLocator, name: string): Promise<string[]> {
  const found: string[] = []
  for (const width of widths) {
    await resize(page, place, frame, width)
    const beyond = await frame.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth)
    if (beyond > 0) found.push(`${name}, ${width} px: scrolls sideways by ${beyond} px`)
    found.push(...(await squeezedIn(frame)).map((text) => `${name}, ${width} px: no room for ${text}`))
    const inFrame = () => new AxeBuilder({ page }).include([`iframe[title="TrueUp ${place.kind}"]`, 'html'])
    found.push(...(await inBothSchemes(page, `${name}, ${width} px`, inFrame)))
  }
  return found
}

/** Names that hardly a word of fits on a line. */
const squeezedIn = (frame: FrameLocator): Promise<string[]> =>
  frame
    .locator('main .name')
    .evaluateAll((all) =>
      all
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width < 60)
        .map(({ textContent }) => textContent),
    )

/** The scheme changes colours only. */
async function inBothSchemes(page: Page, name: string, axe: () => AxeBuilder): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const light = await axe().analyze()
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  const dark = await axe().withRules('color-contrast').analyze()
  return [...light.violations, ...dark.violations].flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${name}: ${id} at ${target.join(' ')}: ${failureSummary}`),
  )
}

function gallery(): Record<string, string> {
  return JSON.parse(execFileSync('npx', ['tsx', 'tests/screens/gallery/print.ts'], { cwd: root, encoding: 'utf8' }))
}
