import { SaveBar } from './field.tsx'
import { hx } from './hx.ts'

/** What is wrong in a form, by field name. */
export type Errors = Readonly<Record<string, string>>

/** Above a form that was refused: takes the focus, names each field; the fields say the same (FEATURES 8.6). */
export const ErrorSummary = ({ errors, labels }: { errors: Errors; labels: Readonly<Record<string, string>> }) => {
  const wrong = Object.entries(errors)
  if (wrong.length === 0) return null
  return (
    <div class="notice error" role="alert" tabindex={-1} data-refusal>
      <span class="sign" aria-hidden="true">
        ✕
      </span>
      <div>
        <p class="title">
          {wrong.length === 1
            ? 'One field needs a change; nothing was saved.'
            : `${wrong.length} fields need a change; nothing was saved.`}
        </p>
        <ul>
          {wrong.map(([name, message]) => (
            <li>
              {labels[name] ?? name}: {message}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

/** For `data-edits`: what was refused is still unsaved, although it is what the form was drawn with. */
export const editsOf = (errors: Errors): string => (Object.keys(errors).length === 0 ? '' : 'refused')

/** The save bar; after a refusal Discard reads the stored values of `part` again from the page at `path`. */
export const EditsBar = ({ save, errors, path, part }: { save: string; errors: Errors; path: string; part: string }) =>
  editsOf(errors) === '' ? (
    <SaveBar save={save} />
  ) : (
    <div class="save-bar">
      <span>Not saved</span>
      <button type="button" {...hx({ get: path, target: part, select: part, swap: 'outerHTML' })}>
        Discard
      </button>
      <button type="submit" class="primary">
        {save}
      </button>
    </div>
  )
