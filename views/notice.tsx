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

/** A place where something would be: why it is empty, and the one next step. */
export const Empty = ({ title, children }: { title: string; children?: Child }) => (
  <div class="empty">
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
