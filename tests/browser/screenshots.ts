import { screens, show } from './screens.ts'
import { test } from './test.ts'

const folder = new URL('../../screenshots/', import.meta.url).pathname

for (const shown of screens)
  for (const width of [280, 1240])
    for (const colorScheme of ['light', 'dark'] as const)
      test(`${shown.name}-${width}-${colorScheme}`, async ({ page, manage }) => {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        const frame = await show(page, manage, shown, width)
        await frame.screenshot({ path: `${folder}${shown.name}-${width}-${colorScheme}.png` })
      })
