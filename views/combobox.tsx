import { hx } from './hx.ts'

/**
 * A picker that searches as one types: `source` answers `Options` for `search=…`. What is picked is the value of `name`;
 * with `save` (from `hx`) it is sent the moment it is picked. The input keeps the focus; public/combobox.js does the rest.
 */
export const Combobox = (props: {
  /** Unique on the page; the same after a save, so that the focus stays. */
  id: string
  label: string
  name: string
  /** Address of the options, own query allowed: `/pickers/agreements?company=250`. */
  source: string
  value: string
  /** What the value is called. */
  text: string
  save?: Record<string, string>
  placeholder?: string
  /** In a grid the column says what it is; the label is only read. */
  bare?: boolean
  disabled?: boolean
}) => (
  <div class="combobox">
    <label for={props.id} class={props.bare ? 'visually-hidden' : undefined}>
      {props.label}
    </label>
    <input
      id={props.id}
      name="search"
      type="text"
      role="combobox"
      aria-expanded="false"
      aria-autocomplete="list"
      autocomplete="off"
      spellcheck={false}
      value={props.text}
      placeholder={props.placeholder}
      disabled={props.disabled}
      {...hx({
        get: props.source,
        target: `#${props.id}-options`,
        swap: 'innerHTML',
        trigger: 'search',
        sync: 'this:replace',
      })}
    />
    <input
      type="hidden"
      name={props.name}
      value={props.value}
      {...(props.save ? { ...props.save, 'hx-trigger': 'picked' } : {})}
    />
    <div id={`${props.id}-options`} class="options" popover="manual" />
  </div>
)

export interface Option {
  id: string
  text: string
  /** What tells it from others of the same name. */
  detail?: string
  /** It cannot be picked, and `why`. */
  disabled?: boolean
  why?: string
}

/** What a picker answers: the first options and how many there are in all; `absent` explains what is not listed. */
export const Options = ({
  options,
  total,
  absent,
}: {
  options: readonly Option[]
  total: number
  absent?: string | undefined
}) => (
  <>
    <div role="listbox" aria-label="Options" tabindex={-1}>
      {options.map(({ id, text, detail, disabled, why }) => (
        <div
          role="option"
          tabIndex={-1}
          aria-selected="false"
          aria-disabled={disabled ? 'true' : 'false'}
          data-id={id}
          data-text={text}
        >
          {text}
          {(detail || why) && <span class="quiet"> {[detail, why].filter(Boolean).join(': ')}</span>}
        </div>
      ))}
    </div>
    <p class="quiet" data-count>
      {countOf(options.length, total)}
      {absent && ` ${absent}`}
    </p>
  </>
)

const countOf = (shown: number, total: number): string => {
  if (total === 0) return 'Nothing found.'
  return shown < total ? `${shown} of ${total} shown: type more to narrow them.` : `${total} found.`
}
