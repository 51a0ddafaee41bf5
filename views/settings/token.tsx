import { Announce, Notice } from '#views/notice.tsx'

export interface ShownToken {
  source: string
  token: string
  /** The month and the instant of the example. */
  month: string
  takenAt: string
}

/** The token with a line to try it; nobody can show it again. */
export const Token = ({ source, token, address, month, takenAt }: ShownToken & { address: string }) => {
  const body = {
    kind: 'counts',
    period: month,
    takenAt,
    complete: false,
    accounts: [{ id: 'A-1', name: 'Example Ltd', counts: [{ metric: 'users', quantity: 1 }] }],
  }
  return (
    <Notice kind="good" title={`The token of ${source}, shown only now:`}>
      <code class="selectable">{token}</code>
      <p>The platform sends its counts with it. To try it on a command line:</p>
      <pre class="selectable">
        {`curl ${address} \\\n  -H 'Authorization: Bearer ${token}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(body)}'`}
      </pre>
      <Announce>A token was made; copy it now.</Announce>
    </Notice>
  )
}
