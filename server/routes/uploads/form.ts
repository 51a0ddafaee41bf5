import * as z from 'zod'
import { dayIn, monthPattern } from '#billing/period.ts'
import type { Ask } from '#routes/route.ts'
import type { Deps, Remarks } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import type { Upload } from '#sync/sources/upload.ts'

/** The only addresses that take a file. */
export const uploadPath = /^\/sources\/[^/]+\/(?:preview|snapshots)$/

/** How large a file may be, and a form with what is sent beside it. */
const mostFileBytes = 10_000_000
export const mostUploadBytes = mostFileBytes + 100_000

const mostFields = 200
const none = z.literal('').transform(() => undefined)
const optional = <T extends z.ZodType>(type: T) => z.union([none, type]).optional()

const uploadForm = z.object({
  kind: optional(z.enum(['counts', 'usage', 'invoice-lines'])),
  decimal: optional(z.enum(['.', ','])),
  days: optional(z.enum(['day-month', 'month-day'])),
  metric: optional(z.string().trim().max(100)),
  currency: optional(z.string().trim().toUpperCase().max(10)),
  period: z.string().regex(monthPattern, 'a month, YYYY-MM'),
  takenOn: optional(z.iso.date('a day, YYYY-MM-DD')),
  complete: z.enum(['complete', 'partial']),
  rows: optional(z.literal('good')),
  /** Of the preview that this form was filled in. */
  hash: optional(z.string().max(64)),
  seen: optional(z.string().max(64)),
  header: optional(z.string().max(64)),
  upload: optional(z.string().regex(/^[\w-]{1,40}$/)),
})

type Form = z.output<typeof uploadForm>

export interface PostedUpload extends Upload {
  fileName: string
  form: Form
}

/** The file and what was said of it. Throws a Problem for what is not such a form, or holds no file. */
export async function readUploadForm(deps: Deps, c: Ask): Promise<PostedUpload> {
  const fields = await readFields(c)
  const [file, ...more] = fields.getAll('file')
  if (more.length > 0) throw new Problem('invalid', 'Choose one file at a time; nothing was read.')
  if (!(file instanceof File) || file.size === 0) throw new Problem('invalid', 'Choose a file that is not empty.')
  if (file.size > mostFileBytes) throw new Problem('invalid', 'The file is larger than 10 MB.')
  const texts = [...fields].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []))
  const parsed = uploadForm.safeParse(Object.fromEntries(texts))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Problem('invalid', `${issue?.path.join('.')}: ${issue?.message}`)
  }
  const { zone } = c.get('viewer').tenant
  return {
    file: new Uint8Array(await file.arrayBuffer()),
    fileName: shortName(file.name),
    told: remarksOf(parsed.data, texts),
    period: parsed.data.period,
    takenOn: parsed.data.takenOn ?? dayIn(zone, deps.now()),
    complete: parsed.data.complete === 'complete',
    form: parsed.data,
  }
}

const boundary = /^multipart\/form-data\s*;\s*boundary=/i

async function readFields(c: Ask): Promise<FormData> {
  try {
    const fields = boundary.test(c.req.header('content-type') ?? '') ? await c.req.formData() : new FormData()
    if ([...fields.keys()].length <= mostFields) return fields
  } catch {
    // What cannot be taken apart is refused as what says too much.
  }
  throw new Problem('invalid', 'The form cannot be read. Reload the page and choose the file again.')
}

function remarksOf(
  { kind, decimal, days, metric, currency }: Form,
  texts: readonly (readonly [string, string])[],
): Remarks {
  const columns = texts.flatMap(([name, header]) =>
    name.startsWith('column-') ? [[name.slice('column-'.length), header] as const] : [],
  )
  return {
    columns: Object.fromEntries(columns),
    ...(kind ? { kind } : {}),
    ...(decimal ? { decimal } : {}),
    ...(days ? { days } : {}),
    ...(metric ? { metric } : {}),
    ...(currency ? { currency } : {}),
  }
}

/** A file's name as one short line. */
const shortName = (name: string): string => name.replace(/\p{C}/gu, ' ').trim().slice(0, 100) || 'the file'
