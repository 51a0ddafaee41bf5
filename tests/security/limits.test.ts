import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { readLinks } from '#connectwise/links.ts'
import { snapshots } from '#db/schema.ts'
import { Problem } from '#server/problem.ts'
import { push } from '#sources/push.ts'
import { findRepeats } from '#sources/repeats.ts'
import { rows } from '#sources/rows.ts'
import { parseMappings } from '#sync/mapping/file.ts'
import { type Served, serve } from './served.ts'

const size = 9_900_000
const now = Date.parse('2026-11-21T22:00:00Z')

const bodyOf = (accounts: string, kind = 'counts') =>
  `{"kind":"${kind}","period":"2026-11","takenAt":"2026-11-21T22:00:00Z","complete":true,"accounts":${accounts}}`
const account = (rest: string) => bodyOf(`[{"id":"A","name":"A",${rest}}]`)
const many = (piece: string, bytes = size) =>
  Array(Math.floor(bytes / (piece.length + 1)))
    .fill(piece)
    .join(',')
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

function placesOf(text: string) {
  try {
    push.receive?.(text, now)
    return []
  } catch (error) {
    if (error instanceof Problem) return error.places
    throw error
  }
}

describe('a body that is wrong everywhere', () => {
  it('is read row by row, and not on after 10,000 bad places', () => {
    let read = 0
    const bad = z.unknown().refine(() => ++read < 0, 'is wrong')
    const list = Array.from({ length: 1_000_000 }, () => 1)
    expect(rows(bad).safeParse(list).error?.issues).toHaveLength(10_001)
    expect(read).toBe(10_001)
  })

  it('is not searched on after 10,000 repeats', () => {
    const said = { id: 'same', chargeType: 'CycleFee', quantity: 1 }
    const lines = Array.from({ length: 100_000 }, (_, i) => ({ ...said, offer: `O-${i}` }))
    expect(findRepeats({ accounts: [{ id: 'A', lines }] })).toHaveLength(10_001)
  })

  it.each([
    ['rows that are none', account(`"counts":[${many('1')}]`)],
    ['empty rows', account(`"counts":[${many('{}')}]`)],
    ['empty people', account(`"counts":[{"metric":"m","quantity":1,"people":[${many('{}')}]}]`)],
    ['accounts that are none', bodyOf(`[${many('1')}]`)],
    ['unknown keys', `{${Array.from({ length: 700_000 }, (_, i) => `"k${i}":1`).join(',')}}`],
    ['the same line', bodyOf(`[{"id":"A","name":"A","lines":[${many('{"id":"1"}')}]}]`, 'invoice-lines')],
  ])('of %s, 10 MB of them, is refused with as many places as are listed', (_, text) => {
    expect(placesOf(text)).toHaveLength(10_001)
  })

  it('nested 100,000 levels deep is refused like any other', () => {
    const deep = nested(100_000)
    const sold = (rest: string) => bodyOf(`[{"id":"A","name":"A","usage":[{"sku":"x","quantity":1,${rest}}]}]`, 'usage')
    for (const text of [
      deep,
      bodyOf(deep),
      account(`"counts":${deep}`),
      account(`"counts":[{"metric":"m","quantity":${deep}}]`),
      account(`"counts":[{"metric":${deep},"quantity":1}]`),
      account(`"counts":[{"metric":"m","quantity":1,"people":[{"id":${deep}}]}]`),
      sold(`"term":${deep}`),
      sold(`"subscription":${deep}`),
      `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
    ])
      expect(placesOf(text)).not.toEqual([])
    expect(parseMappings(`[${deep},{"rule":${deep},"reads":${deep},"source":${deep}}]`).rows).toEqual([])
  })

  it('of mappings is refused by its size', () => {
    expect(() => parseMappings(`[${many('1', 10_000_001)}]`)).toThrow('larger than 10 MB')
    expect(() => parseMappings(`[${many('1', 100_000)}]`)).toThrow('at most 5000')
  })
})

it('a Link header made to slow its reading down is read in a straight line', () => {
  const time = (header: string) => {
    const startedAt = performance.now()
    readLinks(header, ['na.myconnectwise.net'])
    return performance.now() - startedAt
  }
  const plain = time('x'.repeat(16_000))
  expect(time('<'.repeat(16_000))).toBeLessThan(50 + plain)
})

describe('the server', () => {
  let served: Served
  let head: string
  beforeAll(async () => {
    served = await serve()
    head = `POST /api/v1/snapshots HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${served.token}\r\nContent-Type: application/json\r\n`
  })
  afterAll(() => served.end())

  const stored = async () => (await served.deps.db.select().from(snapshots)).length

  it('answers 413 to a chunked body beyond 10 MB that declares no length', async () => {
    const chunk = `${(100_000).toString(16)}\r\n${' '.repeat(100_000)}\r\n`
    const answer = await served.raw(`${head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n`, chunk.repeat(110))
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    expect(await stored()).toBe(0)
  })

  it('answers 415 to a compressed body and does not unpack it', async () => {
    const packed = gzipSync(' '.repeat(1_000_000))
    const more = `Content-Encoding: gzip\r\nContent-Length: ${packed.length}\r\nConnection: close\r\n\r\n`
    expect(await served.raw(head + more, packed)).toMatch(/^HTTP\/1.1 415 /)
    const bare = `Content-Length: ${packed.length}\r\nConnection: close\r\n\r\n`
    expect(await served.raw(head + bare, packed)).toMatch(/^HTTP\/1.1 422 /)
  })

  it('takes no request whose length is said twice or falsely', async () => {
    for (const more of ['Content-Length: 2\r\nTransfer-Encoding: chunked', 'Content-Length: -1', 'Content-Length: 2x'])
      expect(await served.raw(`${head}${more}\r\n\r\n{}`)).toMatch(/^HTTP\/1.1 400 /)
  })

  it('answers others while 200 senders are slow', async () => {
    const slow = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const socket: Socket = connect(served.port, '127.0.0.1').on('error', () => undefined)
        await new Promise((resolve) => socket.write(`${head}Content-Length: 9000000\r\n\r\n{`, resolve))
        return socket
      }),
    )
    expect(await served.raw('GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /)
    for (const socket of slow) socket.destroy()
  })

  it('answers 431 to headers of more than 16 kB', async () => {
    const long = 'a'.repeat(17_000)
    expect(await served.raw(`GET /livez HTTP/1.1\r\nHost: x\r\nX: ${long}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /)
    expect(await served.raw(`GET /${long} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /)
  })
})
