import type { CrossReferences } from '#billing/lines/settings.ts'
import { Problem } from '#server/problem.ts'
import { type Api, createApi } from './api.ts'
import type { Connection } from './connection.ts'
import { ConnectionProblem } from './connection-problem.ts'
import { readCompanyInfo } from './discovery.ts'
import type { Effects } from './effects.ts'
import { type Finding, nothingToDo } from './finding.ts'
import { probeAgreements } from './probe-agreements.ts'
import { probeCustomFields } from './probe-custom-fields.ts'
import { probeErrors, probePaging, probeQuoting, probeReports } from './probe-lists.ts'
import { probeRights } from './probe-rights.ts'

/** What is known of the tenant, for the probes to compare with. */
export interface Known {
  hasAdditionsReport: boolean
  /** Mapped agreements. */
  agreements: readonly number[]
  /** The custom fields chosen for the source's ids (M23). */
  crossReferences: CrossReferences
  /** The one agreement that probes may write to. */
  testAgreement?: number
}

const options = { concurrency: 4, readTimeoutMs: 30_000, writeTimeoutMs: 30_000, once: true }
const mostSkewMs = 30_000

/** Runs every probe; only where a test agreement is named, one that writes to it. An instance that does not answer, or refuses the keys, ends it early. Never throws a Problem. */
export async function probe(connection: Connection, effects: Effects, known: Known): Promise<Finding[]> {
  const heard = new Map<string, string>()
  const listening = { ...effects, fetch: (request: Request) => listen(effects, request, heard) }
  const api = createApi(connection, listening, options)
  const reached = [...(await guarded('discovery', () => probeDiscovery(connection, listening)))]
  if (reached.every(({ state }) => state === 'ok'))
    reached.push(...(await guarded('connection', () => probeConnection(api))))
  if (reached.some(({ state }) => state !== 'ok')) return reached
  const found: Finding[] = []
  for (const [name, ask] of [
    ['rights', () => probeRights(api)],
    ['reports', () => probeReports(api, known.hasAdditionsReport)],
    ['paging', () => probePaging(api)],
    ['quoting', () => probeQuoting(api)],
    ['errors', () => probeErrors(api)],
    ['invoiced-through', () => probeAgreements(api, known.agreements)],
    ['custom-fields', () => probeCustomFields(api, { ...known, chosen: known.crossReferences })],
  ] as const)
    found.push(...(await guarded(name, ask)))
  return [...reached, clock(api), ...found, rateLimit(heard)]
}

async function guarded(name: string, ask: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const state =
      error.kind === 'unreachable'
        ? 'unreachable'
        : name === 'discovery' || name === 'connection'
          ? 'attention'
          : 'unknown'
    const [result, next] =
      error instanceof ConnectionProblem ? [error.reason, error.next] : [error.message, 'Run doctor again.']
    return [{ probe: name, state, result, means: 'This could not be found out.', next }]
  }
}

/** Which company and codebase the site names (U31). */
async function probeDiscovery({ site, companyId, codebase }: Connection, effects: Effects): Promise<Finding[]> {
  const now = await readCompanyInfo(effects, site, companyId)
  const isSame = now.codebase === codebase
  const result = isSame
    ? `${companyId} is at ${codebase} (${now.version})`
    : `the codebase moved from ${codebase} to ${now.codebase}`
  const means = isSame
    ? 'The stored address is current.'
    : 'ConnectWise was upgraded; the new address is found at the first 404.'
  return [{ probe: 'discovery', state: 'ok', result, means, next: nothingToDo }]
}

async function probeConnection(api: Api): Promise<Finding[]> {
  const answer = await api.read({ path: '/system/info', mayBeAbsent: true })
  if (answer.kind === 'ok')
    return [
      {
        probe: 'connection',
        state: 'ok',
        result: 'the keys are accepted',
        means: 'ConnectWise can be read.',
        next: nothingToDo,
      },
    ]
  const isRefused = answer.kind === 'forbidden' || answer.kind === 'missing' || answer.kind === 'refused'
  const said = 'message' in answer ? answer.message : 'it is too busy'
  return [
    {
      probe: 'connection',
      state: isRefused ? 'attention' : 'unreachable',
      result: `${answer.status ?? 'no status'}: ${said}`,
      means: isRefused ? 'ConnectWise does not accept the keys.' : "ConnectWise's API does not answer as it should.",
      next: isRefused ? 'Check the API member and its keys, then run trueup connect again.' : 'Try again later.',
    },
  ]
}

/** A clock that is wrong stops every write (G23). */
function clock(api: Api): Finding {
  const skew = api.clockSkew()
  if (skew === undefined)
    return {
      probe: 'clock',
      state: 'unknown',
      result: 'ConnectWise sent no date',
      means: 'Clocks are not compared.',
      next: nothingToDo,
    }
  const isFar = Math.abs(skew) > mostSkewMs
  return {
    probe: 'clock',
    state: isFar ? 'attention' : 'ok',
    result: `ConnectWise's clock is ${Math.abs(Math.round(skew / 1000))} s ${skew < 0 ? 'behind' : 'ahead'}`,
    means: isFar ? 'Nothing is written while the clocks differ by more than 30 s.' : 'The clocks agree.',
    next: isFar ? 'Set the clock of this machine by a time server.' : nothingToDo,
  }
}

const limitHeader = /rate|limit|quota|throttl|retry-after/i

async function listen(effects: Effects, request: Request, heard: Map<string, string>): Promise<Response> {
  const response = await effects.fetch(request)
  response.headers.forEach((value, name) => void (limitHeader.test(name) && heard.set(name, value.slice(0, 60))))
  return response
}

/** Whether ConnectWise says how much may be asked (U1). */
function rateLimit(heard: ReadonlyMap<string, string>): Finding {
  const said = [...heard].map(([name, value]) => `${name}: ${value}`).join(', ')
  return {
    probe: 'rate-limit',
    state: 'ok',
    result: said || 'no answer carried a rate-limit header',
    means: 'The pace follows 429 answers and latency either way.',
    next: nothingToDo,
  }
}
