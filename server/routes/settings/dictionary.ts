import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import { DictionaryScreen } from '#views/settings/dictionary.tsx'

/** `GET /settings/dictionary` (S15) */
export const getDictionary = (c: Ask) => fragment(c, DictionaryScreen, { standing: standingOf(c.get('viewer')) })
