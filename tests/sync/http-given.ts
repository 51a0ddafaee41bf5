import { findSource } from '#db/sources.ts'
import { addHttpSource } from '#sync/sources/http-sources.ts'
import { type Contoso, givenContoso } from '../given.ts'
import type { Customer } from '../sandbox/customers.ts'
import { createPlatform, type Platform } from '../sandbox/platform.ts'
import { createPlatformApi, type PlatformApi } from '../sandbox/platform-api.ts'
import type { Options } from '../start.ts'
import type { Open } from '../stores.ts'

export const vendor = 'https://api.vendor.example'
export const vendorKey = 'kEyOfThePlatform77'

export interface Vendor extends Contoso {
  platform: Platform
  api: PlatformApi
  /** The source that is asked; `src`, which pushes, is beside it. */
  source: string
  stored(): ReturnType<typeof findSource>
}

const customer = (id: string, name: string, users: number): Customer => ({
  id,
  name,
  currency: 'USD',
  users: Array.from({ length: users }, (_, i) => ({
    id: `${id}-${i + 1}`,
    name: `User ${i + 1}`,
    email: `user${i + 1}@${id.toLowerCase()}.example`,
    services: ['training'],
  })),
  subscriptions: [],
})

/** Contoso, whose 10 seats are mapped to account A-17 of a platform that is asked and counts `users`; others fill pages. */
export async function givenVendor(open: Open, users: number, options: Options = {}): Promise<Vendor> {
  const customers = [
    customer('A-17', 'Contoso Ltd', users),
    ...Array.from({ length: 24 }, (_, i) => customer(`B-${i}`, `Other ${i}`, 3)),
  ]
  let api: PlatformApi | undefined
  const app = await givenContoso(open, 10, {
    ...options,
    env: { SOURCE_HOSTS: vendor, ...options.env },
    deps: { fetchSource: (request) => api?.fetch(request) ?? Promise.reject(new Error('no platform yet')) },
  })
  const { deps, scope, clock } = app
  const platform = createPlatform({
    clock,
    trueup: 'http://trueup.test',
    token: 'unused',
    fetch: () => Promise.reject(new Error('it does not push')),
    customers,
  })
  api = createPlatformApi({ platform, key: vendorKey })
  const source = await addHttpSource(
    { deps, scope, member: 'jsmith' },
    {
      name: 'Vendor',
      settings: { base: `${vendor}/counts`, kind: 'counts' },
      secret: vendorKey,
      billingPeriod: 'current',
    },
  )
  await app.map({ id: app.mapping.id, sourceId: source, account: 'A-17', agreementId: 87, additionId: 301 })
  return Object.assign(app, { platform, api, source, stored: () => findSource(scope, source) })
}
