import type { Child } from 'hono/jsx'

/** A number or a state that people look for first, with what it is in words. */
export const Tile = ({
  label,
  kind,
  children,
  note,
}: {
  label: string
  /** Colour goes with the word beside it. */
  kind?: 'good' | 'wait' | 'bad'
  children: Child
  note?: Child
}) => (
  <div class={kind ? `tile ${kind}` : 'tile'}>
    <dt class="name">{label}</dt>
    <dd class="value">{children}</dd>
    {note && <dd class="note">{note}</dd>}
  </div>
)

export const Tiles = ({ children }: { children?: Child }) => <dl class="tiles">{children}</dl>
