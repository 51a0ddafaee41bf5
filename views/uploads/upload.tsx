import { type Choice, Radios, SelectField, TextField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { HubScreen, type Standing } from '#views/screen.tsx'

interface UploadProps {
  standing: Standing
  source: { id: string; name: string }
  /** This month and those before it. */
  months: readonly Choice[]
  period: string
  today: string
}

/** A file of a source: chosen, previewed, imported. The preview comes into the form, so that its choices are sent as well. */
export const UploadScreen = ({ standing, source, months, period, today }: UploadProps) => (
  <HubScreen standing={standing} place="/mappings" title={`Upload a file: ${source.name}`}>
    <form
      class="card"
      id="upload-form"
      enctype="multipart/form-data"
      {...hx({
        post: `/sources/${source.id}/preview`,
        target: '#preview',
        swap: 'innerHTML',
        sync: 'this:replace',
      })}
    >
      <div class="field">
        <label for="file">File</label>
        <input
          id="file"
          name="file"
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          required
          data-most-bytes="10000000"
          aria-describedby="file-hint"
        />
        <p class="hint" id="file-hint">
          CSV with the names of its columns in the first row, at most 10 MB. One number a row, or one user a row.
        </p>
      </div>
      <div class="fields">
        <SelectField label="Month it is for" name="period" value={period} choices={months} />
        <TextField label="Day it was counted on" name="takenOn" type="date" value={today} />
      </div>
      <Radios
        label="Does it list every account?"
        name="complete"
        value="complete"
        choices={[
          { value: 'complete', text: 'Yes, every account: numbers may go up and down.' },
          { value: 'partial', text: 'No, only some: numbers may go up, nothing is lowered or cancelled.' },
        ]}
      />
      <div class="actions">
        <button type="submit">Preview</button>
        <span class="hint">Nothing is stored before you import it.</span>
      </div>
      <div id="preview" />
    </form>
  </HubScreen>
)
