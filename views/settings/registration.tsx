import { Badge, type BadgeKind } from '#views/badge.tsx'
import { Notice } from '#views/notice.tsx'
import { Table } from '#views/table.tsx'

/** One tab or pod of ours in ConnectWise, and what became of it. */
export interface RegisteredRow {
  screen: string
  type: string
  description: string
  url: string
  origin: string
  podHeight?: number | undefined
  state: 'known' | 'added' | 'changed' | 'byHand' | 'refused' | 'unknown'
  cause?: string
}

export interface RegistrationProps {
  rows: readonly RegisteredRow[]
  notOffered: readonly string[]
  doubled: readonly number[]
}

const words: Record<RegisteredRow['state'], [BadgeKind, string]> = {
  known: ['good', 'Registered'],
  added: ['good', 'Registered now'],
  changed: ['good', 'Corrected now'],
  byHand: ['wait', 'To do by hand'],
  refused: ['bad', 'Refused'],
  unknown: ['unknown', 'Not known; register again'],
}

/** What is registered in ConnectWise, and what a person still has to type there. */
export const Registration = ({ rows, notOffered, doubled }: RegistrationProps) => (
  <>
    <Table caption="Tabs and pods" columns={[{ text: 'Screen' }, { text: 'As' }, { text: 'State' }]}>
      <tbody>
        {rows.map(({ screen, type, state, cause }) => (
          <tr>
            <td>{screen}</td>
            <td>{type}</td>
            <td>
              <Badge kind={words[state][0]}>{words[state][1]}</Badge>
              {cause && <p class="reason">{cause}</p>}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
    {notOffered.map((screen) => (
      <NotOffered screen={screen} />
    ))}
    {doubled.length > 0 && (
      <Notice kind="warning" title="Something is registered twice.">
        <p>
          Remove {doubled.map((id) => `setup ${id}`).join(', ')} under Setup Tables › General › Manage Hosted API;
          TrueUp removes nothing there.
        </p>
      </Notice>
    )}
    <ByHand rows={rows.filter(({ state }) => state === 'byHand' || state === 'refused')} />
  </>
)

const NotOffered = ({ screen }: { screen: string }) => (
  <Notice kind="info" title={`This ConnectWise offers no ${screen} screen to others.`}>
    {screen === 'Agreement' && <p>The Company tab shows the agreements instead.</p>}
  </Notice>
)

/** The exact rows to type, each value in a box of its own that selects as a whole. */
const ByHand = ({ rows }: { rows: readonly RegisteredRow[] }) =>
  rows.length === 0 ? null : (
    <section class="card" aria-labelledby="by-hand">
      <h2 id="by-hand">To type by hand</h2>
      <p>
        The API member may not register these: give its role System › Table Setup › General / Manage Hosted API and
        register again, or type them under System › Setup Tables › General › Manage Hosted API.
      </p>
      {rows.map(({ screen, type, description, url, origin, podHeight }) => (
        <dl>
          <dt>Screen, type</dt>
          <dd>
            {screen}, {type}
          </dd>
          <dt>Description</dt>
          <dd>
            <code class="selectable">{description}</code>
          </dd>
          <dt>URL</dt>
          <dd>
            <code class="selectable">{url}</code>
          </dd>
          <dt>Origin</dt>
          <dd>
            <code class="selectable">{origin}</code>
          </dd>
          {podHeight !== undefined && (
            <>
              <dt>Pod height</dt>
              <dd>{podHeight}</dd>
            </>
          )}
        </dl>
      ))}
    </section>
  )
