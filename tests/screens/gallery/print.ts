import { galleryPage, galleryPages } from './gallery.tsx'

/** The gallery for whoever cannot render it: name → page, as JSON. */
const kinds = ['pod', 'tab'] as const
const pages = galleryPages.flatMap((name) => kinds.map((kind) => [`${name} as a ${kind}`, galleryPage(name, kind)]))
console.log(JSON.stringify(Object.fromEntries(pages)))
