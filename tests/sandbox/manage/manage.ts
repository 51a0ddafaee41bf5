import { apiPath, createApp } from './app.ts'
import { instantText } from './calendar.ts'
import { createFaults, type Exchange, type Faults, type Passing, type SandboxClock } from './fault-layer.ts'
import { createPageCounter, noteOf, type RecordedRequest, readable, requestId } from './notes.ts'
import { createRandom } from './random.ts'
import type { Row } from './records.ts'
import type { World } from './tables.ts'

export type { SandboxClock } from './fault-layer.ts'
export type { RecordedRequest } from './notes.ts'

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
  const late = new Set<Promise<unknown>>()
  let serial = 0

  const later = (effect: Promise<unknown>) => {
    const landing: Promise<unknown> = effect.then(forget, forget)
    function forget() {
      late.delete(landing)
    }
    late.add(landing)
  }

  const handle = async (request: Request, note: RecordedRequest): Promise<Response> => {
    const bytes = request.body ? await request.arrayBuffer() : undefined
    note.body = readable(bytes)
    const path = note.path + new URL(request.url).search
    const exchange: Exchange = { request, path, page: pageOf(note), clock, world, random, later }
    const pass = async ({ url, lagMs = 0 }: Passing = {}) => {
      const { method, headers } = request
      const copy = new Request(url ?? request.url, { method, headers, ...(bytes && { body: bytes }) })
      return app.fetch(copy, { lagMs })
    }
    const response = await faults.answer(exchange, pass)
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
    fetch: async (input, init) => send(input instanceof Request && !init ? input : new Request(input, init)),
    edit: (record, fields, by = 'jsmith') =>
      Object.assign(record, fields, { _info: { lastUpdated: instantText(clock.now()), updatedBy: by } }),
    settled: async () => {
      await Promise.all([...late])
    },
  }
}
