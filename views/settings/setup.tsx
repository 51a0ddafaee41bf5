import type { Child } from 'hono/jsx'
import { Badge } from '#views/badge.tsx'
import { hx } from '#views/hx.ts'
import { Notice } from '#views/notice.tsx'
import { GoTo, HubScreen, type Standing } from '#views/screen.tsx'
import { type ConnectionProps, ConnectionSection, RightsSection, ScreensSection } from './authentication.tsx'
import { type ConfigurationProps, ConfigurationSection } from './configuration.tsx'
import { PrerequisiteRecipes } from './recipes.tsx'
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
const SetupScreen = ({ standing, step, done, children }: SetupProps & { children?: Child }) => {
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

export interface MappingStepProps {
  accounts: number
  companyOnly: number
  unmapped: number
  mappings: number
  included: number
  parked: number
  withoutAddition: number
  /** Names of sources without a product of their own. */
  withoutProduct: readonly string[]
}

export const MappingStep = ({ setup, ...counts }: MappingStepProps & { setup: SetupProps }) => (
  <SetupScreen {...setup}>
    <section class="card" aria-labelledby="mapped">
      <h2 id="mapped">Who is billed where</h2>
      <dl>
        <dt>Accounts the sources named</dt>
        <dd>{counts.accounts}</dd>
        <dt>Mappings</dt>
        <dd>
          {counts.mappings}, {counts.included} of them included
        </dd>
        <dt>Not mapped</dt>
        <dd>{counts.unmapped}</dd>
      </dl>
      <p>An account is billed only when it is mapped and included; everything starts excluded.</p>
      <div class="actions">
        <button
          type="button"
          class={counts.included === 0 ? 'primary' : undefined}
          {...hx({ get: '/mappings', target: '#main', swap: 'innerHTML' })}
        >
          Open Mapping
        </button>
      </div>
    </section>
    <section class="card" aria-labelledby="missing">
      <h2 id="missing">What may be missing in ConnectWise</h2>
      <ul class="lines">
        <Check ok={counts.withoutProduct.length === 0} title="Product">
          {counts.withoutProduct.length === 0
            ? 'Each source has its product.'
            : `${counts.withoutProduct.join(', ')}: no product chosen, so pickers offer the whole catalogue.`}
        </Check>
        <Check ok={counts.companyOnly === 0} title="Agreement">
          {counts.companyOnly === 0
            ? 'Each account with a company has its agreement.'
            : `${counts.companyOnly} with a company have no agreement and addition yet.`}
        </Check>
        <Check ok={counts.withoutAddition === 0} title="Addition">
          {counts.withoutAddition === 0
            ? 'Each included mapping has its addition.'
            : `${counts.withoutAddition} found none yet: an ongoing one of the product is taken over, else making one is asked.`}
        </Check>
        <Check ok={counts.parked === 0} title="Parked">
          {counts.parked === 0 ? 'Nothing is parked.' : `${counts.parked} have to be mapped again.`}
        </Check>
      </ul>
      <p>
        By hand in ConnectWise, as below, or by TrueUp with the next approved plan: “Create …” stands beside each picker
        of <GoTo path="/mappings?status=unmapped">accounts that are not mapped</GoTo> and of{' '}
        <GoTo path="/mappings/products">SKUs without a product</GoTo>. Settings › Configuration says what may be made.
      </p>
      <PrerequisiteRecipes />
    </section>
  </SetupScreen>
)

const Check = ({ ok, title, children }: { ok: boolean; title: string; children?: Child }) => (
  <li>
    <span class="name">{title}</span>
    <span class="state">
      <Badge kind={ok ? 'good' : 'wait'}>{ok ? 'Good' : 'Look'}</Badge>
    </span>
    <span class="reason">{children}</span>
  </li>
)

export interface ReviewProps {
  mode: 'observe' | 'live' | 'reconcile'
  /** The newest plan, with when it was made. */
  plan?: { id: string; madeAt: string }
  included: number
  checks: readonly { title: string; ok: boolean; text: string }[]
}

export const ReviewStep = ({ setup, mode, plan, included, checks }: ReviewProps & { setup: SetupProps }) => (
  <SetupScreen {...setup}>
    {mode === 'live' && <Notice kind="good" title="Set-up is finished: a first plan was approved." />}
    {mode !== 'live' && <FirstPlan included={included} {...(plan ? { plan } : {})} />}
    <section class="card" aria-labelledby="worked">
      <h2 id="worked">How to know that it works</h2>
      <ul class="lines">
        {checks.map(({ title, ok, text }) => (
          <Check ok={ok} title={title}>
            {text}
          </Check>
        ))}
      </ul>
      <p class="hint">Look again after the first night.</p>
    </section>
  </SetupScreen>
)

const FirstPlan = ({ plan, included }: Pick<ReviewProps, 'plan' | 'included'>) => (
  <section class="card" aria-labelledby="first-plan">
    <h2 id="first-plan">The first plan</h2>
    {included === 0 ? (
      <p>Nothing is included yet: map an account and include it, then a plan can be made.</p>
    ) : (
      <p>
        A plan shows every change before it is made. Approving it writes them and is the last step: from then on runs
        write what stays inside the limits.
      </p>
    )}
    <div class="actions">
      {plan && (
        <button type="button" class="primary" {...hx({ get: `/plans/${plan.id}`, target: '#main', swap: 'innerHTML' })}>
          Review and finish
        </button>
      )}
      {included > 0 && (
        <button
          type="button"
          class={plan ? undefined : 'primary'}
          {...hx({ post: '/setup/plan', target: '#planning', disable: 'this' })}
        >
          {plan ? 'Make it again' : 'Make the first plan'}
        </button>
      )}
    </div>
    {plan && <p class="quiet">Made {plan.madeAt}.</p>}
    <div id="planning" />
  </section>
)
