import type { Child } from 'hono/jsx'
import { GoTo, HubScreen, type Standing } from '#views/screen.tsx'

const pages = {
  '/settings/authentication': 'Authentication',
  '/settings/configuration': 'Configuration',
  '/settings/sources': 'Sources',
  '/settings/schedule': 'Schedule',
  '/settings/approvals': 'Approvals',
  '/settings/roles': 'Roles',
  '/settings/dictionary': 'Dictionary',
} as const

export type SettingsPage = keyof typeof pages

/** One page of the settings, with the way to the others (K17: role admin). */
export const SettingsScreen = ({
  standing,
  at,
  children,
}: {
  standing: Standing
  at: SettingsPage
  children?: Child
}) => (
  <HubScreen standing={standing} place="/settings/authentication" title={`Settings: ${pages[at]}`}>
    <nav class="tabs" aria-label="Settings">
      {Object.entries(pages).map(([path, text]) => (
        <GoTo path={path} current={path === at}>
          {text}
        </GoTo>
      ))}
      <GoTo path="/setup">Set-up guide</GoTo>
    </nav>
    {children}
  </HubScreen>
)
