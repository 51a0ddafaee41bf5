import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { compressed } from '#server/node/compressed.ts'
import { releaseOf, serveFiles } from '#server/node/files.ts'

const folder = mkdtempSync(join(tmpdir(), 'trueup-files-'))
writeFileSync(join(folder, 'app.js'), 'script')
writeFileSync(join(folder, 'app.js.br'), 'packed')
writeFileSync(join(folder, 'app.css'), 'style')

describe('files', () => {
  const release = releaseOf(folder)
  const app = new Hono()
    .get('*', serveFiles(folder, release))
    .get('/page', (c) => c.html('<p>Page</p>'))
    .get('/token', (c) => c.json({ token: 'secret' }))

  it('may be kept for a year under the name of their release, and are asked for again otherwise', async () => {
    const kept = await app.request(`/app.css?v=${release}`)
    expect([await kept.text(), kept.headers.get('cache-control')]).toEqual([
      'style',
      'public, max-age=31536000, immutable',
    ])
    for (const query of ['', '?v=', '?v=other'])
      expect((await app.request(`/app.css${query}`)).headers.get('cache-control')).toBe('no-cache')
  })

  it('go as their compressed twin to who takes it', async () => {
    const packed = await app.request('/app.js', { headers: { 'accept-encoding': 'gzip, br' } })
    expect([await packed.text(), packed.headers.get('content-encoding')]).toEqual(['packed', 'br'])
    expect(await (await app.request('/app.js')).text()).toBe('script')
  })

  it('are named anew when one of them changes', () => {
    const before = releaseOf(folder)
    writeFileSync(join(folder, 'app.css'), 'other style')
    expect(releaseOf(folder)).not.toBe(before)
    expect(releaseOf(join(folder, 'nothing'))).toMatch(/^\w{10}$/)
  })

  it('are not the only thing that is compressed: screens are too, and tokens never', async () => {
    const fetch = compressed(app.fetch)
    const ask = (path: string, encoding: string, method = 'GET') =>
      fetch(new Request(`http://x${path}`, { method, headers: { 'accept-encoding': encoding } }), {})
    const page = await ask('/page', 'gzip, deflate, br')
    expect(page.headers.get('content-encoding')).toBe('br')
    expect(page.headers.get('vary')).toBe('Accept-Encoding')
    expect(brotliDecompressSync(Buffer.from(await page.arrayBuffer())).toString()).toBe('<p>Page</p>')
    expect((await ask('/page', 'gzip')).headers.get('content-encoding')).toBe('gzip')
    expect(await (await ask('/page', '')).text()).toBe('<p>Page</p>')
    expect(await (await ask('/page', 'br', 'HEAD')).text()).toBe('')
    expect((await ask('/token', 'br')).headers.get('content-encoding')).toBeNull()
  })
})
