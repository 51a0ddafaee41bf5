import type { Page } from '@playwright/test'
import { type Answers, givenAnswers, givenHost, type Host, pathsOf } from './given-host.ts'
import { expect, test } from './test.ts'

/** A company’s screen with this below its heading, read and shown. */
async function givenScreen(page: Page, content: string, answers: Answers = {}): Promise<Host & { made(): string[] }> {
  const made = await givenAnswers(page, { ...answers, content })
  const host = await givenHost(page)
  await host.admit()
  await expect(host.frame.getByRole('heading')).toHaveText('Company 250')
  return { ...host, made: () => pathsOf(made).slice(2) }
}

const to = (id: number) => `hx-nonce="own" hx-get="/companies/${id}" hx-target="#main"`

test('focus goes to the heading of a new screen, and is not taken when the first one is read', async ({ page }) => {
  const { frame } = await givenScreen(page, `<button ${to(251)}>Go</button><button data-back>Back</button>`)
  await expect(frame.locator(':focus')).toHaveCount(0)
  await frame.getByRole('button', { name: 'Go' }).click()
  await expect(frame.getByRole('heading')).toHaveText('Company 251')
  await expect(frame.getByRole('heading')).toBeFocused()
  await frame.getByRole('button', { name: 'Back' }).click()
  await expect(frame.getByRole('heading')).toHaveText('Company 250')
  await expect(frame.getByRole('heading')).toBeFocused()
})

test('focus stays on the same control when its row is replaced', async ({ page }) => {
  const row = (id: number) =>
    `<div id="row-${id}"><button hx-nonce="own" hx-get="/companies/${id}" hx-target="#row-${id}" hx-select="#row-${id}" hx-swap="outerHTML" hx-disable="this">Save</button></div>`
  const { frame, made } = await givenScreen(page, row(1) + row(2))
  const second = frame.locator('#row-2 button')
  await second.focus()
  await page.keyboard.press('Enter')
  await expect.poll(made).toEqual(['GET /companies/2'])
  await expect(second).toBeFocused()
})

test('the save bar comes with the first change and goes with the last', async ({ page }) => {
  const { frame } = await givenScreen(
    page,
    `<form data-edits><input aria-label="Note" value="a"><input type="checkbox" aria-label="Yes" checked><button type="reset">Discard</button></form>`,
  )
  const form = frame.locator('form')
  await frame.getByLabel('Note').fill('ab')
  await frame.getByLabel('Yes').uncheck()
  await expect(form).toHaveAttribute('data-dirty')
  await frame.getByLabel('Note').fill('a')
  await expect(form).toHaveAttribute('data-dirty')
  await frame.getByLabel('Yes').check()
  await expect(form).not.toHaveAttribute('data-dirty')
  await frame.getByLabel('Note').fill('abc')
  await frame.getByRole('button', { name: 'Discard' }).evaluate((button) => (button as HTMLButtonElement).click())
  await expect(form).not.toHaveAttribute('data-dirty')
  await expect(frame.getByLabel('Note')).toHaveValue('a')
})

test('leaving unsaved edits asks once, and staying loses nothing', async ({ page }) => {
  const content = `<form data-edits><input aria-label="Note" value="a"></form><button ${to(251)}>Go</button>`
  const { frame, made } = await givenScreen(page, content)
  await frame.getByLabel('Note').fill('ab')
  await frame.getByRole('button', { name: 'Go' }).click()
  await expect(frame.getByRole('dialog')).toContainText('unsaved changes')
  await page.keyboard.press('Escape')
  await expect(frame.getByRole('button', { name: 'Go' })).toBeFocused()
  await expect(frame.getByLabel('Note')).toHaveValue('ab')
  expect(made()).toEqual([])
  await frame.getByRole('button', { name: 'Go' }).click()
  await frame.getByRole('button', { name: 'Continue' }).click()
  await expect(frame.getByRole('heading')).toHaveText('Company 251')
  expect(made()).toEqual(['GET /companies/251'])
})

test('a question before a change is asked in the page', async ({ page }) => {
  const content = '<button hx-nonce="own" hx-post="/done" hx-swap="none" hx-confirm="Disconnect?">Disconnect</button>'
  const { frame, made } = await givenScreen(page, content)
  const button = frame.getByRole('button', { name: 'Disconnect' })
  await button.click()
  await expect(frame.getByRole('dialog', { name: 'Disconnect?' })).toBeVisible()
  await frame.getByRole('button', { name: 'Cancel' }).click()
  await expect(button).toBeFocused()
  await button.click()
  await frame.getByRole('button', { name: 'Continue' }).click()
  await expect.poll(made).toEqual(['POST /done'])
})

test('copying leaves the text selected, for where the clipboard is refused', async ({ page }) => {
  const { frame } = await givenScreen(page, '<code id="url">https://x</code><button data-copy="#url">Copy</button>')
  await frame.getByRole('button', { name: 'Copy' }).click()
  await expect(frame.getByRole('status')).toHaveText('Copied.')
  await frame.evaluate(() => {
    document.execCommand = () => false
  })
  await frame.getByRole('button', { name: 'Copy' }).click()
  await expect(frame.getByRole('status')).toHaveText('Selected: copy it with Ctrl+C.')
  expect(await frame.evaluate(() => String(getSelection()))).toBe('https://x')
})

test.describe('when an answer does not come', () => {
  test.use({ allowed: /ERR_|status of 50|htmx:|Failed to fetch/ })

  test('says so above the screen, keeps it, and reads again on demand', async ({ page }) => {
    const { frame } = await givenScreen(page, `<input aria-label="Note"><button ${to(251)}>Go</button>`)
    await frame.getByLabel('Note').fill('typed')
    await page.route(/\/companies\/251$/, (route) => route.abort(), { times: 1 })
    await frame.getByRole('button', { name: 'Go' }).click()
    await expect(frame.getByRole('alert')).toContainText('TrueUp cannot be reached.')
    await expect(frame.getByLabel('Note')).toHaveValue('typed')
    await frame.getByRole('button', { name: 'Try again' }).click()
    await expect(frame.getByRole('heading')).toHaveText('Company 251')
    await expect(frame.getByRole('alert')).toBeHidden()
  })

  test('shows no page of somebody in between', async ({ page }) => {
    const { frame } = await givenScreen(page, '<button hx-nonce="own" hx-post="/done" hx-target="#main">Push</button>')
    await page.route(/\/done$/, (route) =>
      route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' }),
    )
    await frame.getByRole('button', { name: 'Push' }).click()
    await expect(frame.getByRole('alert')).toContainText('the error 502')
    await expect(frame.getByRole('heading')).toHaveText('Company 250')
    await expect(frame.getByRole('alert').getByRole('button')).toHaveCount(0)
  })
})

test.describe('a picker', () => {
  const options = `<div role="listbox" aria-label="Options">
    <div role="option" tabindex="-1" aria-selected="false" aria-disabled="true" data-id="1" data-text="Closed">Closed</div>
    <div role="option" tabindex="-1" aria-selected="false" aria-disabled="false" data-id="2" data-text="Contoso">Contoso</div>
    <div role="option" tabindex="-1" aria-selected="false" aria-disabled="false" data-id="3" data-text="Fabrikam">Fabrikam</div>
  </div><p data-count>3 found.</p>`
  const picker = `<div class="combobox"><label for="c">Company</label>
    <input id="c" name="search" role="combobox" aria-expanded="false" value="Old" hx-nonce="own" hx-get="/pickers/companies" hx-target="#c-options" hx-trigger="search" hx-sync="this:replace">
    <input type="hidden" name="company" value="9" hx-nonce="own" hx-post="/done" hx-swap="none" hx-trigger="picked">
    <div id="c-options" class="options" popover="manual"></div></div><button>After</button>`

  async function givenPicker(page: Page) {
    const searched: (string | null)[] = []
    await page.route(/\/pickers\/companies/, async (route) => {
      searched.push(new URL(route.request().url()).searchParams.get('search'))
      await route.fulfill({ contentType: 'text/html', body: options })
    })
    const screen = await givenScreen(page, picker)
    return { ...screen, searched, input: screen.frame.getByRole('combobox', { name: 'Company' }) }
  }

  test('searches as one types, is moved through by arrows, and saves what Enter picks', async ({ page }) => {
    const { frame, input, searched, made } = await givenPicker(page)
    await input.click()
    await expect(input).toHaveAttribute('aria-expanded', 'true')
    await page.keyboard.type('con', { delay: 20 })
    await expect.poll(() => searched).toEqual(['', 'con'])
    await expect(frame.getByRole('status')).toHaveText('3 found.')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    const active = frame.locator(`[id="${await input.getAttribute('aria-activedescendant')}"]`)
    await expect(active).toHaveText('Contoso')
    const [saved] = await Promise.all([page.waitForRequest(/\/done$/), page.keyboard.press('Enter')])
    expect(saved.postData()).toBe('company=2')
    await expect(input).toHaveValue('Contoso')
    await expect(input).toBeFocused()
    await expect(frame.getByRole('listbox')).toBeHidden()
    expect(made()).toEqual(['POST /done'])
  })

  test('takes Escape and leaving as no choice, and lets nobody pick what cannot be chosen', async ({ page }) => {
    const { frame, input, made } = await givenPicker(page)
    await input.fill('zzz')
    await expect(frame.getByRole('listbox')).toBeVisible()
    await frame.getByRole('option', { name: 'Closed' }).click({ force: true })
    await expect(frame.getByRole('listbox')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(frame.getByRole('listbox')).toBeHidden()
    await expect(input).toHaveValue('Old')
    await expect(input).toBeFocused()
    await input.fill('zzz')
    await page.keyboard.press('Tab')
    await expect(input).toHaveValue('Old')
    await expect(frame.getByRole('button', { name: 'After' })).toBeFocused()
    expect(made()).toEqual([])
  })

  test('takes a click', async ({ page }) => {
    const { frame, input } = await givenPicker(page)
    await input.click()
    await frame.getByRole('option', { name: 'Fabrikam' }).click()
    await expect(input).toHaveValue('Fabrikam')
    await expect(input).toBeFocused()
  })
})
