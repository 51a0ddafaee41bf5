import { Problem, type ProblemKind } from '#server/problem.ts'
import { type Api, createApi } from './api.ts'
import type { Connection } from './connection.ts'
import { ConnectionProblem } from './connection-problem.ts'
import { readCompanyInfo } from './discovery.ts'
import type { Effects } from './effects.ts'
import { parseSite } from './hosts.ts'
import { additionsReport } from './reports.ts'
import { findMissing, type Right } from './rights.ts'
import { readSystemInfo } from './system.ts'

/** What a person types under Authentication (FEATURES K1). */
export interface Credentials {
  site: string
  companyId: string
  publicKey: string
  privateKey: string
  clientId: string
}

export type ConnectionTest =
  | {
      ok: true
      /** What to store. */
      connection: Connection
      version: string
      /** IANA name. */
      zone: string | undefined
      hasAdditionsReport: boolean
      /** The first agreement's currency, `USD`. */
      currency: string | undefined
    }
  | { ok: false; kind: ProblemKind; cause: string; next: string }

const options = { concurrency: 4, readTimeoutMs: 20_000, writeTimeoutMs: 20_000, once: true }

/**
 * Tries everything a nightly run needs, harmlessly and once: the host, the company, the keys, the rights (K4, K12).
 * Stores nothing. Never throws for what a person can put right.
 */
export async function testConnection(
  credentials: Credentials,
  effects: Effects,
  allowedOrigins: readonly string[],
): Promise<ConnectionTest> {
  try {
    const connection = await discover(credentials, effects, allowedOrigins)
    const api = createApi(connection, effects, options)
    const { version, zone } = await checkKeys(api)
    const { missing, currency } = await findMissing(api)
    if (missing.length > 0) throw lacking(missing)
    const report = await api.read({ path: additionsReport, query: { pageSize: 1 }, mayBeAbsent: true })
    return { ok: true, connection, version, zone, hasAdditionsReport: report.kind === 'ok', currency }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error instanceof ConnectionProblem)
      return { ok: false, kind: error.kind, cause: error.reason, next: error.next }
    return {
      ok: false,
      kind: error.kind,
      cause: error.message,
      next: 'Use the public host of the ConnectWise login page.',
    }
  }
}

async function discover(
  { site: typedSite, ...keys }: Credentials,
  effects: Effects,
  allowedOrigins: readonly string[],
): Promise<Connection> {
  const site = parseSite(typedSite, allowedOrigins)
  checkText(keys)
  const { codebase } = await readCompanyInfo(effects, site.site, keys.companyId)
  return { ...site, ...keys, codebase }
}

function checkText(keys: Omit<Credentials, 'site'>): void {
  const names = { companyId: 'company id', publicKey: 'public key', privateKey: 'private key', clientId: 'client id' }
  for (const name of ['companyId', 'publicKey', 'privateKey', 'clientId'] as const) {
    if (/^[\x21-\x7e]{1,200}$/.test(keys[name])) continue
    throw new ConnectionProblem(
      'invalid',
      `The ${names[name]} is empty or holds characters that none has.`,
      'Copy it again, without spaces.',
    )
  }
}

async function checkKeys(api: Api) {
  const answer = await api.read({ path: '/system/info', mayBeAbsent: true })
  if (answer.kind === 'ok') return readSystemInfo(answer.body)
  if (answer.kind === 'failed' || answer.kind === 'throttled') {
    const reason = answer.kind === 'failed' ? answer.message : 'it is too busy'
    throw new ConnectionProblem('unreachable', `ConnectWise's API cannot be reached: ${reason}.`, 'Try again later.')
  }
  if (answer.kind === 'garbled') {
    throw new ConnectionProblem(
      'broken',
      `ConnectWise's API answered with ${answer.message}.`,
      'Use the host of the ConnectWise login page, and check that no proxy or login page stands in between.',
    )
  }
  throw new ConnectionProblem(
    'forbidden',
    `ConnectWise does not accept the keys (${answer.status}: ${answer.message}).`,
    'Check the public and private key under System › Members › API Members › API Keys, that this member is active, and the client id.',
  )
}

const lacking = (missing: readonly Right[]) =>
  new ConnectionProblem(
    'forbidden',
    `The API member's security role lacks ${missing.map(({ right, neededFor }) => `${right} (for ${neededFor})`).join('; ')}.`,
    'Set it under System › Security Roles and test again.',
  )
