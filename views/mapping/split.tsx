import { Combobox } from '#views/combobox.tsx'
import { TextField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'

export interface SplitProps {
  id: string
  version: string
  agreement: number
  source: string
  /** How much this addition takes at most, as offered or as typed. */
  here: string
  /** What takes the rest: offered where there is one other addition of the product. */
  target?: { id: string; text: string }
  error?: string
}

/** One count on two additions: at most so many here, the rest on another one (V12, E1). */
export const SplitForm = ({ id, version, agreement, source, here, target, error }: SplitProps) => (
  <section class="card" id="split" aria-labelledby="split-title">
    <h2 id="split-title">Two additions for one count</h2>
    <form {...hx({ post: `/mappings/${id}/splits`, target: '#main', swap: 'innerHTML' })}>
      <input type="hidden" name="version" value={version} />
      <TextField
        label="Here at most"
        name="here"
        value={here}
        hint="What is above this goes to the other addition."
        {...(error === undefined ? {} : { error })}
      />
      <Combobox
        id="split-target"
        label="The rest goes to"
        name="target"
        source={`/pickers/additions?${new URLSearchParams({ agreement: String(agreement), source })}`}
        value={target?.id ?? ''}
        text={target?.text ?? ''}
        placeholder="Search additions and products"
      />
      <div class="actions">
        <button type="submit">Split over another addition</button>
      </div>
    </form>
  </section>
)
