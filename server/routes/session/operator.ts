import * as z from 'zod'
import { zonedTimeIn } from '#billing/period.ts'
import { endOperatorSession, isOperatorSession, openOperatorSession } from '#db/operator.ts'
import { listRoles } from '#db/roles.ts'
import { listSchedules } from '#db/schedules.ts'
import { findTenant, listTenants, type Tenant } from '#db/tenants.ts'
import { callerOf } from '#routes/caller.ts'
import { fillForm } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { credentials, outcomeOf, testTyped } from '#routes/settings/connection-form.ts'
import { tooOften } from '#routes/too-many.ts'
import { fragment, page } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { createRateLimit } from '#server/rate-limit.ts'
import { dayTimeOf } from '#sync/schedule.ts'
import { connect } from '#sync/settings/connect.ts'
import { registerScreens } from '#sync/settings/hosted.ts'
import { nameAdmin } from '#sync/settings/roles.ts'
import type { Editor } from '#sync/settings/settings.ts'
import { CodeForm, ConnectRefused, OperatorConsole, OperatorSignIn } from '#views/session/operator.tsx'
import { Admins, RegistrationAnswer, TenantPage } from '#views/session/operator-tenant.tsx'
import { TestResult } from '#views/settings/connection-form.tsx'
import { clearOperatorCookie, operatorCookie, setOperatorCookie } from './operator-cookie.ts'

/** `GET /operator`: every instance, or the field for the one-time code. */
export const getOperator = (deps: Deps) => async (c: Ask) => {
  c.header('Cache-Control', 'no-store')
  const token = operatorCookie(c)
  if (token === undefined || !(await isOperatorSession(deps.db, token, deps.now()))) return page(c, OperatorSignIn, {})
  const tenants = await listTenants(deps.db)
  const rows = await Promise.all(
    tenants.map(async (tenant) => ({ ...rowOf(tenant), admins: (await adminsOf(deps, tenant)).length })),
  )
  return page(c, OperatorConsole, {
    tenants: rows,
    operatorHasClientId: deps.config.CONNECTWISE_CLIENT_ID !== undefined,
  })
}

const rowOf = ({ id, companyId, site, state, stateCause }: Tenant) => ({
  id,
  company: companyId,
  site,
  state,
  ...(stateCause === null ? {} : { stateCause }),
})

const adminsOf = async ({ db }: Deps, { id }: Tenant): Promise<string[]> =>
  (await listRoles({ db, tenant: id }))
    .filter(({ role }) => role === 'admin')
    .map(({ subject, name }) => (subject === 'member' ? name : `security role ${name}`))

const codesPerMinute = 10

/** `POST /operator/session`: the code that was printed, once, for a session of this browser. */
export function postOperatorSession(deps: Deps) {
  const secondsToWait = createRateLimit(codesPerMinute, deps.now)
  return async (c: Ask) => {
    const wait = secondsToWait(callerOf(deps, c))
    if (wait !== undefined) return codeRefused(c, tooOften(c, wait), 429)
    const form = await fillForm(c, z.object({ code: z.string().trim().max(100) }))
    const token = form.ok ? await openOperatorSession(deps.db, form.values.code, deps.now()) : undefined
    if (token === undefined)
      return codeRefused(c, 'This code is wrong, used or older than an hour. trueup operator-code prints another.', 422)
    setOperatorCookie(c, token)
    return goTo(c, '/operator')
  }
}

const codeRefused = (c: Ask, error: string, status: 422 | 429) => fragment(c, CodeForm, { error }, status)

/** `DELETE /operator/session` */
export const deleteOperatorSession = (deps: Deps) => async (c: Ask) => {
  await endOperatorSession(deps.db, operatorCookie(c) ?? '')
  clearOperatorCookie(c)
  return goTo(c, '/operator')
}

/** `POST /operator/tests`: tries what was typed and stores nothing (K4). */
export const postOperatorTest = (deps: Deps) => async (c: Ask) => {
  const form = await fillForm(c, credentials)
  if (!form.ok) return refused(c, form.errors)
  return fragment(c, TestResult, outcomeOf(await testTyped(deps, form.values)))
}

/** `POST /operator/tenants`: tests, and stores only then (K5). */
export const postTenant = (deps: Deps) => async (c: Ask) => {
  const form = await fillForm(c, credentials)
  if (!form.ok) return refused(c, form.errors)
  const tested = await testTyped(deps, form.values)
  if (!tested.ok) return fragment(c, TestResult, outcomeOf(tested), 422)
  const tenant = await connect(deps, async () => tested, form.values)
  return goTo(c, `/operator/tenants/${tenant.id}`)
}

/** The operator as one who changes settings. */
const editorOf = (deps: Deps, tenant: Tenant): Editor => ({
  deps,
  scope: { db: deps.db, tenant: tenant.id },
  tenant,
  member: 'operator',
})

/** `GET /operator/tenants/:id` */
export const getTenant = (deps: Deps) => async (c: Ask) => {
  const tenant = await tenantAsked(deps, c)
  return page(c, TenantPage, {
    ...rowOf(tenant),
    ...(tenant.clientId === null ? {} : { clientId: tenant.clientId }),
    ...(tenant.version === null ? {} : { version: tenant.version }),
    stateSince: zonedTimeIn(tenant.zone, tenant.stateAt),
    runs: await runsOf(editorOf(deps, tenant)),
    admins: await adminsOf(deps, tenant),
    operatorHasClientId: deps.config.CONNECTWISE_CLIENT_ID !== undefined,
  })
}

async function runsOf({ scope }: Editor): Promise<string> {
  const schedule = (await listSchedules(scope)).find(({ enabled }) => enabled)
  return schedule ? `every day at ${dayTimeOf(schedule.pattern)} ${schedule.zone}` : 'on demand'
}

/** `POST /operator/tenants/:id/admins`: the operator names the first admin (FEATURES 8.2). */
export const postAdmin = (deps: Deps) => async (c: Ask) => {
  const tenant = await tenantAsked(deps, c)
  const form = await fillForm(c, z.object({ member: memberId }))
  if (!form.ok)
    return fragment(
      c,
      Admins,
      {
        id: tenant.id,
        admins: await adminsOf(deps, tenant),
        typed: form.typed.member ?? '',
        error: form.errors.member ?? '',
      },
      422,
    )
  await nameAdmin(editorOf(deps, tenant), form.values.member)
  return fragment(c, Admins, { id: tenant.id, admins: await adminsOf(deps, tenant), added: form.values.member })
}

/** A ConnectWise member id as it is typed at the login. */
export const memberId = z
  .string()
  .trim()
  .regex(/^[\w.@-]{1,50}$/, 'a member id: letters, digits, dots, hyphens')

/** `POST /operator/tenants/:id/screens`: registers our tabs and pods in that ConnectWise. */
export const postTenantScreens = (deps: Deps) => async (c: Ask) => {
  const { id } = await tenantAsked(deps, c)
  return fragment(c, RegistrationAnswer, await registerScreens(deps, { db: deps.db, tenant: id }))
}

async function tenantAsked({ db }: Deps, c: Ask): Promise<Tenant> {
  const tenant = await findTenant(db, c.req.param('id') ?? '')
  if (!tenant) throw new Problem('not_found', 'There is no such instance.')
  return tenant
}

const names: Record<string, string> = {
  site: 'Site',
  companyId: 'Company id',
  publicKey: 'Public key',
  privateKey: 'Private key',
  clientId: 'Client id',
}

const refused = (c: Ask, errors: Record<string, string>) =>
  fragment(
    c,
    ConnectRefused,
    { lines: Object.entries(errors).map(([name, message]) => `${names[name] ?? name}: ${message}`) },
    422,
  )

function goTo(c: Ask, path: string) {
  c.header('HX-Redirect', path)
  return c.body(null, 204)
}
