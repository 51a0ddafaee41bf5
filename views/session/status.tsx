import type { Counts } from '#billing/summary.ts'
import { State } from '#views/badge.tsx'
import { Layout } from '#views/layout.tsx'
import { Empty, Notice } from '#views/notice.tsx'

export interface TenantStatus {
  id: string
  company: string
  state: 'connected' | 'attention' | 'disconnected'
  stateCause?: string
  mode: 'observe' | 'live' | 'reconcile'
  mappings: number
  included: number
  /** Instants are said in the tenant's zone. */
  lastRun?: { id: string; state: string; startedAt: string; cause?: string; requests: number; counts?: Counts }
  waiting?: { id: string; createdAt: string }
}

/** Everything an operator sees at one look; without tenants when only this machine may see them. */
export const StatusPage = ({ tenants }: { tenants: readonly TenantStatus[] | 'hidden' }) => (
  <Layout title="TrueUp">
    <h1>TrueUp</h1>
    {tenants === 'hidden' ? (
      <Notice kind="info" title="This page shows customers’ data, so it is shown only on this machine.">
        <p>
          Listen on <code>HOST=127.0.0.1</code>, without a <code>PUBLIC_URL</code> that leads here from elsewhere, and
          open it there.
        </p>
      </Notice>
    ) : tenants.length === 0 ? (
      <Empty kind="connection" title="No ConnectWise is connected yet.">
        <p>
          <a href="/operator">Connect one</a>, or type <code>trueup connect</code>.
        </p>
      </Empty>
    ) : (
      tenants.map((tenant) => <TenantCard {...tenant} />)
    )}
  </Layout>
)

const modes = {
  observe: 'observing: plans are made, nothing is written until a first plan is approved',
  live: 'live',
  reconcile: 'restored from a backup: nothing is written until it is reconciled',
}

const TenantCard = (tenant: TenantStatus) => (
  <section aria-labelledby={`tenant-${tenant.id}`}>
    <h2 id={`tenant-${tenant.id}`}>{tenant.company}</h2>
    <dl>
      <dt>Connection</dt>
      <dd>
        <State state={tenant.state} /> {tenant.stateCause}
      </dd>
      <dt>Mode</dt>
      <dd>{modes[tenant.mode]}</dd>
      <dt>Mappings</dt>
      <dd>
        {tenant.mappings}, {tenant.included} of them included
      </dd>
      <dt>Last run</dt>
      <dd>{tenant.lastRun ? <LastRun {...tenant.lastRun} /> : 'Never run'}</dd>
      <dt>Waiting plan</dt>
      <dd>
        {tenant.waiting ? (
          <>
            <code>{tenant.waiting.id}</code> since {tenant.waiting.createdAt}
          </>
        ) : (
          'None'
        )}
      </dd>
    </dl>
  </section>
)

const LastRun = ({ state, startedAt, cause, requests, counts }: NonNullable<TenantStatus['lastRun']>) => (
  <>
    <p>
      <State state={state} /> {startedAt}, {requests} requests{cause ? `: ${cause}` : ''}
    </p>
    {counts && (
      <ul class="counts">
        {Object.entries(counts).map(([outcome, n]) => (
          <li>
            <b>{n}</b> {outcome}
          </li>
        ))}
      </ul>
    )}
  </>
)
