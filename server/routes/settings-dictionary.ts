import { fragment } from '#server/answer.ts'
import { DictionaryScreen } from '#views/settings-dictionary.tsx'
import type { Ask } from './route.ts'
import { standingOf } from './standing.ts'

/** `GET /settings/dictionary` (S15) */
export const getDictionary = (c: Ask) => fragment(c, DictionaryScreen, { standing: standingOf(c.get('viewer')) })
