import type { FrameLocator, Locator, Page } from '@playwright/test'
import { expect, type Manage } from './test.ts'

/** What somebody sees in ConnectWise: who, on which screen of the host, in which frame. */
export interface Place {
  name: string
  member: string
  host: string
  kind: 'pod' | 'tab'
}

/** A screen inside a frame. */
export interface Shown {
  name: string
  /** A path of ours to go to; absent: what the frame opens with. */
  path?: string
  /** Goes on from the list at `path` to the first of what it lists. */
  first?: RegExp
  /** Only the demo's world has what it shows. */
  demo?: true
}

const company = { host: '/companies/250', kind: 'pod' } as const
const agreement = { host: '/agreements/80', kind: 'pod' } as const

export const pods: readonly Place[] = [
  { name: 'company', ...company, member: 'ttech' },
  { name: 'company-finance', ...company, member: 'ffin' },
  { name: 'company-tab', ...company, kind: 'tab', member: 'ffin' },
  { name: 'agreement-finance', ...agreement, member: 'ffin' },
  { name: 'agreement-prorated', host: '/agreements/87', kind: 'pod', member: 'ffin' },
  { name: 'agreement-admin', ...agreement, member: 'jsmith' },
]

export const hub: Place = { name: 'hub', host: '/today', kind: 'tab', member: 'jsmith' }

const named = (...names: string[]): Shown[] => names.map((name) => ({ name, path: `/${name}` }))

const settings = (...names: string[]): Shown[] =>
  names.map((name) => ({ name: `settings-${name}`, path: `/settings/${name}` }))

/** The hub's screens, by what people do there. */
export const hubScreens: Readonly<Record<string, readonly Shown[]>> = {
  work: [
    { name: 'dashboard' },
    ...named('plans', 'runs', 'logs', 'help', 'duplicates'),
    { name: 'reconciliation', path: '/reconciliations/80', demo: true },
    { name: 'plan', path: '/plans?show=all', first: /^\/plans\/\w{26}$/ },
    { name: 'run', path: '/runs', first: /^\/runs\/\w{26}$/ },
  ],
  mapping: [
    ...named('mappings'),
    { name: 'products', path: '/mappings/products' },
    ...named('lines'),
    { name: 'mapping', path: '/mappings', first: /^\/mappings\/\w{26}$/ },
    {
      name: 'mapping-prorated',
      path: '/mappings?status=mapped&search=A-08',
      first: /^\/mappings\/\w{26}$/,
      demo: true,
    },
    { name: 'create-company', path: '/mappings?status=unmapped', first: /^\/creations\/company/ },
    { name: 'create-product', path: '/mappings/products', first: /^\/creations\/product/, demo: true },
    { name: 'upload', path: '/settings/sources', first: /^\/sources\/\w{26}\/upload$/, demo: true },
  ],
  settings: settings('authentication', 'configuration', 'schedule', 'approvals', 'roles', 'dictionary'),
  sources: [
    ...named('setup'),
    ...settings('sources', 'platform'),
    { name: 'platform-edit', path: '/settings/sources', first: /^\/settings\/sources\/\w{26}\/platform$/, demo: true },
  ],
}

/** Opens a frame of ours and waits for its first content. */
export async function openPlace(manage: Manage, { member, host, kind }: Place): Promise<FrameLocator> {
  await manage.logIn(member)
  await manage.open(host)
  const frame = await manage.frame(kind)
  await expect(frame.locator('main:not([aria-busy="true"]):not(:has(> .skeleton)) h1')).toBeVisible()
  return frame
}

/** Goes to a screen in the frame, as a press on a way there would. */
export async function goTo(frame: FrameLocator, { path, first }: Shown): Promise<void> {
  if (path) await ask(frame, path)
  if (first) await ask(frame, await firstOf(frame, first))
  await expect(frame.locator('main:not(:has(.skeleton)) h1')).toBeVisible()
}

/** Makes a frame this wide and as high as its content; the page around it follows. */
export async function resize(page: Page, { kind }: Place, frame: FrameLocator, width: number): Promise<Locator> {
  const holder = page.locator(`iframe[title="TrueUp ${kind}"]`)
  const size = (height: number) =>
    holder.evaluate(
      (one, px) => {
        one.style.cssText = `position: relative; z-index: 9; width: ${px.width}px; min-width: ${px.width}px; height: ${px.height}px`
      },
      { width, height },
    )
  await size(700)
  const height = await frame.locator('html').evaluate((root) => Math.min(root.scrollHeight, 3000))
  await page.setViewportSize({ width: width + 500, height: height + 400 })
  await size(height)
  return holder
}

const ask = (frame: FrameLocator, path: string): Promise<void> =>
  frame.locator('body').evaluate(async ({ ownerDocument }, to) => {
    const { htmx } = ownerDocument.defaultView as unknown as { htmx: Htmx }
    await htmx.ajax('GET', to, { target: '#main', swap: 'innerHTML' })
  }, path)

async function firstOf(frame: FrameLocator, pattern: RegExp): Promise<string> {
  const buttons = frame.locator('main button[hx-get]')
  const paths = await buttons.evaluateAll((all) => all.map((one) => one.getAttribute('hx-get') ?? ''))
  return paths.find((path) => pattern.test(path)) ?? '/missing'
}

interface Htmx {
  ajax(method: string, path: string, where: { target: string; swap: string }): Promise<void>
}
