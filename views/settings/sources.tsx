import { SelectField, TextField } from '#views/field.tsx'
import { hx } from '#views/hx.ts'
import { Announce, Empty } from '#views/notice.tsx'
import { GoTo, type Standing } from '#views/screen.tsx'
import { SettingsScreen } from './settings.tsx'
import { Source, type SourceLine } from './source-line.tsx'
import { type ShownToken, Token } from './token.tsx'

export interface SourcesProps {
  sources: readonly SourceLine[]
  /** Where the platform sends its snapshots. */
  address: string
  /** Shown this once. */
  token?: ShownToken
  error?: string
  typed?: string
  kind?: string
  /** What a picker just saved. */
  saved?: string
}

export const SourcesScreen = ({ standing, ...sources }: { standing: Standing } & SourcesProps) => (
  <SettingsScreen standing={standing} at="/settings/sources">
    <SourcesSection {...sources} />
  </SettingsScreen>
)

/** The platforms that say what was delivered, with the age of what they said. */
export const SourcesSection = ({ sources, address, token, error, typed, kind, saved }: SourcesProps) => (
  <section class="card" id="sources" aria-labelledby="sources-title">
    <h2 id="sources-title">Sources</h2>
    {saved && <Announce>{saved}</Announce>}
    {token && <Token {...token} address={address} />}
    {sources.length === 0 ? (
      <Empty kind="connection" title="No source yet.">
        <p>A source is the platform that knows how many users or subscriptions each customer has.</p>
      </Empty>
    ) : (
      <ul class="lines">
        {sources.map((source) => (
          <Source {...source} />
        ))}
      </ul>
    )}
    <form {...hx({ post: '/settings/sources', target: '#sources', swap: 'outerHTML' })}>
      <h3>Add a source</h3>
      <SelectField label="How its numbers come" name="kind" value={kind ?? 'push'} choices={ways} />
      <TextField
        label="Name"
        name="name"
        required
        hint="As your people call the platform"
        value={typed ?? ''}
        {...(error ? { error } : {})}
      />
      <div class="actions">
        <button type="submit">Add source</button>
        <GoTo path="/settings/platform">Or a platform whose API TrueUp asks</GoTo>
      </div>
    </form>
  </section>
)

const ways = [
  { value: 'push', text: 'The platform pushes them, with a token' },
  { value: 'csv', text: 'People upload files (CSV)' },
]
