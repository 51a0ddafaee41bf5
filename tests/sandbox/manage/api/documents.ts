import { Buffer } from 'node:buffer'
import { instantText } from '../calendar.ts'
import type { DocumentRecord, Row } from '../records.ts'
import type { World } from '../tables.ts'
import { badRequest, invalidObject, wrongMedia } from './refusal.ts'
import type { Write } from './writing.ts'

const attachable = new Map<string, (world: World, id: number) => boolean>([
  ['Agreement', (world, id) => world.agreements.has(id)],
  ['Company', (world, id) => world.companies.has(id)],
  ['Contact', (world, id) => world.contacts.has(id)],
])

/** Stores an uploaded file. Throws a Refusal: 415 unless multipart, 400 for a wrong record or file ending. */
export async function attach(request: Request, write: Write): Promise<DocumentRecord> {
  const { world } = write
  const { form, file } = await uploaded(request, world)
  const recordType = String(form.get('recordType') ?? '')
  const recordId = Number(form.get('recordId'))
  if (!attachable.get(recordType)?.(world, recordId))
    throw refused('recordId', `There is no ${recordType} ${recordId}.`)
  return store({ id: world.documents.nextId(), recordType, recordId }, form, file, write)
}

/** Puts another file in a document's place; it stays on its record. Throws a Refusal as `attach` does. */
export async function replaceFile(request: Request, document: DocumentRecord, write: Write): Promise<DocumentRecord> {
  const { form, file } = await uploaded(request, write.world)
  return store(document, form, file, write)
}

async function uploaded(request: Request, world: World): Promise<{ form: FormData; file: File }> {
  if (!request.headers.get('content-type')?.startsWith('multipart/form-data')) throw wrongMedia()
  const form = await request.formData()
  const file = form.get('file')
  if (!(file instanceof File)) throw badRequest('The part file is missing.')
  const ending = file.name.split('.').at(-1)?.toLowerCase() ?? ''
  if (!world.documentTypes.has(ending)) throw refused('file', `Files of type ${ending} are not allowed.`)
  return { form, file }
}

async function store(
  { id, recordType, recordId }: Pick<DocumentRecord, 'id' | 'recordType' | 'recordId'>,
  form: FormData,
  file: File,
  { world, at, by }: Write,
): Promise<DocumentRecord> {
  const title = String(form.get('title') ?? file.name)
  const publicFlag = form.get('privateFlag') !== 'true'
  const _info = { lastUpdated: instantText(at), updatedBy: by }
  const record = { id, title, fileName: file.name, size: file.size, publicFlag, recordType, recordId, _info }
  world.documents.set(id, record)
  world.files.set(id, new Uint8Array(await file.arrayBuffer()))
  return record
}

const refused = (field: string, message: string) =>
  invalidObject('document', [{ code: 'InvalidField', message, resource: 'document', field }])

/** Documents are listed by the record they hang on, given beside the conditions. */
export const attachedTo = (rows: readonly Row[], query: URLSearchParams): readonly Row[] => {
  const [type, id] = [query.get('recordType'), query.get('recordId')]
  return rows.filter((row) => (!type || row.recordType === type) && (!id || row.recordId === Number(id)))
}

export const download = (world: World, { id, fileName }: { id: number; fileName: string }): Response =>
  new Response(Buffer.from(world.files.get(id) ?? []), {
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    },
  })
