import { type Child, createContext, useContext } from 'hono/jsx'
import { Nonce } from './hx.ts'

/** Names this build in the addresses of its script and style sheet, so that browsers may keep them; '' asks each time. */
export const Release = createContext('')

const htmxConfig = JSON.stringify({
  extensions: 'hx-csp',
  history: false,
  includeIndicatorCSS: false,
  defaultTimeout: 60_000,
})

interface LayoutProps {
  title: string
  /** Of the body: `pod` or `tab` for a frame. */
  kind?: string
  /** Further attributes of the body. */
  frame?: Record<`data-${string}`, string | undefined>
  /** While what belongs into it is still read. */
  busy?: boolean
  children?: Child
}

/** The page around every screen: its script, the places where messages appear, and the one dialog. */
export const Layout = ({ title, kind, frame, busy, children }: LayoutProps) => {
  const release = useContext(Release)
  const version = release && `?v=${release}`
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content={htmxConfig} />
        <title>{title}</title>
        <link rel="icon" href="/icon.svg" />
        <link rel="stylesheet" href={`/app.css${version}`} />
        <script defer nonce={useContext(Nonce)} src={`/app.js${version}`} />
        {/* A script waits for the style sheet, and the body for the script: nothing is laid out unstyled, so nothing moves. */}
        <script nonce={useContext(Nonce)}>0</script>
      </head>
      <body class={kind} {...frame}>
        <div id="notice" role="alert" />
        <p id="live" role="status" class="visually-hidden" />
        <main id="main" aria-busy={busy ? 'true' : undefined}>
          {children}
        </main>
        <Question />
      </body>
    </html>
  )
}

/** Filled by public/say.js: browsers may refuse `confirm` in a frame. */
const Question = () => (
  <dialog id="ask" aria-labelledby="question">
    <p id="question" />
    <div class="actions">
      <button type="button" value="">
        Cancel
      </button>
      <button type="button" value="yes" class="primary">
        Continue
      </button>
    </div>
  </dialog>
)
