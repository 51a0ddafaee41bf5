import { once } from 'node:events'
import { defaultLimits } from '#billing/limits.ts'
import { connectTenant } from '#db/tenants.ts'
import { growContoso, push, pushHistory, sync } from '../sandbox/demo-night.ts'
import { type Demo, startDemo } from '../sandbox/demo-parts.ts'
import { defaultKeys } from '../sandbox/manage/manage.ts'
import { addFiles, joinProrated } from './billed.ts'
import { freePort } from './free-port.ts'
import { startFresh } from './fresh.ts'
import { startHostile } from './hostile.ts'
import { addInvoiced } from './invoiced.ts'
import { startShop } from './shop.ts'

/**
 * The demo after its first night, on free ports, for all browser tests of one run; and one more tenant, `cloud`, whose
 * ConnectWise is in the cloud and is played by the tests themselves. Beside them a TrueUp that nobody has set up,
 * one in which every name is an attack, and one with a
 * marketplace that nobody has looked at.
 */
const [app, sandbox] = [await freePort(), await freePort()]
const demo = await startDemo({ app: String(app), sandbox }, 'error')
await addCloud(demo)
await addFiles(demo)
await pushHistory(demo)
await push(demo)
await sync(demo, { approveAs: 'demo' })
await joinProrated(demo)
await growContoso(demo)
await addInvoiced(demo)
const fresh = await startFresh(await freePort())
const hostile = await startHostile()
const shop = await startShop()
const { trueup, manage, code } = fresh
console.log(
  `TrueUp at ${demo.trueup.address}, Manage at ${demo.sandbox.origin}; fresh: ${trueup}, ${manage}, code ${code}; hostile: ${hostile.sandbox.origin}; shop: ${shop.sandbox.origin}.`,
)
await once(process, 'SIGTERM')
await demo.stop()
await fresh.stop()
await hostile.stop()
await shop.stop()

async function addCloud({ trueup: { deps } }: Demo): Promise<void> {
  const connection = {
    site: 'https://na.myconnectwise.net',
    apiOrigin: 'https://api-na.myconnectwise.net',
    codebase: 'v4_6_release/',
    companyId: 'cloud',
    clientId: null,
    zone: 'UTC',
    currency: 'USD',
    hasAdditionsReport: false,
  }
  await connectTenant(deps.db, deps.seal, connection, defaultKeys, { limits: defaultLimits, now: deps.now() })
}
