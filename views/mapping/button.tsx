import type { Child } from 'hono/jsx'
import { hx } from '#views/hx.ts'
import type { AccountLine } from './line.ts'

/** A button of a row: it posts for this account and swaps this row only. */
export const RowButton = (props: {
  line: AccountLine
  path: string
  vals: Record<string, string>
  id: string
  confirm?: string
  children: Child
}) => (
  <button
    type="button"
    class="link"
    id={`${props.line.id}-${props.id}`}
    {...hx({
      post: props.path,
      target: `#${props.line.id}`,
      swap: 'outerHTML',
      vals: { ...asked(props.line), ...props.vals },
      ...(props.confirm ? { confirm: props.confirm } : {}),
    })}
  >
    {props.children}
  </button>
)

/** Whose row it is and which state of it was seen. */
export const asked = ({ source, account, version }: AccountLine): Record<string, string> => ({
  source,
  account,
  version,
})
