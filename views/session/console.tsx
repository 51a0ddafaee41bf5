import type { Child } from 'hono/jsx'
import { Layout } from '#views/layout.tsx'

/** A page of the operator, at the top level: the same script and look as the screens inside ConnectWise. */
export const ConsolePage = ({ title, children }: { title: string; children?: Child }) => (
  <Layout title={`${title} – TrueUp`} kind="tab">
    <header class="screen">
      <h1 tabindex={-1}>{title}</h1>
    </header>
    {children}
  </Layout>
)
