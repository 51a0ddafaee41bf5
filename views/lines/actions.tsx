import type { Child } from 'hono/jsx'
import { Combobox } from '#views/combobox.tsx'
import { hx } from '#views/hx.ts'
import { type LineView, rowId } from './line.ts'

const within = (line: LineView) => ({ target: `#${rowId(line)}`, swap: 'outerHTML' as const })

/** A button of an open row: what it says is saved at once, from the state the row shows. */
export const LineButton = (props: {
  line: LineView
  id: string
  /** What is done, where that is more than saving: `correction`. */
  path?: string
  vals: Record<string, string>
  children: Child
}) => (
  <button
    type="button"
    id={`${rowId(props.line)}-${props.id}`}
    {...hx({
      post: `/lines/${props.line.id}${props.path === undefined ? '' : `/${props.path}`}`,
      ...within(props.line),
      vals: { seen: props.line.seen, ...props.vals },
      disable: 'this',
    })}
  >
    {props.children}
  </button>
)

/** One of its company's agreements, saved the moment it is picked (M2, M4, P12). */
export const AgreementOfLine = ({ line, isChosen }: { line: LineView; isChosen: boolean }) => (
  <div>
    <Combobox
      id={`${rowId(line)}-agreement`}
      label="Agreement"
      name="agreement"
      source={`/pickers/agreements?company=${line.company?.id}`}
      value={line.agreement ? String(line.agreement.id) : ''}
      text={line.agreement?.name ?? ''}
      placeholder="Search agreements"
      save={hx({ post: `/lines/${line.id}`, ...within(line), vals: { seen: line.seen } })}
    />
    <p class="hint">
      {isChosen ? 'Chosen for this line. ' : 'As its mapping says. '}
      {isChosen && (
        <LineButton line={line} id="agreement-rule" vals={{ back: 'agreement' }}>
          Back to the mapping
        </LineButton>
      )}
    </p>
  </div>
)

/** X4: the same guards as any sync; what waits is told above the list. */
export const SyncLine = ({ line }: { line: LineView }) => (
  <>
    <button
      type="button"
      id={`${rowId(line)}-preview`}
      {...hx({ post: '/dry-runs', target: '#run', swap: 'innerHTML', vals: { line: line.id }, disable: 'this' })}
    >
      Preview this line
    </button>
    <button
      type="button"
      id={`${rowId(line)}-sync`}
      {...hx({ post: '/runs', target: '#run', swap: 'innerHTML', vals: { line: line.id }, disable: 'this' })}
    >
      Sync this line
    </button>
  </>
)
