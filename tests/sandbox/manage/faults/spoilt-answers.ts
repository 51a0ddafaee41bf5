import type { Fault } from './fault-layer.ts'

/** A fault that lets the request happen and spoils its answer. */
const spoilt = (name: string, spoil: (response: Response) => Response | Promise<Response>): Fault => ({
  name,
  answer: async (_, pass) => spoil(await pass()),
})

/** Rebuilds an answer with another body or other headers. */
async function rebuilt(
  response: Response,
  change: { text?: (text: string) => string; headers?: (headers: Headers) => void },
): Promise<Response> {
  const headers = new Headers(response.headers)
  change.headers?.(headers)
  const text = await response.text()
  return new Response(change.text ? change.text(text) : text, { status: response.status, headers })
}

type Json = Record<string, unknown>

/** Changes every record of an answer, whether it is one or a list. */
const eachRecord = (change: (record: Json) => Json) => (text: string) => {
  const body: unknown = JSON.parse(text)
  return JSON.stringify(Array.isArray(body) ? body.map((one: Json) => change(one)) : change(body as Json))
}

const loginPage = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>'

/** 200 with a login or proxy page. */
export const html200 = (): Fault =>
  spoilt(
    'html200',
    () => new Response(loginPage, { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } }),
  )

/** The body stops in the middle. */
export const truncatedJson = (): Fault =>
  spoilt('truncatedJson', (response) => rebuilt(response, { text: (text) => text.slice(0, text.length >> 1) }))

/** JSON, but said to be something else. */
export const wrongContentType = (type = 'application/octet-stream'): Fault =>
  spoilt('wrongContentType', (response) =>
    rebuilt(response, { headers: (headers) => headers.set('content-type', type) }),
  )

/** A list page without rows, its Link as it would have been. */
export const emptyPage = (): Fault =>
  spoilt('emptyPage', (response) =>
    rebuilt(response, {
      text: (text) => (text.startsWith('[') ? '[]' : text.replace(/"row_values":.*$/s, '"row_values":[]}')),
    }),
  )

/** A list without its Link header. */
export const noLink = (): Fault =>
  spoilt('noLink', (response) => rebuilt(response, { headers: (headers) => headers.delete('link') }))

/** The next page is this one again. */
export const loopingLink = (): Fault => ({
  name: 'loopingLink',
  answer: async ({ request }, pass) =>
    rebuilt(await pass(), { headers: (headers) => headers.set('link', `<${request.url}>; rel="next"`) }),
})

/** The next page is on another host. */
export const foreignLink = (origin = 'https://elsewhere.example'): Fault =>
  spoilt('foreignLink', (response) =>
    rebuilt(response, {
      headers: (headers) =>
        headers.set('link', (headers.get('link') ?? '').replace(/<https?:\/\/[^/]+/g, `<${origin}`)),
    }),
  )

/** The answer differs from what was asked and stored. */
export const wrongEcho = (fields: Json): Fault =>
  spoilt('wrongEcho', (response) => rebuilt(response, { text: eachRecord((record) => ({ ...record, ...fields })) }))

/** A field is missing from every record. */
export const droppedField = (name: string): Fault =>
  spoilt('droppedField', (response) => rebuilt(response, { text: eachRecord(({ [name]: _, ...rest }) => rest) }))

/** Numbers arrive as text. */
export const numbersAsStrings = (): Fault =>
  spoilt('numbersAsStrings', (response) =>
    rebuilt(response, {
      text: eachRecord((record) =>
        Object.fromEntries(
          Object.entries(record).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]),
        ),
      ),
    }),
  )

/** A count that is not the number of rows. */
export const wrongCount = (by: number): Fault =>
  spoilt('wrongCount', (response) =>
    rebuilt(response, { text: eachRecord((body) => ({ ...body, count: Number(body.count) + by })) }),
  )

/** A body of this many bytes. */
export const hugeBody = (bytes: number): Fault =>
  spoilt('hugeBody', (response) => {
    const chunk = new TextEncoder().encode(' '.repeat(65_536))
    let left = bytes
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        left -= chunk.length
        controller.enqueue(chunk)
        if (left <= 0) controller.close()
      },
    })
    return new Response(body, { status: response.status, headers: { 'content-type': 'application/json' } })
  })

/** The connection breaks in the middle of the body. */
export const resetMidBody = (): Fault =>
  spoilt('resetMidBody', async (response) => {
    const half = (await response.text()).slice(0, 20)
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(half)),
      pull: (controller) => controller.error(new TypeError('terminated')),
    })
    return new Response(body, { status: response.status, headers: response.headers })
  })

/** Bytes arrive one at a time, `ms` apart. */
export const slowBody = (ms: number): Fault => ({
  name: 'slowBody',
  async answer({ clock }, pass) {
    const response = await pass()
    const bytes = new Uint8Array(await response.arrayBuffer())
    let at = 0
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (at >= bytes.length) return controller.close()
        await clock.sleep(ms)
        controller.enqueue(bytes.slice(at, at + 1))
        at++
      },
    })
    return new Response(body, { status: response.status, headers: response.headers })
  },
})

/** Their clock is off by `ms`. */
export const skewedClock = (ms: number): Fault => ({
  name: 'skewedClock',
  answer: async ({ clock }, pass) =>
    rebuilt(await pass(), { headers: (headers) => headers.set('date', new Date(clock.now() + ms).toUTCString()) }),
})

/** A version that does not say what custom fields hold. */
export const withoutCustomFields = (): Fault =>
  spoilt('withoutCustomFields', (response) =>
    rebuilt(response, { text: eachRecord(({ customFields: _, ...record }) => record) }),
  )
