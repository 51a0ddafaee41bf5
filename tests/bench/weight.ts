import { type Browser, chromium, type Page, type Request } from '@playwright/test'
import { minified } from '#server/node/minified.ts'
import { importMappings } from '#sync/mapping/import-mappings.ts'
import { chromiumOptions } from '../browser/chromium.ts'
import { freePort } from '../browser/free-port.ts'
import { push, sync } from '../sandbox/demo-night.ts'
import { type Demo, startDemo } from '../sandbox/demo-parts.ts'
import { addAddition, addProduct } from '../sandbox/manage/world.ts'
import type { Report } from './measure.ts'

const kilobyte = 1024
const rows = 20

/** TRUST B10, B11 and the layout shift of B12, in a real browser over real ports. */
export async function weight(report: Report): Promise<void> {
  const bytes = (what: string, size: number, most: number) =>
    report({
      what,
      measured: `${(size / kilobyte).toFixed(2)} kB`,
      beside: `limit ${most} kB`,
      ratio: size / kilobyte / most,
      atMost: 1,
    })
  bytes('frame.js, minified', Buffer.byteLength((await minified('frame.js')).trim()), 2)
  const demo = await startDemo({ app: String(await freePort()), sandbox: await freePort() }, 'error')
  const browser = await chromium.launch(chromiumOptions)
  try {
    await fill(demo)
    const first = await visit(browser, demo, '/agreements/80', 'pod')
    bytes('first load of a pod, all that is transferred', first.transferred, 32)
    report({ ...count('first load of a pod, requests', first.requests.length, 6) })
    report({ ...count('first load of a pod, requests to others', first.foreign, 0) })
    bytes(`its fragment of ${rows} rows, brotli`, first.fragment, 3)
    for (const [path, kind] of screens) {
      const { shift } = await visit(browser, demo, path, kind)
      report({
        what: `layout shift of ${path} as ${kind}`,
        measured: shift.toFixed(4),
        beside: 'limit 0.02',
        ratio: shift / 0.02,
        atMost: 1,
      })
    }
  } finally {
    await browser.close()
    await demo.stop()
  }
}

const screens = [
  ['/companies/250', 'pod'],
  ['/companies/250', 'tab'],
  ['/agreements/80', 'pod'],
  ['/today', 'tab'],
] as const

const count = (what: string, measured: number, most: number) => ({
  what,
  measured: String(measured),
  beside: `limit ${most}`,
  ratio: most === 0 ? measured : measured / most,
  atMost: most === 0 ? 0 : 1,
})

/** Agreement 80 has as many mapped additions as a screen of rows shows, each with a change that waits. */
async function fill(demo: Demo): Promise<void> {
  const { world, trueup, scope, mappings } = demo
  const agreement = world.agreements.get(80)
  const model = mappings.find((mapping) => mapping.agreement === 80)
  if (!agreement || !model) throw new Error('Agreement 80 is not mapped.')
  const more = Array.from({ length: rows - world.additions.of(80).length }, (_, n) => {
    const product = addProduct(world, {
      identifier: `Service ${n + 1}`,
      description: `Managed service number ${n + 1}`,
    })
    return { ...model, addition: addAddition(world, { agreement, product, quantity: n }).id }
  })
  await importMappings(trueup.deps, scope, JSON.stringify([...mappings, ...more]))
  await push(demo)
  await sync(demo, { approveAs: 'bench' })
}

/** Opens a screen of Manage in a browser that has seen nothing yet. */
async function visit(browser: Browser, { sandbox, trueup }: Demo, path: string, kind: 'pod' | 'tab') {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  await page.addInitScript(watchShifts)
  const all: Request[] = []
  page.on('requestfinished', (request) => all.push(request))
  await page.goto(sandbox.origin + path)
  if (kind === 'tab') await page.getByRole('tab', { name: 'TrueUp' }).click()
  const shift = await shiftIn(page, kind)
  const requests = all.filter((request) => request.url().startsWith(`${trueup.address}/`))
  const foreign = all.filter((request) => ![trueup.address, sandbox.origin].includes(new URL(request.url()).origin))
  const sizes = await Promise.all(requests.map((request) => request.sizes()))
  const transferred = sizes.reduce((sum, size) => sum + size.responseHeadersSize + size.responseBodySize, 0)
  const fragment = sizes[requests.findIndex((request) => /\/agreements\/\d+$/.test(request.url()))]?.responseBodySize
  await context.close()
  return { requests, transferred, fragment: fragment ?? Number.NaN, foreign: foreign.length, shift }
}

function watchShifts(): void {
  const shifts = { sum: 0 }
  Object.assign(window, { shifts })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shifts.sum += (entry as unknown as { value: number }).value
  }).observe({ type: 'layout-shift', buffered: true })
}

/** The sum of all layout shifts of the frame until its content has been there for a while. */
async function shiftIn(page: Page, kind: 'pod' | 'tab'): Promise<number> {
  const frame = page.frameLocator(`iframe[title="TrueUp ${kind}"]`)
  // Looking whether it is visible would lay the page out before its style sheet is there.
  await frame.locator('main[aria-busy=false]').waitFor({ state: 'attached' })
  await page.waitForLoadState('networkidle')
  return frame.locator('body').evaluate(() => (window as unknown as { shifts: { sum: number } }).shifts.sum)
}
