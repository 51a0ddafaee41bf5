import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createPinnedFetch, type Resolve } from '#server/node/pinned-fetch.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server on this machine that counts what reaches it. */
async function listen(answer: RequestListener) {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, port, seen }
}

const refused = (allowedLoopback: readonly string[], url: string, resolve?: Resolve) =>
  createPinnedFetch({ allowedLoopback, ...(resolve && { resolve }) })(new Request(url)).then(
    () => 'answered',
    (error: Error) => String((error.cause as Error | undefined)?.message ?? error.message),
  )

describe('an outgoing call', () => {
  it('reaches a loopback origin that the operator listed, with its body and headers', async () => {
    const { origin, seen } = await listen((request, response) => {
      response.setHeader('link', '<x>')
      request.pipe(response)
    })
    const fetch = createPinnedFetch({ allowedLoopback: [origin] })
    const response = await fetch(new Request(`${origin}/a?b=1`, { method: 'POST', body: '[1]' }))
    expect(await response.json()).toEqual([1])
    expect(response.headers.get('link')).toBe('<x>')
    expect(seen).toEqual(['POST /a?b=1'])
  })

  it('reaches no other port, scheme or name of this machine', async () => {
    const { origin, port, seen } = await listen((_, response) => response.end('secret'))
    expect(await refused([], `${origin}/`)).toContain('only https')
    expect(await refused([`http://127.0.0.1:${port + 1}`], `${origin}/`)).toContain('only https')
    expect(await refused([origin], `http://localhost:${port}/`)).toContain('only https')
    for (const host of ['127.0.0.1', '2130706433', '0x7f000001', '127.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost']) {
      expect(await refused([origin], `https://${host}:${port}/`)).toContain('private address')
    }
    expect(seen).toEqual([])
  })

  it('is refused when any address of the name is private', async () => {
    const { origin, port, seen } = await listen((_, response) => response.end())
    const url = `https://rebind.example:${port}/`
    expect(await refused([origin], url, async () => ['8.8.8.8', '127.0.0.1'])).toContain('private address')
    expect(await refused([origin], url, async () => ['169.254.169.254'])).toContain('private address')
    expect(await refused([origin], url, async () => [])).toContain('no address')
    expect(seen).toEqual([])
  })

  it('SSRF-25: resolves the name once for each connection and connects to that address', async () => {
    const { port, seen } = await listen((_, response) => response.end('here'))
    const origin = `http://manage.example:${port}`
    let asked = 0
    const resolve = async () => [asked++ === 0 ? '127.0.0.1' : '169.254.169.254']
    const fetch = createPinnedFetch({ allowedLoopback: [origin], resolve })
    expect(await (await fetch(new Request(origin))).text()).toBe('here')
    expect(asked).toBe(1)
    expect(seen).toEqual(['GET /'])
  })

  it.each([301, 302, 307, 308])('does not follow a redirect (%i)', async (status) => {
    const target = await listen((_, response) => response.end('secret'))
    const { origin } = await listen((_, response) => response.writeHead(status, { location: target.origin }).end())
    expect(await refused([origin, target.origin], origin)).toContain('redirects')
    expect(target.seen).toEqual([])
  })

  it('ignores a proxy named by the environment', async () => {
    const proxy = await listen((_, response) => response.end('proxied'))
    const { origin } = await listen((_, response) => response.end('direct'))
    process.env.HTTP_PROXY = proxy.origin
    process.env.http_proxy = proxy.origin
    const response = await createPinnedFetch({ allowedLoopback: [origin] })(new Request(origin))
    expect(await response.text()).toBe('direct')
    expect(proxy.seen).toEqual([])
    delete process.env.HTTP_PROXY
    delete process.env.http_proxy
  })

  it('ends when its signal aborts', async () => {
    const { origin } = await listen(() => undefined)
    const stop = new AbortController()
    const work = createPinnedFetch({ allowedLoopback: [origin] })(new Request(origin, { signal: stop.signal }))
    stop.abort(new Error('too late'))
    await expect(work).rejects.toThrow()
  })
})
