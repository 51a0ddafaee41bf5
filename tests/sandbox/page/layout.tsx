import type { Child } from 'hono/jsx'
import type { Viewer } from './viewer.ts'

export interface LayoutProps {
  title: string
  viewer: Viewer
  viewers: readonly Viewer[]
  /** Path and query of this page, to come back to after logging in. */
  here: string
  children?: Child
}

const places: readonly (readonly [string, string])[] = [
  ['/today', 'Today'],
  ['/companies', 'Companies'],
  ['/agreements', 'Agreements'],
]

/** The page around every screen: where one can go, and who one is. */
export const Layout = ({ title, viewer, viewers, here, children }: LayoutProps) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{`${title} · Sandbox Manage`}</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="/page.css" />
      <script type="module" src="/page.js" />
    </head>
    <body>
      <header class="bar">
        <p class="brand">Sandbox Manage</p>
        <nav aria-label="Screens">
          {places.map(([path, name]) => (
            <a href={path} {...(here.startsWith(path) && { 'aria-current': 'page' as const })}>
              {name}
            </a>
          ))}
        </nav>
        <Switcher viewer={viewer} viewers={viewers} here={here} />
      </header>
      {children}
    </body>
  </html>
)

const Switcher = ({ viewer, viewers, here }: Pick<LayoutProps, 'viewer' | 'viewers' | 'here'>) => (
  <form method="post" action="/member" class="member">
    <input type="hidden" name="back" value={here} />
    <label for="member">Member</label>
    <select id="member" name="member">
      {viewers.map(({ identifier, name, role }) => (
        <option value={identifier} selected={identifier === viewer.identifier}>
          {`${name} (${role})`}
        </option>
      ))}
    </select>
    <button type="submit">Log in</button>
  </form>
)
