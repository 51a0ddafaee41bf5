import type { Route } from '#routes/route.ts'
import type { Deps } from '#server/deps.ts'
import { getCustomFields, postCustomFields } from './custom-fields.ts'

/** Every address of invoice lines and what belongs to them. */
export const lineRoutes = (deps: Deps): readonly Route[] => [
  ['GET', '/settings/custom-fields', 'admin', getCustomFields(deps)],
  ['POST', '/settings/custom-fields', 'admin', postCustomFields(deps)],
]
