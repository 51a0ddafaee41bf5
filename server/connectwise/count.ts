import * as z from 'zod'
import type { Query } from './address.ts'
import type { Api } from './api.ts'
import { expectOk, parseBody } from './expect.ts'
import { whole } from './wire.ts'

const counted = z.object({ count: whole })

/** How many rows ConnectWise says the list has, by its `/count` sibling. */
export async function readCount(api: Api, list: { path: string; query: Query; what: string }): Promise<number> {
  const { fields: _, ...filter } = list.query
  const answer = await api.read({ path: `${list.path}/count`, query: filter })
  const what = `count of ${list.what}`
  return parseBody(counted, expectOk(answer, what).body, what).count
}
