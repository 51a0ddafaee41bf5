import { findSource } from '#db/sources.ts'
import { collectFrom } from '#sync/sources/collect-sources.ts'
import { type Demo, startDemo } from '../sandbox/demo-parts.ts'
import { addMarketSource } from '../sandbox/market-source.ts'
import { freePort } from './free-port.ts'

/** A demo of its own with a small marketplace that told of last month; nothing of it is set up, loaded or mapped. */
export async function startShop(): Promise<Demo> {
  const ports = { app: String(await freePort()), sandbox: await freePort() }
  const demo = await startDemo(ports, 'error', { organizations: 4, lines: 12 })
  const { trueup, scope, platformOrigin: origin, key, market } = demo
  const source = await findSource(scope, await addMarketSource(trueup.deps, scope, { origin, key }))
  if (!source) throw new Error('The marketplace is no source of TrueUp.')
  await collectFrom(trueup.deps, scope, source, { period: market.first })
  return demo
}
