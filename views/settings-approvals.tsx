import type { Limits } from '#billing/limits.ts'
import { Badge } from './badge.tsx'
import { TextField } from './field.tsx'
import { EditsBar, ErrorSummary, type Errors, editsOf } from './form-errors.tsx'
import { hx } from './hx.ts'
import { Announce, Notice } from './notice.tsx'
import type { Standing } from './screen.tsx'
import { SettingsScreen } from './settings.tsx'

export interface ApprovalsProps {
  /** Field name → as stored, or as typed. */
  values: Readonly<Record<string, string>>
  defaults: Limits
  mode: 'observe' | 'live' | 'reconcile'
  killSwitch: boolean
  /** The operator stopped the whole install. */
  installStopped: boolean
  errors?: Errors
  saved?: string
}

/** Every number of the guard, in the order in which people meet them (TRUST section 5). */
export const limitFields = [
  {
    name: 'rise.units',
    label: 'A quantity rises by more than (units)',
    unit: 'units',
    of: (l: Limits) => l.rise.units,
  },
  { name: 'rise.percent', label: 'and by more than (percent)', unit: '%', of: (l: Limits) => l.rise.percent },
  {
    name: 'fall.units',
    label: 'A quantity falls by more than (units)',
    unit: 'units',
    of: (l: Limits) => l.fall.units,
  },
  { name: 'fall.percent', label: 'and by more than (percent)', unit: '%', of: (l: Limits) => l.fall.percent },
  {
    name: 'share.percent',
    label: 'Share of all mapped additions that changes at once (percent)',
    unit: '%',
    of: (l: Limits) => l.share.percent,
  },
  {
    name: 'share.from',
    label: 'counted from so many mapped additions on',
    unit: 'additions',
    of: (l: Limits) => l.share.from,
  },
  {
    name: 'amount',
    label: 'Change in money per agreement and month (currency units)',
    unit: 'currency units',
    of: (l: Limits) => l.amount,
  },
  {
    name: 'shrink.percent',
    label: 'A source lists fewer accounts or readings by more than (percent)',
    unit: '%',
    of: (l: Limits) => l.shrink.percent,
  },
  { name: 'shrink.units', label: 'and at least by', unit: 'accounts or readings', of: (l: Limits) => l.shrink.units },
  { name: 'costPercent', label: 'A cost changes by more than (percent)', unit: '%', of: (l: Limits) => l.costPercent },
  {
    name: 'freezeHours',
    label: 'Hours before an agreement’s next invoice in which changes wait (0: off)',
    unit: 'hours',
    of: (l: Limits) => l.freezeHours,
  },
] as const

const labels: Record<string, string> = Object.fromEntries(limitFields.map(({ name, label }) => [name, label]))

export const ApprovalsScreen = ({ standing, ...approvals }: { standing: Standing } & ApprovalsProps) => (
  <SettingsScreen standing={standing} at="/settings/approvals">
    <ApprovalsSection {...approvals} />
  </SettingsScreen>
)

export const ApprovalsSection = (props: ApprovalsProps) => (
  <div id="approvals">
    {props.saved && <Announce>{props.saved}</Announce>}
    <WritesSection {...props} />
    <LimitsSection {...props} />
  </div>
)

const modes = {
  observe: 'Observing: nightly runs plan and write nothing until a member has approved a first plan.',
  live: 'Live: changes inside the limits are written, everything else waits for an approval.',
  reconcile: 'Restored from a backup: nothing is written until it is reconciled.',
}

/** The mode, and the switch that stops every write at once (G16, G24). */
const WritesSection = ({ mode, killSwitch, installStopped }: ApprovalsProps) => (
  <section class="card" aria-labelledby="writes-title">
    <h2 id="writes-title">Writing to ConnectWise</h2>
    <p>{modes[mode]}</p>
    <p>{killSwitch ? <Badge kind="bad">Stopped: nothing is written</Badge> : <Badge kind="good">Allowed</Badge>}</p>
    {installStopped && (
      <Notice kind="warning" title="Whoever runs this TrueUp has stopped all writes of the whole installation." />
    )}
    <form {...hx({ post: '/settings/kill-switch', target: '#approvals', swap: 'outerHTML' })}>
      <input type="hidden" name="stopped" value={killSwitch ? 'off' : 'on'} />
      <div class="actions">
        <button type="submit" class={killSwitch ? undefined : 'danger'}>
          {killSwitch ? 'Allow writes again' : 'Stop all writes now'}
        </button>
      </div>
      <p class="hint">Takes effect within five seconds, also in a run that is under way. Reading and planning go on.</p>
    </form>
  </section>
)

const LimitsSection = ({ values, defaults, errors = {} }: ApprovalsProps) => (
  <section class="card" aria-labelledby="limits-title">
    <h2 id="limits-title">What waits for an approval</h2>
    <p>
      Beyond these limits a change waits for a person. Some always wait: the first write of a mapping, a value that
      becomes 0, an end, a price, a conflict.
    </p>
    <form
      data-edits={editsOf(errors)}
      {...hx({ post: '/settings/approvals', target: '#approvals', swap: 'outerHTML' })}
    >
      <ErrorSummary errors={errors} labels={labels} />
      <div class="fields">
        {limitFields.map(({ name, label, unit, of }) => (
          <TextField
            label={label}
            name={name}
            type="number"
            value={values[name] ?? String(of(defaults))}
            hint={`Default ${of(defaults)} ${unit}`}
            {...(errors[name] ? { error: errors[name] } : {})}
          />
        ))}
      </div>
      <EditsBar save="Save limits" errors={errors} path="/settings/approvals" part="#approvals" />
    </form>
  </section>
)
