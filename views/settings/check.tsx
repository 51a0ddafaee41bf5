import type { Child } from 'hono/jsx'
import { Badge } from '#views/badge.tsx'

/** One line of what is good, and what to look at. */
export const Check = ({ ok, title, children }: { ok: boolean; title: string; children?: Child }) => (
  <li>
    <span class="name">{title}</span>
    <span class="state">
      <Badge kind={ok ? 'good' : 'wait'}>{ok ? 'Good' : 'Look'}</Badge>
    </span>
    <span class="reason">{children}</span>
  </li>
)
