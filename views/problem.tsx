import { Layout } from './layout.tsx'
import { Notice } from './notice.tsx'

export const ProblemPage = ({ status, message, reference }: { status: number; message: string; reference: string }) => (
  <Layout title={`TrueUp: ${status}`}>
    <h1>That did not work</h1>
    <p>{message}</p>
    <p class="quiet">Reference {reference}</p>
  </Layout>
)

/** What went wrong, above the screen it happened on. */
export const ProblemNotice = (props: {
  status: number
  message: string
  places: readonly { path: string; message: string }[]
  reference: string
}) => (
  <Notice kind="error" title={props.message}>
    {props.places.length > 1 && (
      <ul>
        {props.places.map(({ path, message }) => (
          <li>
            {path}: {message}
          </li>
        ))}
      </ul>
    )}
    {props.status >= 500 && <p class="quiet">Reference {props.reference}</p>}
  </Notice>
)
