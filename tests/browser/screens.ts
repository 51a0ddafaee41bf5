import type { FrameLocator, Locator, Page } from '@playwright/test'
import { expect, type Manage } from './test.ts'

/** A screen as somebody sees it in ConnectWise: who, on which screen of the host, in which frame, and where in it. */
export interface Shown {
  name: string
  member: string
  host: string
  kind: 'pod' | 'tab'
  /** A path of ours to go to; absent: what the frame opens with. */
  path?: string
  /** Goes on from the list at `path` to its first row. */
  first?: boolean
}

const today = { host: '/today', kind: 'tab', member: 'jsmith' } as const
const company = { host: '/companies/250', kind: 'pod' } as const
const agreement = { host: '/agreements/80', kind: 'pod' } as const

export const screens: readonly Shown[] = [
  { name: 'company', ...company, member: 'ttech' },
  { name: 'company-finance', ...company, member: 'ffin' },
  { name: 'company-tab', ...company, kind: 'tab', member: 'ttech' },
  { name: 'agreement', ...agreement, member: 'ttech' },
  { name: 'agreement-finance', ...agreement, member: 'ffin' },
  { name: 'dashboard', ...today },
  { name: 'mappings', ...today, path: '/mappings' },
  { name: 'mapping', ...today, path: '/mappings', first: true },
  { name: 'plans', ...today, path: '/plans' },
  { name: 'plan', ...today, path: '/plans', first: true },
  { name: 'runs', ...today, path: '/runs' },
  { name: 'run', ...today, path: '/runs', first: true },
  { name: 'logs', ...today, path: '/logs' },
  { name: 'help', ...today, path: '/help' },
  { name: 'setup', ...today, path: '/setup' },
  ...['authentication', 'configuration', 'sources', 'schedule', 'approvals', 'roles', 'dictionary'].map((name) => ({
    name: `settings-${name}`,
    ...today,
    path: `/settings/${name}`,
  })),
]

/** Opens a screen in its frame, which is made this wide and as high as its content. */
export async function show(page: Page, manage: Manage, shown: Shown, width: number): Promise<Locator> {
  await manage.logIn(shown.member)
  await manage.open(shown.host)
  const frame = await manage.frame(shown.kind)
  const holder = page.locator(`iframe[title="TrueUp ${shown.kind}"]`)
  await holder.evaluate((one, px) => {
    one.style.cssText = `width: ${px}px; min-width: ${px}px; height: 700px`
  }, width)
  await expect(frame.locator('body[data-state="ready"], main:not(:has(.skeleton))').first()).toBeVisible()
  if (shown.path) await goTo(frame, shown.path)
  if (shown.first) {
    const before = await heading(frame)
    await frame.locator('main .grid tbody button.link').first().click()
    await expect(frame.locator('h1')).not.toHaveText(before)
  }
  const height = await frame.locator('body').evaluate(({ ownerDocument }) => ownerDocument.documentElement.scrollHeight)
  const shownHeight = Math.min(height, 3000)
  await holder.evaluate((one, px) => {
    one.style.height = `${px}px`
  }, shownHeight)
  await page.setViewportSize({ width: width + 400, height: shownHeight + 400 })
  return holder
}

/** As a press on a way there would. */
async function goTo(frame: FrameLocator, path: string): Promise<void> {
  await frame.locator('body').evaluate(async ({ ownerDocument }, to) => {
    const { htmx } = ownerDocument.defaultView as unknown as { htmx: Htmx }
    await htmx.ajax('GET', to, { target: '#main', swap: 'innerHTML' })
  }, path)
}

interface Htmx {
  ajax(method: string, path: string, where: { target: string; swap: string }): Promise<void>
}

const heading = (frame: FrameLocator): Promise<string> => frame.locator('h1').innerText()
