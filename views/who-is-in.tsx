import { hx } from './hx.ts'

/** Who is in an account's number: read when it is opened. */
export const WhoIsIn = ({ path, account }: { path: string; account?: string }) => (
  <details class="more" {...hx({ get: path, trigger: 'toggle once', target: 'find div', swap: 'innerHTML' })}>
    <summary>Who is in this number{account ? ` (${account})` : ''}</summary>
    <div />
  </details>
)
