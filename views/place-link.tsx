import type { Place } from '#views/mapping/line.ts'
import { ToBeMade } from './badge.tsx'
import { RecordLink } from './screen.tsx'

/** A company or agreement by its name, a way to it where the viewer may go there, and whether it is still to be made. */
export const PlaceLink = ({ screen, place }: { screen: 'company' | 'agreement'; place: Place }) => (
  <>
    {place.href ? (
      <RecordLink screen={screen} id={place.id} href={place.href}>
        {place.name}
      </RecordLink>
    ) : (
      place.name
    )}
    {place.detail && <span class="quiet small"> {place.detail}</span>}
    {place.toBeMade && (
      <>
        {' '}
        <ToBeMade />
      </>
    )}
  </>
)
