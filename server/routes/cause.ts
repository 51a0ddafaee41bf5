import { words } from '#billing/words.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'

/** Why a run failed, where it says so. That is of the whole instance, but may quote a cost or a price of one line. */
export const causeOf = (cause: string | null, { role }: Pick<Viewer, 'role'>): { cause?: string } =>
  cause === null ? {} : { cause: words(cause, includesRole(role, 'finance')) }
