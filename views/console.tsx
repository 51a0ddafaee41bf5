import { type Child, useContext } from 'hono/jsx'
import { Nonce } from './hx.ts'

const config = JSON.stringify({ extensions: 'hx-csp', includeIndicatorCSS: false, history: false })

/** A page of the operator, at the top level: the same script and look as the screens inside ConnectWise. */
export const ConsolePage = ({ title, children }: { title: string; children?: Child }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="htmx-config" content={config} />
      <title>{`${title} – TrueUp`}</title>
      <link rel="stylesheet" href="/app.css" />
      <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      <script src="/app.js" defer nonce={useContext(Nonce)} />
    </head>
    <body class="tab">
      <div id="notice" role="alert" />
      <p id="live" class="visually-hidden" role="status" />
      <main id="main">
        <header class="screen">
          <h1 tabindex={-1}>{title}</h1>
        </header>
        {children}
      </main>
    </body>
  </html>
)
