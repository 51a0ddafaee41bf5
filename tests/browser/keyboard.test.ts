import type { FrameLocator, Page } from '@playwright/test'
import { goTo, hub, hubScreens, openPlace, pods } from './screens.ts'
import { expect, test } from './test.ts'

test.describe('FEATURES 8.6: everything works by keyboard', () => {
  test.setTimeout(180_000)

  for (const place of pods.slice(0, 5))
    test(`every control on ${place.name} is reached and shows its focus`, async ({ page, manage }) => {
      const frame = await openPlace(manage, place)
      expect(await walk(page, frame)).toEqual([])
    })

  for (const name of [
    'dashboard',
    'plan',
    'settings-schedule',
    'mapping',
    'create-company',
    'upload',
    'settings-platform',
  ])
    test(`every control on ${name} is reached and shows its focus`, async ({ page, manage }) => {
      const frame = await openPlace(manage, hub)
      await goTo(
        frame,
        Object.values(hubScreens)
          .flat()
          .find((one) => one.name === name) ?? { name },
      )
      expect(await walk(page, frame)).toEqual([])
    })

  test('a save whose button goes away leaves the focus on the heading', async ({ manage }) => {
    const frame = await openPlace(manage, hub)
    await goTo(frame, { name: 'configuration', path: '/settings/configuration' })
    for (const name of ['Files of a reseller', 'Reseller']) {
      await frame.locator('input[value="Reseller"], input[value="Files of a reseller"]').fill(name)
      await frame.getByRole('button', { name: 'Save configuration' }).press('Enter')
      await expect(frame.locator('#live')).toHaveText('Configuration saved.')
      await expect(frame.getByRole('heading', { level: 1 })).toBeFocused()
    }
  })

  test('a picker opens as one types, and Escape closes it where the focus was', async ({ page, manage }) => {
    const frame = await openPlace(manage, hub)
    await goTo(frame, { name: 'mappings', path: '/mappings' })
    const picker = frame.getByRole('combobox', { name: /company/i }).first()
    await picker.focus()
    await page.keyboard.type('Con')
    const option = frame.locator('[role="option"]').first()
    await expect(option).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(option).toBeHidden()
    await expect(picker).toBeFocused()
  })
})

const controls = 'button, a[href], input, select, textarea, summary, [tabindex="0"]'

/** Presses Tab through the frame; what was never reached, and what does not show its focus by 2 px. */
async function walk(page: Page, frame: FrameLocator): Promise<string[]> {
  const body = frame.locator('body')
  const count = await body.evaluate((one, all) => {
    const shown = [...one.querySelectorAll<HTMLElement>(all)].filter(
      (control) => control.checkVisibility() && !control.matches(':disabled, [type="hidden"]'),
    )
    for (const control of shown) control.dataset.walk = 'missed'
    one.tabIndex = -1
    one.focus()
    return shown.length
  }, controls)
  for (let press = 0; press < count + 5; press++) {
    await page.keyboard.press('Tab')
    await body.evaluate(({ ownerDocument }) => {
      const now = ownerDocument.activeElement
      if (!(now instanceof HTMLElement) || !now.dataset.walk || now.dataset.walk === 'reached') return
      const { outlineStyle, outlineWidth } = getComputedStyle(now)
      now.dataset.walk = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 ? 'reached' : 'no outline'
      if (now instanceof HTMLInputElement && now.type === 'radio')
        for (const one of ownerDocument.querySelectorAll<HTMLElement>(`input[name="${now.name}"]`))
          one.dataset.walk = 'reached'
    })
  }
  return body.evaluate((one) =>
    [...one.querySelectorAll<HTMLElement>('[data-walk]:not([data-walk="reached"])')].map(
      ({ dataset, outerHTML }) => `${dataset.walk}: ${outerHTML.slice(0, 160)}`,
    ),
  )
}
