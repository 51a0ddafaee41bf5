import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import type { MiddlewareHandler } from 'hono'

/** Names the files of this build. A file that is asked for by this name may be kept for a year. */
export function releaseOf(folder: string): string {
  const hash = createHash('sha256')
  for (const name of ['app.js', 'app.css'])
    if (existsSync(join(folder, name))) hash.update(readFileSync(join(folder, name)))
  return hash.digest('hex').slice(0, 10)
}

/** The files of the folder and nothing beside them, compressed where a compressed twin lies beside them. */
export function serveFiles(folder: string, release: string): MiddlewareHandler {
  const serve = serveStatic({ root: folder, precompressed: true })
  return async (c, next) => {
    const answer = await serve(c, next)
    if (!(answer instanceof Response)) return answer
    const isKept = c.req.query('v') === release
    answer.headers.set('Cache-Control', isKept ? 'public, max-age=31536000, immutable' : 'no-cache')
    return answer
  }
}
