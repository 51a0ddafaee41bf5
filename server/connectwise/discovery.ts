import * as z from 'zod'
import type { Answer } from './answer.ts'
import { ConnectionProblem } from './connection-problem.ts'
import type { Effects } from './effects.ts'
import { exchange } from './exchange.ts'

export interface CompanyInfo {
  /** `v2025_1/`, with its slash. */
  codebase: string
  version: string
  isCloud: boolean
}

const companyInfo = z
  .object({
    Codebase: z.string().regex(/^[A-Za-z0-9._-]{1,40}\/$/),
    VersionNumber: z.string().nullish(),
    VersionCode: z.string().nullish(),
    IsCloud: z.union([z.string(), z.boolean()]).nullish(),
  })
  .nullable()

const timeoutMs = 15_000

/**
 * Asks the site, without keys, where this company's API lives. Throws a ConnectionProblem:
 * `not_found` for an unknown company, `broken` for a host that is not ConnectWise, `unreachable`.
 */
export async function readCompanyInfo(effects: Effects, site: string, companyId: string): Promise<CompanyInfo> {
  if (!/^[A-Za-z0-9_.-]{1,50}$/.test(companyId)) throw unknownCompany(site, companyId)
  const url = `${site}/login/companyinfo/${encodeURIComponent(companyId)}`
  const { answer } = await exchange(effects, url, { method: 'GET', headers: { accept: 'application/json' } }, timeoutMs)
  if (answer.kind === 'failed' || answer.kind === 'throttled') throw unreachable(site, answer)
  if (answer.kind === 'missing' || (answer.kind === 'refused' && answer.status === 404)) {
    throw unknownCompany(site, companyId)
  }
  const parsed = companyInfo.safeParse(answer.kind === 'ok' ? answer.body : undefined)
  if (!parsed.success) throw notConnectWise(site, answer.kind === 'garbled' ? answer.message : undefined)
  if (parsed.data === null) throw unknownCompany(site, companyId)
  return {
    codebase: parsed.data.Codebase,
    version: parsed.data.VersionNumber ?? parsed.data.VersionCode ?? '',
    isCloud: String(parsed.data.IsCloud).toLowerCase() === 'true',
  }
}

const unknownCompany = (site: string, companyId: string) =>
  new ConnectionProblem(
    'not_found',
    `${site} knows no company ${JSON.stringify(companyId.slice(0, 60))}.`,
    'Use the company id of the ConnectWise login page.',
  )

const notConnectWise = (site: string, saw = 'something else') =>
  new ConnectionProblem(
    'broken',
    `${site} does not answer like ConnectWise: it sent ${saw}.`,
    'Use the host of the ConnectWise login page.',
  )

/** What has not yet shown itself to be ConnectWise is not quoted. */
function unreachable(site: string, answer: Extract<Answer, { kind: 'failed' | 'throttled' }>): ConnectionProblem {
  const isLost = answer.kind === 'failed' && (answer.status ?? 0) < 300
  return new ConnectionProblem(
    'unreachable',
    `${site} cannot be reached: ${isLost ? answer.message : `status ${answer.status}`}.`,
    "Check the host's spelling, and try again later.",
  )
}
