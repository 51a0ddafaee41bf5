import { ManageAPI } from 'connectwise-rest'
import { createClock } from '../clock.ts'
import { listen } from '../sandbox/manage/listen.ts'
import { createManage, defaultKeys } from '../sandbox/manage/manage.ts'
import { slowed } from './live.ts'
import { timed } from './measure.ts'
import { nightWorld } from './night.ts'

/**
 * The night as scripts usually do it, over npm connectwise-rest: every agreement's additions are read and every one is
 * patched, changed or not, one call at a time. The sandbox is reached over a loopback port.
 */
export async function timeSequential(latencyMs: number): Promise<{ ms: number; requests: number; patches: number }> {
  const world = nightWorld()
  const manage = createManage({ clock: createClock('2026-11-18T02:00:00Z'), world })
  const server = await listen({ fetch: slowed(manage, latencyMs) })
  const ms = await timed(() => patchEverything(financeAt(server.origin), world.wanted))
  await server.close()
  const patches = manage.requests.filter(({ method, status }) => method === 'PATCH' && status === 200).length
  return { ms, requests: manage.requests.length, patches }
}

type Finance = ManageAPI['FinanceAPI']

/** The package always calls https; only its axios instance, which it keeps private, can be sent to a plain port. */
function financeAt(origin: string): Finance {
  const { FinanceAPI } = new ManageAPI({ ...defaultKeys, companyUrl: new URL(origin).host })
  Reflect.get(FinanceAPI, 'instance').defaults.baseURL = `${origin}/v4_6_release/apis/3.0`
  return FinanceAPI
}

async function patchEverything(finance: Finance, wanted: ReadonlyMap<number, number>): Promise<void> {
  const agreements = await finance.getFinanceAgreements({ pageSize: 1000 })
  for (const { id: agreementId = 0 } of agreements) {
    const additions = await finance.getFinanceAgreementsByParentIdAdditions(agreementId, { pageSize: 1000 })
    for (const { id = 0 } of additions) {
      // Its own patch method takes only objects as values, by its types.
      const path = `/finance/agreements/${agreementId}/additions/${id}`
      await finance.request({
        path,
        method: 'patch',
        data: [{ op: 'replace', path: 'quantity', value: wanted.get(id) }],
      })
    }
  }
}
