import type { Child } from 'hono/jsx'
import { Controls } from './controls.tsx'
import { Lines } from './lines.tsx'
import { Pod } from './pod.tsx'
import { Shapes } from './shapes.tsx'
import { States } from './states.tsx'

const pages: Record<string, () => Child> = {
  states: States,
  controls: Controls,
  pod: Pod,
  lines: Lines,
  shapes: Shapes,
}

export const galleryPages = Object.keys(pages)

/** A whole page of the gallery, as a pod or a tab. */
export function galleryPage(name: string, kind: 'pod' | 'tab'): string {
  const Page = pages[name] ?? States
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Gallery</title>
        <link rel="stylesheet" href="/app.css" />
      </head>
      <body class={kind}>
        <p id="notice" role="alert" />
        <p id="live" role="status" class="visually-hidden" />
        <main id="main">
          <Page />
        </main>
      </body>
    </html>
  )
  return `<!doctype html>${page}`
}
