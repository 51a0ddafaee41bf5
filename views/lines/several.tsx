import { Combobox } from '#views/combobox.tsx'
import { SelectField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { Announce } from '#views/notice.tsx'
import { everyFilter } from './line.ts'

const labels = {
  agreement: 'Set agreement',
  start: 'Set start',
  end: 'Set end',
  rule: 'Dates back to the rule',
  out: 'Leave out',
  in: 'Take in',
}

export type BulkAction = keyof typeof labels

const actions = Object.keys(labels) as BulkAction[]

/** What is done to the ticked lines, or to all that the filters find: first it is counted, then asked (M17, X5). */
export const Several = ({ total }: { total: number }) => (
  <div id="several" class="stack">
    <form
      class="toolbar"
      {...hx({
        post: '/lines/reviews',
        target: '#several',
        swap: 'outerHTML',
        include: `${everyFilter}, #lines [name=line]:checked`,
      })}
    >
      <SelectField
        label="Bulk update"
        name="action"
        value="agreement"
        choices={actions.map((action) => ({ value: action, text: labels[action] }))}
      />
      <button type="submit" name="scope" value="ticked">
        Ticked…
      </button>
      <button type="submit" name="scope" value="all">
        All {total}…
      </button>
      <button type="button" class="spread" {...ticked('/dry-runs')}>
        Preview ticked
      </button>
      <button type="button" {...ticked('/runs')}>
        Sync ticked
      </button>
    </form>
  </div>
)

const ticked = (post: string) =>
  hx({
    post,
    target: '#run',
    swap: 'innerHTML',
    include: '#lines [name=line]:checked',
    vals: { ticked: 'yes' },
    disable: 'this',
  })

export interface ReviewProps {
  action: BulkAction
  /** Our ids, where they were ticked; absent: everything the filters find. */
  ids?: readonly string[]
  count: number
  /** Posted ones among what was meant: nothing of them is changed. */
  locked: number
  /** Names exactly these lines, as they are now. */
  digest: string
  /** The one company that they are of; an agreement is one company's. */
  company?: number
  /** Other lines were asked about before, or what was given was refused: nothing was changed. */
  problem?: string
  /** What was given. */
  value?: string
}

/** The question before many lines are changed, with their number and the one value they all get. */
export const Review = (props: ReviewProps) => {
  const { action, ids, count, digest, problem } = props
  const question = questionOf(props)
  const isPossible = count > 0 && (action !== 'agreement' || props.company !== undefined)
  return (
    <form
      id="several"
      class="toolbar"
      {...hx({
        post: '/lines/bulk',
        target: '#lines',
        swap: 'innerHTML',
        include: everyFilter,
        vals: { action, scope: ids ? 'ticked' : 'all', digest },
        disable: '#several button',
      })}
    >
      {problem && <p class="error">✕ {problem}</p>}
      <p>{question}</p>
      {ids?.map((id) => (
        <input type="hidden" name="line" value={id} />
      ))}
      {isPossible && <Value {...props} />}
      {isPossible && (
        <button type="submit" class="primary">
          {labels[action]}: {count}
        </button>
      )}
      <button type="button" {...hx({ get: '/lines/rows', target: '#lines', include: everyFilter })}>
        Cancel
      </button>
      <Announce>{problem ?? question}</Announce>
    </form>
  )
}

const Value = ({ action, company, value }: ReviewProps) => {
  if (action === 'agreement')
    return (
      <Combobox
        id="bulk-agreement"
        label="Agreement"
        name="value"
        source={`/pickers/agreements?company=${company}`}
        value={value ?? ''}
        text=""
        placeholder="Search agreements"
      />
    )
  if (action !== 'start' && action !== 'end') return null
  return (
    <div class="field">
      <label for="bulk-day">{action === 'start' ? 'Charge start' : 'Charge end; empty: it bills every cycle'}</label>
      <input id="bulk-day" name="value" type="date" value={value ?? ''} required={action === 'start'} />
    </div>
  )
}

function questionOf({ action, count, locked, company }: ReviewProps): string {
  const kept =
    locked === 0 ? '' : ` ${locked} posted ${locked === 1 ? 'one is' : 'ones are'} locked and left as posted.`
  if (count === 0) return `There is no line to change.${kept}`
  if (action === 'agreement' && company === undefined)
    return 'An agreement is one company’s: tick or filter lines of one mapped organization.'
  return `${questions[action](count === 1 ? '1 line' : `${count} lines`)}${kept}`
}

const questions: Record<BulkAction, (what: string) => string> = {
  agreement: (what) => `Post ${what} to which agreement?`,
  start: (what) => `Which start do ${what} get?`,
  end: (what) => `Which end do ${what} get?`,
  rule: (what) => `Take typed dates away from ${what}, so that rules and the source decide again?`,
  out: (what) => `Leave ${what} out? They are not posted until somebody takes them in.`,
  in: (what) => `Take ${what} in? They are posted with the next sync of theirs.`,
}
