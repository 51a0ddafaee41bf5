import { LinesClosed } from '#views/agreement-type.tsx'
import { MappingTabs } from '#views/mapping/mapping.tsx'
import { HubScreen, type Standing } from '#views/screen.tsx'

/** Hub › Mapping › Invoice lines, until an agreement type is chosen (K14). */
export const ClosedScreen = ({ standing }: { standing: Standing }) => (
  <HubScreen standing={standing} place="/mappings" title="Mapping: invoice lines">
    <MappingTabs current="/lines" />
    <LinesClosed role={standing.role} />
  </HubScreen>
)
