import * as z from 'zod'
import { latest, timeIn, zonedTimeIn } from '#billing/period.ts'
import { listSchedules } from '#db/schedules.ts'
import { fillForm, readForm, readQuery } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { tenantOf } from '#sync/run.ts'
import { dailyAt, dayTimeOf, isZone, lastPassed, nextTimes } from '#sync/schedule.ts'
import { disable, enable } from '#sync/settings/disable.ts'
import { type DailyRuns, type Editor, setDailyRuns } from '#sync/settings/settings.ts'
import { type ScheduleProps, ScheduleScreen, ScheduleSection, Times } from '#views/settings/schedule.tsx'
import { editorOf } from './editor.ts'

const howMany = 5
const firstTime = '02:00'

const asked = z
  .object({
    export: z.enum(['on-demand', 'every-day'], 'choose one'),
    time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time from 00:00 to 23:59'),
    zone: z.string().trim().refine(isZone, 'no such time zone; an IANA name such as Europe/Berlin'),
  })
  .transform(({ export: type, time, zone }): DailyRuns => ({ everyDay: type === 'every-day', time, zone }))

/** `GET /settings/schedule` */
export const getSchedule = (deps: Deps) => async (c: Ask) =>
  fragment(c, ScheduleScreen, { standing: standingOf(c.get('viewer')), ...(await scheduleOf(editorOf(deps, c))) })

/** The schedule as it is stored, with the next times. */
export async function scheduleOf(editor: Editor): Promise<ScheduleProps> {
  const { scope, tenant } = editor
  const [schedule] = await listSchedules(scope)
  const { everyDay, time, zone }: DailyRuns = {
    everyDay: schedule?.enabled ?? false,
    time: (schedule && dayTimeOf(schedule.pattern)) ?? firstTime,
    zone: schedule?.zone ?? tenant.zone,
  }
  return {
    everyDay,
    time,
    zone,
    isOff: tenant.disabledAt !== null,
    ...(await timesOf(editor, { everyDay, time, zone })),
  }
}

/** What a choice would lead to, before it is saved; exactly what saving it will do. */
async function timesOf({ deps, scope, tenant }: Editor, { time, zone }: DailyRuns) {
  const [known] = await listSchedules(scope)
  const pattern = dailyAt(time)
  const lastDay = latest([known?.lastDay, lastPassed(pattern, zone, deps.now())])
  const stopped =
    tenant.disabledAt !== null
      ? 'None of these starts while TrueUp is switched off.'
      : tenant.state === 'connected'
        ? undefined
        : 'ConnectWise needs attention: no run starts before that is put right.'
  return {
    times: nextTimes({ pattern, zone, lastDay }, deps.now(), howMany).map((at) => ({
      local: zonedTimeIn(zone, at),
      ...(zone === 'UTC' ? {} : { utc: timeIn('UTC', at) }),
    })),
    ...(stopped ? { stopped } : {}),
  }
}

/** `GET /settings/schedule/times`: the next five times of what is typed. */
export const getTimes = (deps: Deps) => async (c: Ask) => {
  const typed = asked.safeParse(readQuery(c, z.record(z.string(), z.unknown())))
  if (!typed.success) {
    const problem = typed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    return fragment(c, Times, { everyDay: true, times: [], problem }, 422)
  }
  const { everyDay } = typed.data
  return fragment(c, Times, { everyDay, ...(await timesOf(editorOf(deps, c), typed.data)) })
}

/** `POST /settings/schedule` (S2) */
export const postSchedule = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const form = await fillForm(c, asked)
  if (!form.ok) {
    const { time = '', zone = '' } = form.typed
    const everyDay = form.typed.export === 'every-day'
    const isOff = editor.tenant.disabledAt !== null
    return fragment(c, ScheduleSection, { everyDay, time, zone, times: [], isOff, errors: form.errors }, 422)
  }
  await setDailyRuns(editor, form.values)
  return fragment(c, ScheduleSection, { ...(await scheduleOf(editor)), saved: true })
}

const switched = z.strictObject({ integration: z.enum(['on', 'off'], 'on or off') })

/** `POST /settings/integration`: switches everything off, or on again; nothing in ConnectWise is removed. */
export const postIntegration = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const { integration } = await readForm(c, switched)
  const isOff = editor.tenant.disabledAt !== null
  if (isOff !== (integration === 'off')) await (integration === 'off' ? disable(editor) : enable(editor))
  const tenant = await tenantOf(editor.scope)
  const standing = standingOf({ ...c.get('viewer'), tenant })
  return fragment(c, ScheduleScreen, { standing, ...(await scheduleOf({ ...editor, tenant })), switched: integration })
}
