import type { Child } from 'hono/jsx'

interface FieldProps {
  label: string
  name: string
  hint?: string
  error?: string
  /** Attributes (from `hx`) that have the field checked when it is left: the answer goes into `#NAME-error`. */
  check?: Record<string, string>
}

/** A labelled control with its hint and its error, tied together for screen readers. */
const Field = ({ label, name, hint, error, check, children }: FieldProps & { children: Child }) => (
  <div class={error ? 'field wrong' : 'field'}>
    <label for={name}>{label}</label>
    {children}
    {hint && (
      <p class="hint" id={`${name}-hint`}>
        {hint}
      </p>
    )}
    {(error || check) && (
      <p class="error" id={`${name}-error`} aria-live={check ? 'polite' : undefined}>
        <FieldError error={error} />
      </p>
    )}
  </div>
)

/** What is wrong with one field; nothing when it is right. */
export const FieldError = ({ error }: { error: string | undefined }) =>
  error ? (
    <>
      <span aria-hidden="true">✕</span> {error}
    </>
  ) : null

interface TextProps extends FieldProps {
  value?: string
  type?: 'text' | 'password' | 'search' | 'number' | 'date' | 'time' | 'email'
  required?: boolean
  placeholder?: string
  list?: string
}

export const TextField = ({ value, type = 'text', required, placeholder, list, ...field }: TextProps) => (
  <Field {...field}>
    <input
      id={field.name}
      name={field.name}
      type={type}
      value={value ?? ''}
      placeholder={placeholder}
      list={list}
      required={required}
      autocomplete="off"
      aria-describedby={describedBy(field)}
      aria-invalid={field.error ? 'true' : undefined}
      {...field.check}
    />
  </Field>
)

/** A text of several lines. */
export const TextArea = ({ value, rows = 3, ...field }: FieldProps & { value: string; rows?: number }) => (
  <Field {...field}>
    <textarea
      id={field.name}
      name={field.name}
      rows={rows}
      aria-describedby={describedBy(field)}
      aria-invalid={field.error ? 'true' : undefined}
    >
      {value}
    </textarea>
  </Field>
)

export interface Choice {
  value: string
  text: string
  disabled?: boolean
  /** What it stands under, with others of the same group beside it. */
  group?: string
}

export const SelectField = ({
  value,
  choices,
  ...field
}: FieldProps & { value?: string; choices: readonly Choice[] }) => (
  <Field {...field}>
    <select
      id={field.name}
      name={field.name}
      aria-describedby={describedBy(field)}
      aria-invalid={field.error ? 'true' : undefined}
      {...field.check}
    >
      {choices
        .filter(({ group }) => group === undefined)
        .map((choice) => (
          <Option {...choice} chosen={value} />
        ))}
      {[...new Set(choices.flatMap(({ group }) => group ?? []))].map((group) => (
        <optgroup label={group}>
          {choices
            .filter((choice) => choice.group === group)
            .map((choice) => (
              <Option {...choice} chosen={value} />
            ))}
        </optgroup>
      ))}
    </select>
  </Field>
)

const Option = ({ value, text, disabled, chosen }: Choice & { chosen: string | undefined }) => (
  <option value={value} selected={value === chosen} disabled={disabled}>
    {text}
  </option>
)

/** One tick. It sends `on` or nothing. */
export const Tick = ({ label, name, hint, checked }: FieldProps & { checked?: boolean }) => (
  <div class="tick">
    <input
      id={name}
      name={name}
      type="checkbox"
      checked={checked}
      aria-describedby={hint ? `${name}-hint` : undefined}
    />
    <label for={name}>{label}</label>
    {hint && (
      <p class="hint" id={`${name}-hint`}>
        {hint}
      </p>
    )}
  </div>
)

/** One of a few, all in sight. */
export const Radios = ({
  label,
  name,
  value,
  choices,
}: {
  label: string
  name: string
  value?: string
  choices: readonly Choice[]
}) => (
  <fieldset class="radios">
    <legend>{label}</legend>
    {choices.map((choice) => (
      <label>
        <input type="radio" name={name} value={choice.value} checked={choice.value === value} /> {choice.text}
      </label>
    ))}
  </fieldset>
)

function describedBy({ name, hint, error, check }: FieldProps): string | undefined {
  const ids = [...(hint ? [`${name}-hint`] : []), ...(error || check ? [`${name}-error`] : [])]
  return ids.length > 0 ? ids.join(' ') : undefined
}

/** Appears with the first typed change and goes with the last; leaving asks once (FEATURES 8.1). */
export const SaveBar = ({ save = 'Save', children }: { save?: string; children?: Child }) => (
  <div class="save-bar">
    <span>Unsaved changes</span>
    {children}
    <button type="reset">Discard</button>
    <button type="submit" class="primary">
      {save}
    </button>
  </div>
)
