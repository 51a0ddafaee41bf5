import { test as base, expect, type FrameLocator, type Page } from '@playwright/test'

/** The sandbox's Manage page, with TrueUp in its frames. */
export interface Manage {
  /** Logs somebody in at this browser: `jsmith` (admin), `ffin` (finance), `ttech` (technician), `stranger`. */
  logIn(member: string): Promise<void>
  /** Opens `/companies/250`, `/agreements/80`, `/today`; `?answers=off` for a host that answers nothing. */
  open(path: string): Promise<void>
  /** What is inside a frame of ours, by its kind; a tab is opened first. */
  frame(kind: 'pod' | 'tab'): Promise<FrameLocator>
  /** The messages so far, `in` from our frames and `out` to them. */
  log(direction: 'in' | 'out'): Promise<Record<string, unknown>[]>
}

interface Fixtures {
  /** What the console may say in this test without failing it. */
  allowed: RegExp
  /** Fails the test when the console holds an error or the browser reports a breach of the CSP. */
  quiet: undefined
  /** Another sandbox than the demo that most tests look at. */
  host: string
  manage: Manage
}

export const trueupAddress = (): string => process.env.TRUEUP_ADDRESS ?? ''
export const manageAddress = (): string => process.env.MANAGE_ADDRESS ?? ''

export const test = base.extend<Fixtures>({
  allowed: [/^$/, { option: true }],
  quiet: [
    async ({ page, allowed }, use) => {
      const said: string[] = []
      page.on('console', (message) => message.type() === 'error' && said.push(message.text()))
      page.on('pageerror', (error) => said.push(String(error)))
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
          console.error(`CSP: ${effectiveDirective} ${blockedURI}`)
        })
      })
      await use(undefined)
      expect(said.filter((text) => !allowed.test(text))).toEqual([])
    },
    { auto: true },
  ],
  host: ['', { option: true }],
  manage: async ({ page, host }, use) => use(manageOf(page, host || manageAddress())),
})

export { expect } from '@playwright/test'

function manageOf(page: Page, address: string): Manage {
  return {
    logIn: (value) => page.context().addCookies([{ name: 'sandbox-member', value, url: address }]),
    open: async (path) => {
      await page.goto(address + path)
    },
    async frame(kind) {
      if (kind === 'tab') await page.getByRole('tab', { name: 'TrueUp' }).click()
      return page.frameLocator(`iframe[title="TrueUp ${kind}"]`)
    },
    async log(direction) {
      const lines = page.locator(`#host-log li[data-direction="${direction}"]`)
      const texts = await lines.evaluateAll((all) => all.map((one) => one.getAttribute('data-message') ?? '{}'))
      return texts.map((text) => JSON.parse(text))
    },
  }
}
