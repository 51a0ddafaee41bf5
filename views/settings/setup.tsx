import type { Child } from 'hono/jsx'
import { hx } from '#views/hx.ts'
import { GoTo, HubScreen, type Standing } from '#views/screen.tsx'
import { type ConnectionProps, ConnectionSection, RightsSection, ScreensSection } from './authentication.tsx'
import { type ConfigurationProps, ConfigurationSection } from './configuration.tsx'
import { type ScheduleProps, ScheduleSection } from './schedule.tsx'
import { type SourcesProps, SourcesSection } from './sources.tsx'

export const steps = {
  credentials: 'Credentials',
  configuration: 'Configuration',
  sources: 'Sources',
  mapping: 'Mapping',
  review: 'Review',
} as const

export type Step = keyof typeof steps

export interface SetupProps {
  standing: Standing
  step: Step
  done: readonly Step[]
}

/** One step of the way, with the line of all steps; each can be left and come back to (S1). */
export const SetupScreen = ({ standing, step, done, children }: SetupProps & { children?: Child }) => {
  const names = Object.keys(steps) as Step[]
  const next = names[names.indexOf(step) + 1]
  return (
    <HubScreen standing={standing} place="/settings/authentication" title={`Set-up: ${steps[step]}`}>
      <ol class="steps" aria-label="Steps of the set-up">
        {names.map((name) => (
          <li class={done.includes(name) ? 'done' : undefined} aria-current={name === step ? 'step' : undefined}>
            <GoTo path={`/setup/${name}`}>{steps[name]}</GoTo>
            {done.includes(name) && <span class="visually-hidden">, done</span>}
          </li>
        ))}
      </ol>
      {children}
      {next && (
        <div class="actions">
          <button
            type="button"
            class={done.includes(step) ? 'primary' : undefined}
            {...hx({ get: `/setup/${next}`, target: '#main', swap: 'innerHTML' })}
          >
            Next: {steps[next]}
          </button>
        </div>
      )}
    </HubScreen>
  )
}

export const CredentialsStep = ({ setup, connection }: { setup: SetupProps; connection: ConnectionProps }) => (
  <SetupScreen {...setup}>
    <ConnectionSection {...connection} inSetup />
    <RightsSection />
    <ScreensSection />
  </SetupScreen>
)

export const ConfigurationStep = (props: {
  setup: SetupProps
  observing: boolean
  schedule: ScheduleProps
  configuration: ConfigurationProps
}) => (
  <SetupScreen {...props.setup}>
    {props.observing && (
      <p>Until a first plan is approved, runs by schedule only plan: nothing is written, whatever is chosen here.</p>
    )}
    <ScheduleSection {...props.schedule} />
    <ConfigurationSection {...props.configuration} />
  </SetupScreen>
)

export const SourcesStep = (props: { setup: SetupProps; sources: SourcesProps; configuration: ConfigurationProps }) => (
  <SetupScreen {...props.setup}>
    <SourcesSection {...props.sources} />
    <ConfigurationSection {...props.configuration} />
  </SetupScreen>
)
