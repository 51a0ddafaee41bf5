import type { Limits } from '#billing/limits.ts'
import { Badge } from '#views/badge.tsx'
import { TextField } from '#views/field.tsx'
import { EditsBar, ErrorSummary, type Errors, editsOf } from '#views/form-errors.tsx'
import { hx } from '#views/hx.ts'
import { Announce, Notice } from '#views/notice.tsx'
import type { Standing } from '#views/screen.tsx'
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

/** Every number of the guard, by the rule it belongs to, in the order in which people meet them (TRUST section 5). */
const rules = [
  {
    title: 'A quantity rises by more than the larger of',
    fields: [
      { name: 'rise.units', label: 'Units', of: (limits: Limits) => limits.rise.units },
      { name: 'rise.percent', label: 'Percent', of: (limits: Limits) => limits.rise.percent },
    ],
  },
  {
    title: 'A quantity falls by more than the larger of',
    fields: [
      { name: 'fall.units', label: 'Units', of: (limits: Limits) => limits.fall.units },
      { name: 'fall.percent', label: 'Percent', of: (limits: Limits) => limits.fall.percent },
    ],
  },
  {
    title: 'A source lists fewer accounts or readings than before',
    fields: [
      { name: 'shrink.percent', label: 'More than, percent', of: (limits: Limits) => limits.shrink.percent },
      { name: 'shrink.units', label: 'And at least', of: (limits: Limits) => limits.shrink.units },
    ],
  },
  {
    title: 'One plan changes many of the mapped additions',
    fields: [
      { name: 'share.percent', label: 'More than, percent', of: (limits: Limits) => limits.share.percent },
      { name: 'share.from', label: 'From so many additions on', of: (limits: Limits) => limits.share.from },
    ],
  },
  {
    title: 'Money and time',
    fields: [
      { name: 'amount', label: 'Per agreement and month, currency units', of: (limits: Limits) => limits.amount },
      {
        name: 'costPercent',
        label: 'A cost changes by more than, percent',
        of: (limits: Limits) => limits.costPercent,
      },
      {
        name: 'freezeHours',
        label: 'Before an agreement’s next invoice, hours; 0: off',
        of: (limits: Limits) => limits.freezeHours,
      },
    ],
  },
] as const

export const limitFields = rules.flatMap(({ fields }) => [...fields])

const labels: Record<string, string> = Object.fromEntries(
  rules.flatMap(({ title, fields }) => fields.map(({ name, label }) => [name, `${title}: ${label}`])),
)

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
      {rules.map(({ title, fields }) => (
        <fieldset>
          <legend>{title}</legend>
          <div class="fields">
            {fields.map(({ name, label, of }) => (
              <TextField
                label={label}
                name={name}
                type="number"
                value={values[name] ?? String(of(defaults))}
                hint={`Default ${of(defaults)}`}
                {...(errors[name] ? { error: errors[name] } : {})}
              />
            ))}
          </div>
        </fieldset>
      ))}
      <EditsBar save="Save limits" errors={errors} path="/settings/approvals" part="#approvals" />
    </form>
  </section>
)
