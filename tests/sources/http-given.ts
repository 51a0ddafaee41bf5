import { Problem } from '#server/problem.ts'
import type { Asked } from '#sources/contract.ts'
import { http } from '#sources/http.ts'
import { createClock } from '../clock.ts'
import { type Customer, lifelikeCustomers } from '../sandbox/customers.ts'
import { lifelikeWorld } from '../sandbox/manage/world.ts'
import { createPlatform } from '../sandbox/platform.ts'
import { createPlatformApi } from '../sandbox/platform-api.ts'

export const origin = 'https://api.vendor.example'
export const key = 'kEyOfThePlatform77'

/** A platform with an API, and a way to ask it. */
export function givenPlatformApi(customers?: readonly Customer[]) {
  const clock = createClock('2026-11-17T12:00:00Z')
  const platform = createPlatform({
    clock,
    trueup: 'http://trueup.test',
    token: 'unused',
    fetch: () => Promise.reject(new Error('it does not push')),
    customers: customers ?? lifelikeCustomers(lifelikeWorld()),
  })
  const api = createPlatformApi({ platform, key })
  const waits: number[] = []
  const sleep = (ms: number, signal?: AbortSignal) => {
    // What is aborted is the patience with one answer.
    if (!signal) waits.push(ms)
    return clock.sleep(ms, signal)
  }
  const effects = { fetch: (request: Request) => api.fetch(request), now: clock.now, sleep, random: () => 0.5 }
  const ask = (settings: Record<string, string>, asked: Partial<Asked> = {}, over: Partial<typeof effects> = {}) =>
    clock.run(
      http.collect?.(
        { ...effects, ...over },
        {
          settings: { base: `${origin}/counts`, kind: 'counts', ...settings },
          ...{ secret: key, period: '2026-11', allowed: [origin] },
          ...asked,
        },
      ) ?? Promise.reject(new Error('it is not asked')),
    )
  /** Why it is refused, with its places. */
  const refusal = async (...asked: Parameters<typeof ask>): Promise<string> => {
    try {
      await ask(...asked)
      return 'accepted'
    } catch (problem) {
      if (problem instanceof Problem) return problem.message
      throw problem
    }
  }
  return { clock, platform, api, ask, refusal, waits }
}

/** The sandbox platform's own layout, declared. */
export const ownLayout = {
  base: `${origin}/v1`,
  path: '/customers?month={period}',
  header: 'X-Api-Key',
  account: 'customers[].code',
  name: 'customers[].label',
  metric: 'customers[].seats[].sort',
  quantity: 'customers[].seats[].count',
  unitPrice: 'customers[].seats[].price.amount',
  currency: 'customers[].seats[].price.currency',
  person: 'customers[].seats[].members[].id',
  personName: 'customers[].seats[].members[].name',
  personEmail: 'customers[].seats[].members[].email',
  personServices: 'customers[].seats[].members[].services[]',
  total: 'meta.total',
  period: 'meta.month',
  complete: 'meta.done',
  paging: 'page',
}
