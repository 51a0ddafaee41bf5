import { Layout } from '#views/layout.tsx'

export type ShellScreen = 'company' | 'agreement' | 'hub'

export interface ShellProps {
  screen: ShellScreen
  kind: 'pod' | 'tab'
  /** The tenant's slug and its web origin, as in the address and in `frame-ancestors`. */
  tenant: string
  host: string
  /** The path that is read first; absent: the host has to say which record it shows. */
  at?: string
  /** Why there is none. */
  problem?: string
}

const titles = { company: 'Company', agreement: 'Agreement', hub: 'Dashboard' }

/** What is in a frame before anybody is known: headings and the shape of what comes, nothing of a tenant (TRUST 7.1). */
export const Shell = ({ screen, kind, tenant, host, at, problem }: ShellProps) => (
  <Layout
    title={`${titles[screen]} – TrueUp`}
    kind={kind}
    frame={{ 'data-tenant': tenant, 'data-host': host, 'data-screen': screen, 'data-at': at }}
    busy={problem === undefined}
  >
    <header class="screen">
      <h1 tabindex={-1}>{titles[screen]}</h1>
    </header>
    {problem === undefined ? <Skeleton screen={screen} /> : <p>{problem}</p>}
  </Layout>
)

const Skeleton = ({ screen }: { screen: ShellScreen }) => (
  <>
    <p class="visually-hidden">Loading …</p>
    <div class="skeleton" aria-hidden="true">
      <div class="bar short" />
      {screen === 'hub' && <div class="bar tall" />}
      {[1, 2, 3, 4].map(() => (
        <>
          <div class="bar" />
          <div class="bar half" />
        </>
      ))}
    </div>
  </>
)
