import { dayIn, dayMs } from '#billing/period.ts'
import { findNewestEntry } from '#db/ledger.ts'
import { listLastFour } from '#db/secrets.ts'
import { readForm } from '#routes/form.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { storeKeys, typedFor } from '#sync/settings/connect.ts'
import { disconnect } from '#sync/settings/disconnect.ts'
import { registerScreens } from '#sync/settings/hosted.ts'
import type { Editor } from '#sync/settings/settings.ts'
import { RegistrationAnswer } from '#views/session/operator-tenant.tsx'
import {
  AuthenticationScreen,
  type ConnectionProps,
  Disconnected,
  RightsAnswer,
  RightsUnknown,
} from '#views/settings/authentication.tsx'
import { TestResult } from '#views/settings/connection-form.tsx'
import { keys, outcomeOf, testTyped } from './connection-form.ts'
import { editorOf, timeOf } from './editor.ts'

/** `GET /settings/authentication` */
export const getAuthentication = (deps: Deps) => async (c: Ask) => answer(c, editorOf(deps, c))

async function answer(c: Ask, editor: Editor, stored = false) {
  const standing = standingOf({ ...c.get('viewer'), tenant: editor.tenant })
  return fragment(c, AuthenticationScreen, { standing, ...(await connectionOf(editor)), stored })
}

/** How the tenant is connected; of its keys only what may be shown. */
export async function connectionOf({ deps, scope, tenant }: Editor): Promise<ConnectionProps> {
  const ends = new Map((await listLastFour(scope)).map(({ field, lastFour }) => [field, lastFour]))
  const [publicKeyEnd, privateKeyEnd] = [ends.get('publicKey'), ends.get('privateKey')]
  const { state, stateCause, stateAt, keysSavedAt, version, zone, clientId, site, companyId } = tenant
  return {
    state,
    ...(stateCause === null ? {} : { stateCause }),
    stateSince: timeOf(tenant, stateAt),
    ...(keysSavedAt === null ? {} : { keyDays: Math.floor((deps.now() - keysSavedAt) / dayMs) }),
    ...(version === null ? {} : { version }),
    zone,
    fields: {
      site,
      companyId,
      ...(clientId === null ? {} : { clientId }),
      ...(publicKeyEnd === undefined ? {} : { publicKeyEnd }),
      ...(privateKeyEnd === undefined ? {} : { privateKeyEnd }),
    },
    operatorHasClientId: deps.config.CONNECTWISE_CLIENT_ID !== undefined,
  }
}

/** `POST /settings/authentication/tests`: tries the typed keys, or the stored ones, and stores nothing (K4). */
export const postAuthenticationTest = (deps: Deps) => async (c: Ask) => {
  const typed = await readForm(c, keys)
  return fragment(c, TestResult, outcomeOf(await testTyped(deps, await typedFor(editorOf(deps, c), typed))))
}

/** `POST /settings/authentication`: tests, and stores only then; the site and the company stay (K5, K7). */
export const postAuthentication = (deps: Deps) => async (c: Ask) => {
  const typed = await readForm(c, keys)
  const editor = editorOf(deps, c)
  const tested = await testTyped(deps, await typedFor(editor, typed))
  if (!tested.ok) return fragment(c, TestResult, outcomeOf(tested), 422)
  const tenant = await storeKeys(editor, tested, typed)
  if (typed.from === 'setup') return toNextStep(c)
  c.header('HX-Retarget', '#main')
  c.header('HX-Reswap', 'innerHTML')
  return answer(c, { ...editor, tenant }, true)
}

/** In the set-up a successful save goes on by itself (K6). */
function toNextStep(c: Ask) {
  c.header(
    'HX-Location',
    JSON.stringify({ path: '/setup/configuration', target: '#main', swap: 'innerHTML', push: 'false' }),
  )
  return c.body(null, 204)
}

/** `GET /settings/authentication/rights`: each right, tried this moment (K12). */
export const getRights = (deps: Deps) => async (c: Ask) => {
  const { scope, tenant } = editorOf(deps, c)
  try {
    const rights = await (await deps.connectWise(scope)).listRights()
    const written = await findNewestEntry(scope, 'written')
    return fragment(c, RightsAnswer, { rights, ...(written ? { writtenOn: dayIn(tenant.zone, written.at) } : {}) })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return fragment(c, RightsUnknown, { reason: error.message })
  }
}

/** `POST /settings/screens`: registers our tabs and pods. */
export const postScreens = (deps: Deps) => async (c: Ask) =>
  fragment(c, RegistrationAnswer, await registerScreens(deps, c.get('viewer').scope))

/** `POST /settings/disconnection` (K15) */
export const postDisconnection = (deps: Deps) => async (c: Ask) => {
  const editor = editorOf(deps, c)
  await disconnect(editor)
  return fragment(c, Disconnected, { company: editor.tenant.companyId })
}
