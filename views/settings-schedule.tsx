import { Radios, TextField } from './field.tsx'
import { EditsBar, ErrorSummary, type Errors, editsOf } from './form-errors.tsx'
import { hx } from './hx.ts'
import { Announce, Notice } from './notice.tsx'
import type { Standing } from './screen.tsx'
import { SettingsScreen } from './settings.tsx'

export interface ScheduleProps {
  /** As stored, or as typed. */
  everyDay: boolean
  time: string
  zone: string
  times: readonly PlannedTime[]
  /** Why nothing starts by itself although it is switched on. */
  stopped?: string
  errors?: Errors
  saved?: boolean
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
