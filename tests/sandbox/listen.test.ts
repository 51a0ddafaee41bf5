import { expect, it } from 'vitest'
import { basic, givenManage } from './caller.ts'
import * as faults from './manage/faults.ts'
import { listen } from './manage/listen.ts'
import { defaultKeys } from './manage/manage.ts'
import { addAddition } from './manage/world.ts'

it('serves on a port, drops the connection of a lost request and notices who gave up', async () => {
  const { manage, world } = givenManage()
  const addition = addAddition(world)
  const server = await listen(manage)
  const url = `${server.origin}/v4_6_release/apis/3.0/finance/agreements/${addition.agreementId}/additions`
  const headers = { authorization: basic('pub', 'priv'), clientId: defaultKeys.clientId }
  const listed = await fetch(url, { headers })
  expect([listed.status, (await listed.json()).length]).toEqual([200, 1])
  expect(listed.headers.get('link')).toContain(`${server.origin}/v4_6_release/`)

  const lost = manage.faults.add({ fault: faults.reset('afterCommit') })
  const body = JSON.stringify({ product: { id: 1 }, billCustomer: 'Billable' })
  const post = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body }
  await expect(fetch(url, post)).rejects.toThrow('fetch failed')
  expect(world.additions.size).toBe(2)
  lost.remove()

  manage.faults.add({ fault: faults.hang('beforeCommit') })
  await expect(fetch(url, { headers, signal: AbortSignal.timeout(20) })).rejects.toThrow('timeout')
  await expect.poll(() => manage.requests.at(-1)?.endedAt).toBeDefined()
  await server.close()
})
