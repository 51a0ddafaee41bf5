import type { Child } from 'hono/jsx'

/** The page around every screen. */
export const Layout = ({ title, children }: { title: string; children?: Child }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{title}</title>
      <link rel="stylesheet" href="/app.css" />
    </head>
    <body>
      <main>{children}</main>
    </body>
  </html>
)
