import { hx } from '#views/hx.ts'

/** Who is in the number a mapping reads: read when it is opened. */
export const WhoIsIn = ({ mapping, account }: { mapping: string; account?: string }) => (
  <details class="more" {...hx({ get: `/mappings/${mapping}/people`, trigger: 'toggle once', target: 'find div' })}>
    <summary>Who is in this number{account ? ` (${account})` : ''}</summary>
    <div id={`people-${mapping}`} />
  </details>
)
