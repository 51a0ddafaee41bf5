import * as z from 'zod'
import { defaultLimits, type Limits } from '#billing/limits.ts'
import { findTenant, isInstallationStopped } from '#db/tenants.ts'
import { fillForm, readForm } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { type Editor, saveLimits, setKillSwitch } from '#sync/settings/settings.ts'
import { type ApprovalsProps, ApprovalsScreen, ApprovalsSection, limitFields } from '#views/settings/approvals.tsx'
import { editorOf } from './editor.ts'

const whole = (most: number, expected = `a whole number from 0 to ${most}`) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,7}$/, expected)
    .transform(Number)
    .refine((value) => value <= most, expected)

const units = whole(100_000)
const percent = whole(1_000)

const limits = z
  .object({
    'rise.units': units,
    'rise.percent': percent,
    'fall.units': units,
    'fall.percent': whole(100),
    'share.percent': whole(100),
    'share.from': units,
    amount: whole(1_000_000),
    'shrink.percent': whole(100),
    'shrink.units': units,
    costPercent: percent,
    freezeHours: whole(72),
  })
  .transform(
    (typed): Limits => ({
      rise: { units: typed['rise.units'], percent: typed['rise.percent'] },
      fall: { units: typed['fall.units'], percent: typed['fall.percent'] },
      share: { percent: typed['share.percent'], from: typed['share.from'] },
      amount: typed.amount,
      shrink: { percent: typed['shrink.percent'], units: typed['shrink.units'] },
      costPercent: typed.costPercent,
      freezeHours: typed.freezeHours,
    }),
  )

/** `GET /settings/approvals` */
export const getApprovals = (deps: Deps) => async (c: Ask) =>
  fragment(c, ApprovalsScreen, { standing: standingOf(c.get('viewer')), ...(await approvalsOf(editorOf(deps, c))) })

async function approvalsOf({ deps, scope }: Editor): Promise<ApprovalsProps> {
  const tenant = await findTenant(scope.db, scope.tenant)
  const stored = tenant?.limits ?? defaultLimits
  return {
    values: Object.fromEntries(limitFields.map(({ name, of }) => [name, String(of(stored))])),
    defaults: defaultLimits,
    mode: tenant?.mode ?? 'observe',
    killSwitch: tenant?.killSwitch ?? false,
    installStopped: await isInstallationStopped(deps.db),
  }
}

/** `POST /settings/approvals`: the guard's numbers (TRUST section 5). */
export const postApprovals = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const form = await fillForm(c, limits)
  if (!form.ok) {
    const { typed: values, errors } = form
    return fragment(c, ApprovalsSection, { ...(await approvalsOf(editor)), values, errors }, 422)
  }
  await saveLimits(editor, form.values)
  return fragment(c, ApprovalsSection, { ...(await approvalsOf(editor)), saved: 'Limits saved.' })
}

/** `POST /settings/kill-switch` (G24) */
export const postKillSwitch = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  const { stopped } = await readForm(c, z.object({ stopped: z.enum(['on', 'off']) }))
  await setKillSwitch(editor, stopped === 'on')
  const saved = stopped === 'on' ? 'All writes are stopped.' : 'Writes are allowed again.'
  return fragment(c, ApprovalsSection, { ...(await approvalsOf(editor)), saved })
}
