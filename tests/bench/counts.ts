import { gzipSync } from 'node:zlib'
import type { App } from '../start.ts'
import { givenNight } from './night.ts'
import { openFile } from './store.ts'

const dayMs = 24 * 3_600_000

export interface Received {
  requests: number
  writes: number
  /** Bodies of the answers, as they are and as they travel when they are compressed. */
  bytes: number
  compressed: number
}

/** A night with changes, then one without any, in virtual time. */
export async function countNights(options: { report: boolean }): Promise<{ changed: Received; unchanged: Received }> {
  const { app } = await givenNight(openFile, options)
  const changed = await received(app)
  app.clock.advance(dayMs)
  const unchanged = await received(app)
  await app.close()
  return { changed, unchanged }
}

async function received(app: App): Promise<Received> {
  const { manage } = app
  const fetch = manage.fetch
  let bytes = 0
  let compressed = 0
  manage.fetch = async (...request) => {
    const answer = await fetch(...request)
    const body = await answer.arrayBuffer()
    bytes += body.byteLength
    compressed += gzipSync(body).byteLength
    return new Response(body, answer)
  }
  manage.requests.length = 0
  await app.tick()
  manage.fetch = fetch
  const writes = manage.requests.filter(({ method }) => method !== 'GET').length
  return { requests: manage.requests.length, writes, bytes, compressed }
}
