/** What is wrong in a form, by field name. */
export type Errors = Readonly<Record<string, string>>

/** Above a form that was refused: takes the focus, names each field; the fields say the same (FEATURES 8.6). */
export const ErrorSummary = ({ errors, labels }: { errors: Errors; labels: Readonly<Record<string, string>> }) => {
  const wrong = Object.entries(errors)
  if (wrong.length === 0) return null
  return (
    <div class="notice error" role="alert" tabindex={-1} autofocus>
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
