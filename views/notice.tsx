import type { Child } from 'hono/jsx'

const signs = { info: 'i', good: '✓', warning: '!', error: '✕' }

/** Something to know or do, in its own box; the sign is for eyes only, the title says it in words. */
export const Notice = ({ kind, title, children }: { kind: keyof typeof signs; title: string; children?: Child }) => (
  <div class={`notice ${kind}`}>
    <span class="sign" aria-hidden="true">
      {signs[kind]}
    </span>
    <div>
      <p class="title">{title}</p>
      {children}
    </div>
  </div>
)

/** What an empty place lacks, drawn on 24 × 24. */
const drawings = {
  connection: 'M9 7V3m6 4V3M6 7h12v4a6 6 0 0 1-12 0zm6 10v4M4 20 20 4',
  mapping: 'M4 5h6v6H4zm10 8h6v6h-6zM10 8h3m-3 8H7v-2m10-3V8',
  run: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zm0-14v5l3 2',
  equal: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12l3 3 5-6',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zm5-2 5 5',
}

/** A place where something would be: what it lacks, in words and as a drawing, and the one next step. */
export const Empty = ({
  kind = 'search',
  title,
  children,
}: {
  kind?: keyof typeof drawings
  title: string
  children?: Child
}) => (
  <div class={kind === 'equal' ? 'empty good' : 'empty'}>
    <svg viewBox="0 0 24 24" width="32" height="32" aria-hidden="true">
      <path d={drawings[kind]} fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" />
    </svg>
    <p class="title">{title}</p>
    {children}
  </div>
)

/** Told to screen readers without moving anybody: put into an answer beside its main part. */
export const Announce = ({ children }: { children: Child }) => (
  <p id="live" role="status" hx-swap-oob="innerHTML">
    {children}
  </p>
)
