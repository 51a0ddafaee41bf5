import type { Ask } from '#routes/route.ts'

/** A document that everybody may read. */
export const getDocument = (document: object) => (c: Ask) => c.json(document)
