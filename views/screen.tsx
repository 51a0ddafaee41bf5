import type { Child } from 'hono/jsx'
import { NeedsAgreementType } from './agreement-type.tsx'
import { Badge, State } from './badge.tsx'
import { NeedsAttention, NotConnected } from './connection.tsx'
import { hx } from './hx.ts'
import { Notice } from './notice.tsx'

/** Who looks and how their tenant stands, for what surrounds every screen. */
export interface Standing {
  role: 'technician' | 'finance' | 'admin'
  /** The tenant's ConnectWise company id. */
  company: string
  state: 'connected' | 'attention' | 'disconnected'
  stateCause?: string
  /** With its zone. */
  stateSince?: string
  /** Why nothing runs, in words, while TrueUp is switched off. */
  disabled?: string
  /** A source states invoice lines, and no agreement type is chosen for them (K14). */
  lacksAgreementType?: true
}

/** The content of `#main`: a title, one heading that takes the focus, and what there is to do. */
export const Screen = ({ title, actions, children }: { title: string; actions?: Child; children?: Child }) => (
  <>
    <title>{`${title} – TrueUp`}</title>
    <header class="screen">
      <h1 tabindex={-1}>{title}</h1>
      {actions && <div class="actions">{actions}</div>}
    </header>
    {children}
  </>
)

const places = [
  { path: '/dashboard', text: 'Dashboard', needs: 'any' },
  { path: '/mappings', text: 'Mapping', needs: 'any' },
  { path: '/plans', text: 'Plans', needs: 'any' },
  { path: '/runs', text: 'Runs', needs: 'any' },
  { path: '/logs', text: 'Logs', needs: 'any' },
  { path: '/settings/authentication', text: 'Settings', needs: 'admin' },
  { path: '/help', text: 'Help', needs: 'any' },
] as const

type Place = (typeof places)[number]['path']

/** A screen of the hub: the way to the others above it. In a pod there is a way back instead. */
export const HubScreen = ({
  standing,
  place,
  title,
  actions,
  children,
}: {
  standing: Standing
  place: Place
  title: string
  actions?: Child
  children?: Child
}) => (
  <>
    <nav class="hub" aria-label="TrueUp">
      <ul>
        {places
          .filter(({ needs }) => needs === 'any' || needs === standing.role)
          .map(({ path, text }) => (
            <li>
              <GoTo path={path} current={path === place}>
                {text}
              </GoTo>
            </li>
          ))}
      </ul>
      <button type="button" class="back" data-back>
        <span aria-hidden="true">‹</span> Back
      </button>
      <p class="standing">
        {standing.company} <State state={standing.state} />{' '}
        {standing.disabled && <Badge kind="off">Switched off</Badge>}
      </p>
    </nav>
    {isClosed(standing, place) ? (
      <Screen title={title}>
        <NotConnected role={standing.role} />
      </Screen>
    ) : (
      <Screen title={title} actions={actions}>
        {standing.state === 'attention' && <NeedsAttention {...standing} />}
        {standing.disabled && <Notice kind="warning" title={standing.disabled} />}
        <NeedsAgreementType {...standing} />
        {children}
      </Screen>
    )}
  </>
)

/** Without keys there is nothing but the way to connect, and help (K13). */
const isClosed = ({ state }: Standing, place: Place): boolean =>
  state === 'disconnected' && place !== '/settings/authentication' && place !== '/help'

/** A way to another screen of ours, in the same frame. */
export const GoTo = ({ path, current, children }: { path: string; current?: boolean; children?: Child }) => (
  <button
    type="button"
    class="link"
    aria-current={current ? 'page' : undefined}
    {...hx({ get: path, target: '#main', swap: 'innerHTML' })}
  >
    {children}
  </button>
)

/** A record in ConnectWise, opened by the host where it can, else in a new window. */
export const RecordLink = ({
  screen,
  id,
  href,
  children,
}: {
  screen: 'company' | 'agreement'
  id: number
  href: string
  children?: Child
}) => (
  <a href={href} target="_blank" rel="noopener noreferrer" data-open={screen} data-id={String(id)}>
    {children}
  </a>
)
