import { describe, expect, it } from 'vitest'
import type { NewAddition } from '#billing/existing.ts'
import { connection, givenConnectWise, json, page, record, tooMany } from './given.ts'

const line: NewAddition = {
  productId: 512,
  quantity: '12.5',
  effectiveOn: '2026-11-01',
  billCustomer: 'Billable',
  serialNumber: 'TU-01',
}

const error = (status: number) => () => json({ code: 'X', message: 'no', errors: [{ message: 'because' }] }, { status })

const write = async (answer: Parameters<typeof givenConnectWise>[0], kind: 'create' | 'update' = 'update') => {
  const { clock, manage, calls } = givenConnectWise(answer)
  const sent =
    kind === 'create'
      ? manage.createAddition(87, line)
      : manage.updateAddition(87, 301, { quantity: '15', cancelledOn: null })
  const outcome = await clock.run(sent)
  expect(calls).toHaveLength(1)
  return outcome
}

describe('a write', () => {
  it('replaces the given fields under their bare names', async () => {
    let body: unknown
    const outcome = await write(async (_, request) => {
      body = await request.json()
      return json(record(301, { quantity: 15 }))
    })
    expect(body).toEqual([
      { op: 'replace', path: 'quantity', value: 15 },
      { op: 'replace', path: 'cancelledDate', value: null },
    ])
    expect(outcome).toMatchObject({
      outcome: 'done',
      status: 200,
      addition: { id: 301, quantity: '15', agreementId: 87 },
    })
  })

  it('creates with exactly the fields the pinned version knows', async () => {
    let sent: Request | undefined
    await write(async (_, request) => {
      sent = request.clone() as Request
      return json(record(302), { status: 201 })
    }, 'create')
    expect(await sent?.json()).toEqual({
      product: { id: 512 },
      billCustomer: 'Billable',
      effectiveDate: '2026-11-01T00:00:00Z',
      serialNumber: 'TU-01',
      quantity: 12.5,
    })
    expect(sent?.headers.get('accept')).toBe('application/vnd.connectwise.com+json; version=2025.8')
    expect(sent?.headers.get('authorization')).toBe(
      `Basic ${btoa(`acme+${connection.publicKey}:${connection.privateKey}`)}`,
    )
  })

  it.each([400, 404, 422])('answered with %i is refused in the words of ConnectWise', async (status) => {
    expect(await write(error(status))).toEqual({ outcome: 'refused', status, message: 'no because' })
  })

  it('answered with 409 is refused as an update and unknown as a create', async () => {
    expect(await write(error(409))).toMatchObject({ outcome: 'refused', status: 409 })
    expect(await write(error(409), 'create')).toMatchObject({ outcome: 'unknown', status: 409 })
  })

  it.each([401, 403])('answered with %i is forbidden', async (status) => {
    expect(await write(error(status))).toMatchObject({ outcome: 'forbidden', status })
  })

  it.each([408, 500, 502, 503, 504, 302])('answered with %i is unknown and sent once', async (status) => {
    expect(await write(error(status), 'create')).toMatchObject({ outcome: 'unknown' })
  })

  it.each([
    ['a web page', page],
    ['cut-off JSON', () => new Response('{"id": 30')],
    ['nothing', () => new Response('')],
    ['another record', () => json(record(999))],
    ['something else', () => json({ ok: true })],
  ])('accepted with %s is unknown', async (_, answer) => {
    expect(await write(answer)).toMatchObject({ outcome: 'unknown', status: 200 })
  })

  it('whose connection breaks is unknown', async () => {
    const reset = () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }))
    expect(await write(reset, 'create')).toEqual({
      outcome: 'unknown',
      status: undefined,
      message: 'the connection was reset',
    })
  })

  it('without an answer in 30 seconds is unknown', async () => {
    expect(await write(() => new Promise<Response>(() => undefined), 'create')).toMatchObject({
      outcome: 'unknown',
      message: 'no answer within 30 seconds',
    })
  })

  it('after a 429 is not sent while every call waits', async () => {
    const { clock, manage, calls } = givenConnectWise(() => tooMany('120'))
    expect(await clock.run(manage.createAddition(87, line))).toEqual({
      outcome: 'throttled',
      status: 429,
      retryAfterMs: 120_000,
    })
    clock.advance(20_000)
    expect(await clock.run(manage.createAddition(87, line))).toMatchObject({
      outcome: 'throttled',
      retryAfterMs: 100_000,
    })
    expect(calls).toHaveLength(1)
  })

  it('repeats no key that an answer throws back', async () => {
    const echo = (_: URL, request: Request) =>
      json({ message: `bad ${request.headers.get('authorization')} ${connection.privateKey}` }, { status: 400 })
    expect(await write(echo)).toEqual({ outcome: 'refused', status: 400, message: 'bad Basic … …' })
  })

  it('of a number that JSON cannot hold exactly is not sent', async () => {
    const { manage, calls } = givenConnectWise(() => json(record(301)))
    await expect(manage.updateAddition(87, 301, { quantity: '12345678901234567.8' })).rejects.toMatchObject({
      kind: 'invalid',
    })
    expect(calls).toHaveLength(0)
  })

  it('takes an amount however many zeros it is spelt with', async () => {
    let body: unknown
    const { manage } = givenConnectWise(async (_, request) => {
      body = await request.json()
      return json(record(301))
    })
    await manage.updateAddition(87, 301, { unitPrice: '18.50', unitCost: '4.00' })
    expect(body).toEqual([
      { op: 'replace', path: 'unitCost', value: 4 },
      { op: 'replace', path: 'unitPrice', value: 18.5 },
    ])
  })
})
