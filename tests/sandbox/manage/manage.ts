import { apiPath, createApp } from './api/app.ts'
import { instantText } from './calendar.ts'
import { createFaults, type Faults, type SandboxClock } from './faults/fault-layer.ts'
import { createLateEffects } from './late.ts'
import { createPageCounter, noteOf, type RecordedRequest, readable, requestId } from './notes.ts'
import { createRandom } from './random.ts'
import type { Row } from './records.ts'
import type { World } from './tables.ts'

export interface ManageOptions {
  clock: SandboxClock
  world: World
  companyId?: string
  publicKey?: string
  privateKey?: string
  clientId?: string
  /** IANA zone of the server. */
  zone?: string
  /** Faults that happen by chance happen the same again. */
  seed?: number
}

/** A ConnectWise Manage, reached by `fetch` as over the network. */
export interface Manage {
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>
  world: World
  faults: Faults
  /** Every request in the order of arrival, the refused and the lost ones too. */
  requests: RecordedRequest[]
  /** Changes a record as a person at a screen would: stamped with their name and the time. */
  edit<R extends { _info: Row['_info'] }>(record: R, fields: Partial<R>, by?: string): R
  /** Resolves when every late effect under way has landed. */
  settled(): Promise<void>
}

export const defaultKeys = {
  companyId: 'acme',
  publicKey: 'pub',
  privateKey: 'priv',
  clientId: '5f2b1c1e-3f7a-4b0e-9d55-6a1c0f7d2e10',
}

/** Builds a sandbox over a world; the API member is `TrueUp`. */
export function createManage({ clock, world, zone, seed = 1, ...given }: ManageOptions): Manage {
  const { companyId, publicKey, privateKey, clientId } = { ...defaultKeys, ...given }
  world.keys.set(publicKey, { privateKey, member: 'TrueUp' })
  if (zone !== undefined) world.zone = zone
  const app = createApp({ world, now: clock.now, companyId, clientId })
  const random = createRandom(seed)
  const faults = createFaults(random)
  const requests: RecordedRequest[] = []
  const pageOf = createPageCounter()
  const late = createLateEffects()
  let serial = 0

  const handle = async (request: Request, note: RecordedRequest): Promise<Response> => {
    const body = request.body ? await request.arrayBuffer() : undefined
    note.body = readable(body)
    const path = note.path + new URL(request.url).search
    const exchange = { request, path, page: pageOf(note), clock, world, random, later: late.add }
    const response = await faults.answer(exchange, async ({ url, lagMs = 0 } = {}) => {
      const { method, headers } = request
      return app.fetch(new Request(url ?? request.url, { method, headers, ...(body && { body }) }), { lagMs })
    })
    response.headers.set('x-cw-request-id', requestId(++serial))
    return response
  }

  // An abort does not reach a Request that nobody holds, so they are held while under way.
  const underWay = new Set<Request>()
  const send = async (request: Request): Promise<Response> => {
    request.signal.throwIfAborted()
    const note = noteOf(request, clock.now(), apiPath)
    requests.push(note)
    underWay.add(request)
    try {
      const response = await handle(request, note)
      note.status = response.status
      return response
    } finally {
      note.endedAt = clock.now()
      underWay.delete(request)
    }
  }

  return {
    world,
    faults,
    requests,
    settled: late.settled,
    fetch: async (input, init) => send(input instanceof Request && !init ? input : new Request(input, init)),
    edit: (record, fields, by = 'jsmith') =>
      Object.assign(record, fields, { _info: { lastUpdated: instantText(clock.now()), updatedBy: by } }),
  }
}
