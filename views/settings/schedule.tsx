import { Radios, TextField } from '#views/field.tsx'
import { EditsBar, ErrorSummary, type Errors, editsOf } from '#views/form-errors.tsx'
import { hx } from '#views/hx.ts'
import { Announce, Notice } from '#views/notice.tsx'
import type { Standing } from '#views/screen.tsx'
import { SettingsScreen } from './settings.tsx'

export interface ScheduleProps {
  /** As stored, or as typed. */
  everyDay: boolean
  time: string
  zone: string
  times: readonly PlannedTime[]
  /** Why nothing starts by itself although it is switched on. */
  stopped?: string
  /** Whether the whole integration is switched off. */
  isOff: boolean
  errors?: Errors
  saved?: boolean
  /** What was just done to the whole integration. */
  switched?: 'on' | 'off'
}

/** One of the next times, in the zone and in UTC. */
export interface PlannedTime {
  local: string
  /** Absent where the zone is UTC. */
  utc?: string
}

export const ScheduleScreen = ({ standing, ...schedule }: { standing: Standing } & ScheduleProps) => (
  <SettingsScreen standing={standing} at="/settings/schedule">
    <ScheduleSection {...schedule} />
    <IntegrationSection {...schedule} />
  </SettingsScreen>
)

const labels = { time: 'Time', zone: 'Time zone' }

const zones =
  'UTC America/New_York America/Chicago America/Denver America/Los_Angeles America/Toronto America/Vancouver Europe/London Europe/Dublin Europe/Amsterdam Europe/Berlin Europe/Paris Africa/Johannesburg Australia/Sydney Australia/Perth Pacific/Auckland'.split(
    ' ',
  )

/** When runs start by themselves, with the next times as the choice stands (S2, X12). */
export const ScheduleSection = ({ everyDay, time, zone, errors = {}, ...more }: ScheduleProps) => (
  <section class="card" id="schedule" aria-labelledby="schedule-title">
    <h2 id="schedule-title">Type of export</h2>
    {more.saved && <Announce>Schedule saved.</Announce>}
    <form
      data-edits={editsOf(errors)}
      id="schedule-form"
      {...hx({ post: '/settings/schedule', target: '#schedule', swap: 'outerHTML' })}
    >
      <ErrorSummary errors={errors} labels={labels} />
      <Radios
        label="Runs start"
        name="export"
        value={everyDay ? 'every-day' : 'on-demand'}
        choices={[
          { value: 'on-demand', text: 'On demand: only when somebody presses Sync' },
          { value: 'every-day', text: 'Every day at the time below' },
        ]}
      />
      <div class="fields">
        <TextField label={labels.time} name="time" type="time" value={time} {...wrong(errors.time)} />
        <TextField
          label={labels.zone}
          name="zone"
          value={zone}
          list="zones"
          hint="An IANA name, such as Europe/Berlin"
          {...wrong(errors.zone)}
        />
        <datalist id="zones">
          {zones.map((name) => (
            <option value={name} />
          ))}
        </datalist>
      </div>
      <div
        {...hx({
          get: '/settings/schedule/times',
          trigger: 'change from:#schedule-form, input from:#schedule-form delay:400ms',
          include: '#schedule-form',
          swap: 'innerHTML',
          sync: 'this:replace',
        })}
      >
        <Times everyDay={everyDay} {...more} />
      </div>
      <EditsBar save="Save schedule" errors={errors} path="/settings/schedule" part="#schedule" />
    </form>
  </section>
)

/** Switches the integration off or on; it asks in the page itself, as a frame may be refused its dialogs. */
const IntegrationSection = ({ isOff, switched }: Pick<ScheduleProps, 'isOff' | 'switched'>) => (
  <section class="card" aria-labelledby="integration-title">
    <h2 id="integration-title">Switch TrueUp {isOff ? 'on' : 'off'}</h2>
    {switched && <Announce>{`TrueUp is switched ${switched}.`}</Announce>}
    {isOff ? (
      <form {...hx({ post: '/settings/integration', target: '#main', swap: 'innerHTML' })}>
        <p>
          Mappings, plans and history are as they were. Runs start again at their next time; the nights between are not
          made up for. Sync now brings everything up to date at once.
        </p>
        <input type="hidden" name="integration" value="on" />
        <div class="actions">
          <button type="submit">Switch TrueUp on</button>
        </div>
      </form>
    ) : (
      <details>
        <summary>Disable TrueUp for this ConnectWise …</summary>
        <p>
          No run starts by itself or on demand, no source is asked, and nothing is written; a run that is under way
          stops before its next write. Pods and the hub say so. Mappings, plans, keys and history stay.
        </p>
        <p>
          <b>No record in ConnectWise is removed or changed</b>: agreements keep the additions, quantities and documents
          they have. Everything can be switched on again here.
        </p>
        <form {...hx({ post: '/settings/integration', target: '#main', swap: 'innerHTML' })}>
          <input type="hidden" name="integration" value="off" />
          <div class="actions">
            <button type="submit" class="danger">
              Disable TrueUp
            </button>
          </div>
        </form>
      </details>
    )}
  </section>
)

const wrong = (error: string | undefined) => (error === undefined ? {} : { error })

/** The next five times, before anything is saved. */
export const Times = ({
  everyDay,
  times,
  stopped,
  problem,
}: Pick<ScheduleProps, 'everyDay' | 'times' | 'stopped'> & { problem?: string }) => {
  if (problem) return <p class="error">{problem}</p>
  if (!everyDay) return <p>No run starts by itself.</p>
  return (
    <>
      {stopped && <Notice kind="warning" title={stopped} />}
      <h3>Next runs</h3>
      <ol class="lines">
        {times.map(({ local, utc }) => (
          <li>
            <span class="name">{local}</span>
            {utc && <span class="reason">{utc} UTC</span>}
          </li>
        ))}
      </ol>
    </>
  )
}
