import { Refusal } from '../manage/api/refusal.ts'
import { patch, type Write } from '../manage/api/writing.ts'
import { additions } from '../manage/nouns/additions.ts'
import { companies } from '../manage/nouns/companies.ts'
import type { Noun } from '../manage/nouns/noun.ts'
import type { Row } from '../manage/records.ts'
import { tableNamed } from '../manage/tables.ts'

/** Saves a company's phone number as a person at the screen does. Answers what is wrong with it, nothing when saved. */
export const saveCompany = (id: number, form: FormData, write: Write): string[] =>
  save(companies, id, 'phoneNumber', String(form.get('phoneNumber') ?? ''), write)

/** Saves the quantities that were changed in an agreement's grid. Answers what is wrong. */
export function saveAdditions(agreementId: number, form: FormData, write: Write): string[] {
  return write.world.additions.of(agreementId).flatMap(({ id, quantity }) => {
    const typed = form.get(`quantity-${id}`)
    if (typeof typed !== 'string' || typed.trim() === '' || Number(typed) === quantity) return []
    return save(additions, id, 'quantity', Number(typed), write)
  })
}

function save(noun: Noun, id: number, field: string, value: unknown, write: Write): string[] {
  const row: Row | undefined = tableNamed(write.world, noun.table).get(id)
  if (!row) return [`There is no ${noun.resource} ${id}.`]
  try {
    patch(noun, row, [{ op: 'replace', path: field, value }], write)
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return problemsIn(error.body)
  }
}

function problemsIn(body: object): string[] {
  const errors: unknown = 'errors' in body ? body.errors : undefined
  const texts = Array.isArray(errors) ? errors.map(({ message }: { message: string }) => message) : []
  return texts.length > 0 ? texts : [String('message' in body ? body.message : body)]
}
