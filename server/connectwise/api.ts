import { Problem } from '#server/problem.ts'
import { addressOf, type Query } from './address.ts'
import type { Answer } from './answer.ts'
import { createCodebase } from './codebase.ts'
import type { Connection } from './connection.ts'
import type { Effects } from './effects.ts'
import { exchange } from './exchange.ts'
import { createPacing } from './pacing.ts'
import { retry } from './retry.ts'

export interface ApiOptions {
  /** Calls in flight at the start. */
  concurrency: number
  /** Calls in flight at most; absent, twice the start and no more than 8, or the start when that is more. */
  ceiling?: number
  readTimeoutMs: number
  writeTimeoutMs: number
  /** A person waits: reads are tried once. */
  once?: boolean
}

interface Read {
  path: string
  query?: Query
  headers?: Record<string, string>
  /** A 404 is an ordinary answer here, no reason to suspect an upgraded ConnectWise. */
  mayBeAbsent?: boolean
}

type Write = { method: 'POST' | 'PATCH'; path: string } & (
  | { body: unknown }
  /** Sent as multipart/form-data, for files. */
  | { form: FormData }
)

/** One tenant's REST API: addresses, keys, pacing, and a classified answer for everything. */
export interface Api {
  /** Paced, repeated while that may help. */
  read(read: Read): Promise<Answer>
  /** Paced, sent at most once. It never waits long before it leaves: an intent's `sent_at` stays true. */
  write(write: Write): Promise<Answer>
  /** Length of the address a read would use. */
  addressLength(path: string, query: Query): number
  hosts: readonly string[]
  requests(): number
  clockSkew(): number | undefined
}

const modelVersion = '2025.8'
const jsonBody = { 'content-type': 'application/json; charset=utf-8' }

/** A form's own content type, with its boundary, is set where the request is made. */
const bodyOf = (write: Write) =>
  'form' in write ? { body: write.form } : { headers: jsonBody, body: JSON.stringify(write.body) }

export function createApi(connection: Connection, effects: Effects, options: ApiOptions): Api {
  const pacing = createPacing(effects, options.concurrency, options.ceiling)
  const headers = {
    accept: `application/vnd.connectwise.com+json; version=${modelVersion}`,
    authorization: basicAuth(connection),
    clientid: connection.clientId,
  }
  let sent = 0
  let skewMs: number | undefined
  const codebase = createCodebase(connection, effects, () => sent++)

  const urlOf = (path: string, query: Query = {}) =>
    `${connection.apiOrigin}/${codebase.current()}apis/3.0${addressOf(path, query)}`

  const send = async (
    url: string,
    request: { method: string; headers?: Record<string, string>; body?: string | FormData },
  ) => {
    sent++
    const timeoutMs = request.method === 'GET' ? options.readTimeoutMs : options.writeTimeoutMs
    const { answer, skewMs: seen } = await exchange(
      effects,
      url,
      { ...request, headers: { ...headers, ...request.headers } },
      timeoutMs,
    )
    skewMs = seen ?? skewMs
    return 'message' in answer ? { ...answer, message: withoutKeys(answer.message, connection) } : answer
  }
  const readPaced = (read: Read) => (options.once ? readOnce(read) : retry(effects, () => readOnce(read)))
  const readOnce = (read: Read) =>
    pacing.pace(
      () => send(urlOf(read.path, read.query), { method: 'GET', headers: read.headers ?? {} }),
      Number.POSITIVE_INFINITY,
    )

  return {
    async read(read) {
      const codebaseBefore = codebase.current()
      const answer = await readPaced(read)
      const isNotFound = answer.kind === 'missing' || (answer.kind === 'refused' && answer.status === 404)
      if (!isNotFound || read.mayBeAbsent) return answer
      await codebase.checkAgain()
      return codebase.current() === codebaseBefore ? answer : readPaced(read)
    },
    write(write) {
      const request = { method: write.method, ...bodyOf(write) }
      return pacing.pace(() => send(urlOf(write.path), request).catch(notCalled), options.writeTimeoutMs / 3)
    },
    addressLength: (path, query) => urlOf(path, query).length,
    hosts: [connection.apiOrigin, connection.site].map((origin) => new URL(origin).host),
    requests: () => sent,
    clockSkew: () => skewMs,
  }
}

type Keys = Pick<Connection, 'companyId' | 'publicKey' | 'privateKey'>

function basicAuth({ companyId, publicKey, privateKey }: Keys): string {
  const bytes = new TextEncoder().encode(`${companyId}+${publicKey}:${privateKey}`)
  return `Basic ${btoa(String.fromCharCode(...bytes))}`
}

/** The host was refused on the way, perhaps after the request had left: a redirect shows only then. */
function notCalled(error: unknown): Answer {
  if (error instanceof Problem) return { kind: 'failed', status: undefined, message: error.message }
  throw error
}

/** What ConnectWise, or something in its place, says must not carry our keys further (I19). */
function withoutKeys(message: string, keys: Keys): string {
  const secrets = [basicAuth(keys).slice('Basic '.length), keys.privateKey, keys.publicKey]
  return secrets.reduce((text, secret) => (secret ? text.replaceAll(secret, '…') : text), message)
}
