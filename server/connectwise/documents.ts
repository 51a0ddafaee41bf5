import * as z from 'zod'
import type { Answer } from './answer.ts'
import type { Api } from './api.ts'
import { parseBody } from './expect.ts'
import { listAll } from './paging.ts'
import { id, text } from './wire.ts'

/** A file attached to an agreement, as ConnectWise lists it. */
export interface AttachedDocument {
  id: number
  title: string
  fileName: string
}

/** A text file to be attached to an agreement, for members only (FEATURES 4.12). */
export interface NewDocument {
  agreementId: number
  title: string
  fileName: string
  content: string
}

/** What one upload came to. It is never repeated by the client. */
export type DocumentOutcome =
  | { outcome: 'done'; id: number }
  /** The API member lacks Companies › Manage Attachments. */
  | { outcome: 'forbidden'; message: string }
  | { outcome: 'refused'; message: string }
  | { outcome: 'throttled'; retryAfterMs: number }
  /** It may or may not have landed, now or later. */
  | { outcome: 'unknown'; message: string }

const path = '/system/documents'
const record = z.object({ id, title: text, fileName: text })
const defaultRetryAfterMs = 30_000

/** Every document of an agreement. */
export function listDocuments(api: Api, agreementId: number): Promise<AttachedDocument[]> {
  const what = `documents of agreement ${agreementId}`
  const parse = (body: unknown) => parseBody(z.array(record), body, what)
  return listAll(api, { path, query: { recordType: 'Agreement', recordId: agreementId }, what, parse, orderBy: 'id' })
}

/** An upload is not idempotent: whatever is not certain comes back as `unknown` and is looked for by its title. */
export const addDocument = async (api: Api, document: NewDocument): Promise<DocumentOutcome> =>
  outcomeOf(await api.write({ method: 'POST', path, form: formOf(document) }))

/** Puts other content in the place of a document. */
export const replaceDocument = async (api: Api, documentId: number, document: NewDocument): Promise<DocumentOutcome> =>
  outcomeOf(await api.write({ method: 'POST', path: `${path}/${documentId}`, form: formOf(document) }))

function formOf({ agreementId, title, fileName, content }: NewDocument): FormData {
  const form = new FormData()
  form.set('recordType', 'Agreement')
  form.set('recordId', String(agreementId))
  form.set('title', title)
  form.set('privateFlag', 'true')
  form.set('file', new File([content], fileName, { type: 'text/csv' }))
  return form
}

function outcomeOf(answer: Answer): DocumentOutcome {
  switch (answer.kind) {
    case 'ok': {
      const echo = record.safeParse(answer.body)
      if (echo.success) return { outcome: 'done', id: echo.data.id }
      return { outcome: 'unknown', message: 'ConnectWise accepted it and answered with something else' }
    }
    case 'throttled':
      return { outcome: 'throttled', retryAfterMs: answer.retryAfterMs ?? defaultRetryAfterMs }
    case 'forbidden':
      return { outcome: 'forbidden', message: answer.message }
    case 'missing':
    case 'refused':
      return { outcome: 'refused', message: answer.message }
    default:
      return { outcome: 'unknown', message: answer.message }
  }
}
