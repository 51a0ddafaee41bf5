import { PlaceLink } from '#views/place-link.tsx'
import { RowButton } from './button.tsx'
import type { AccountLine, Place } from './line.ts'

/** The company an account is mapped to, or what is suggested. */
export const Chosen = ({ line, acts }: { line: AccountLine; acts: boolean }) => (
  <>
    {line.company ? <PlaceLink screen="company" place={line.company} /> : <span class="quiet">none</span>}
    {acts && line.suggestion && <Suggested line={line} suggestion={line.suggestion} />}
  </>
)

/** What gives the company has the id of the picker that comes with it, so that the focus goes on there. */
const nextPicker = 'agreement'

/** Mapping to the company the list was opened for, with one press. */
export const Offered = ({ line, offer }: { line: AccountLine; offer: Place }) => (
  <RowButton line={line} path="/mappings/company" vals={{ company: String(offer.id) }} id={nextPicker}>
    Map to {offer.name}
    <span class="visually-hidden">: {line.name}</span>
  </RowButton>
)

const Suggested = ({ line, suggestion }: { line: AccountLine; suggestion: NonNullable<AccountLine['suggestion']> }) => (
  <p>
    <span class="badge changed">
      <span aria-hidden="true">✦</span> Suggested
    </span>{' '}
    {suggestion.name} <span class="quiet small">{suggestion.identifier}</span>{' '}
    <span class="quiet small">
      {suggestion.score}: {suggestion.reason}
    </span>{' '}
    <RowButton line={line} path="/mappings/company" vals={{ company: String(suggestion.company) }} id={nextPicker}>
      Accept
      <span class="visually-hidden">
        {' '}
        {suggestion.name} for {line.name}
      </span>
    </RowButton>
  </p>
)
