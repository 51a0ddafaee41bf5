import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

type Fetch = (request: Request, env: object) => Response | Promise<Response>

const packers = {
  br: (bytes: Buffer) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes),
}

/** Screens go compressed to browsers that take it. They hold no secret, so their size tells nobody one. */
export const compressed =
  (fetch: Fetch): Fetch =>
  async (request, env) => {
    const answer = await fetch(request, env)
    const accepted = request.headers.get('accept-encoding') ?? ''
    const encoding = (['br', 'gzip'] as const).find((name) => new RegExp(`\\b${name}\\b`).test(accepted))
    if (!encoding || !answer.headers.get('content-type')?.startsWith('text/html')) return answer
    const bytes = Buffer.from(await answer.arrayBuffer())
    if (bytes.length === 0) return new Response(null, answer)
    const headers = new Headers(answer.headers)
    headers.set('content-encoding', encoding)
    headers.append('vary', 'Accept-Encoding')
    headers.delete('content-length')
    return new Response(await packers[encoding](bytes), { status: answer.status, headers })
  }
