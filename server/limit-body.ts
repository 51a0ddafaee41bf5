import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Asked } from '#routes/route.ts'
import { mostUploadBytes, uploadPath } from '#routes/uploads/form.ts'
import { problem } from './answer.ts'

export const snapshotPath = '/api/v1/snapshots'

/** How much an address takes: 10 MB of a snapshot or a file, 256 kB of anything else (TRUST 7.4). */
export const limitBody: MiddlewareHandler<Asked> = (c, next) => {
  const { path } = c.req
  const isUpload = uploadPath.test(path)
  const maxSize = path === snapshotPath ? 10_000_000 : isUpload ? mostUploadBytes : 256_000
  const onError = () => {
    if (isUpload) c.set('wants', 'fragment')
    return problem(c, 413, `At most ${maxSize > 1e6 ? Math.floor(maxSize / 1e6) : maxSize / 1e6} MB are taken.`)
  }
  return bodyLimit({ maxSize, onError })(c, next)
}
