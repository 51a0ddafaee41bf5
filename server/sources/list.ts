import type { Kinds } from './contract.ts'
import { csv } from './csv.ts'
import { http } from './http.ts'
import { push } from './push.ts'

/** Every kind of source TrueUp knows. */
export const kinds: Kinds = { push, csv, http }
