import type { Page } from '@playwright/test'
import { goTo, hub, hubScreens, openPlace, type Place, pods, resize, type Shown } from './screens.ts'
import { type Manage, test } from './test.ts'

const folder = new URL('../../screenshots/', import.meta.url).pathname

test.setTimeout(600_000)

for (const place of pods) test(place.name, ({ page, manage }) => draw(page, manage, place, [{ name: place.name }]))
for (const [group, screens] of Object.entries(hubScreens))
  test(`hub: ${group}`, ({ page, manage }) => draw(page, manage, hub, screens))

/** The picture of the README. */
test('company-in-manage', async ({ page, manage }) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.setViewportSize({ width: 1280, height: 560 })
  const [, , tab] = pods
  if (tab) await openPlace(manage, tab)
  const pod = await manage.frame('pod')
  await pod.getByText('Managed Services').first().waitFor()
  await page.screenshot({ path: `${folder}company-in-manage.png` })
})

async function draw(page: Page, manage: Manage, place: Place, shown: readonly Shown[]) {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const frame = await openPlace(manage, place)
  for (const screen of shown) {
    await goTo(frame, screen)
    for (const width of [280, 1240]) {
      const holder = await resize(page, place, frame, width)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await holder.screenshot({ path: `${folder}${screen.name}-${width}-${colorScheme}.png` })
      }
    }
  }
}
