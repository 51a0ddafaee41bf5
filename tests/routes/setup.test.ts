import { afterEach, expect, it } from 'vitest'
import { save } from '#db/db.ts'
import { saveMappings } from '#db/mappings.ts'
import { findNewestPlan } from '#db/plans.ts'
import { saveTenantState } from '#db/tenants.ts'
import { approvePlan } from '#sync/approve/approve.ts'
import { goOn } from '#sync/start-run.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { signIn } from '../session/signed-in.ts'
import { openMemory } from '../stores.ts'

let app: Contoso | undefined
afterEach(() => app?.close())

async function given() {
  app = await givenContoso(openMemory, 10, { observe: true })
  const { ask } = await signIn(app, { member: 'jsmith', role: 'admin' })
  const read = async (method: string, path: string, form?: Record<string, string>) =>
    (await ask(method, path, form)).text()
  return { app, read }
}

const include = ({ scope, mapping }: Contoso, on: boolean) =>
  save(scope.db, saveMappings(scope, [{ ...mapping, include: on }]))

const current = (html: string) => /aria-current="step"[^>]*><button[^>]*>(\w+)/.exec(html)?.[1]
const done = (html: string) => [...html.matchAll(/<li class="done"[^>]*><button[^>]*>(\w+)/g)].map(([, name]) => name)

it('S1: the set-up leads to the first step that is not done, and each step can be left and resumed', async () => {
  const { app, read } = await given()
  await include(app, false)
  expect(current(await read('GET', '/setup'))).toBe('Sources')
  await app.say({ 'A-17': 12, 'A-18': 3 })
  const mapping = await read('GET', '/setup')
  expect(current(mapping)).toBe('Mapping')
  expect(done(mapping)).toEqual(['Credentials', 'Configuration', 'Sources'])
  expect(mapping).toContain('Platform: no product chosen, so pickers offer the whole catalogue.')
  for (const [step, text] of [
    ['credentials', 'ends in'],
    ['configuration', 'Every day at the time below'],
    ['sources', '2 accounts, complete'],
    ['review', 'Nothing is included yet'],
  ] as const)
    expect(await read('GET', `/setup/${step}`)).toContain(step === 'credentials' ? 'Connected' : text)
  expect(await read('GET', '/setup/nowhere')).toContain('There is no such step.')
})

it('S1, X18, G16: Review makes a first plan that writes nothing, and approving it finishes the set-up', async () => {
  const { app, read } = await given()
  await app.say({ 'A-17': 11 })
  expect(current(await read('GET', '/setup'))).toBe('Review')
  expect(await read('POST', '/setup/plan')).toContain('Sync started.')
  await app.settled()
  expect(app.held()).toEqual([{ id: 301, quantity: 10 }])
  const plan = await findNewestPlan(app.scope)
  const review = await read('GET', '/setup/review')
  expect(review).toContain(`hx-get="/plans/${plan?.id}"`)
  expect(review).toContain('1 of 1 included mappings name company, agreement and addition.')
  expect(review).toContain('The newest run left 1 change that wait or failed.')
  await approvePlan(app.deps, app.scope, plan?.id ?? '', { member: 'jsmith' })
  goOn(app.deps, app.scope, plan?.runId ?? '')
  await app.settled()
  await app.sync()
  const finished = await read('GET', '/setup/review')
  expect(finished).toContain('Set-up is finished')
  expect(finished).toContain('After the newest run every quantity equals its count.')
  expect(app.held()).toEqual([{ id: 301, quantity: 11 }])
})

it('K7: while ConnectWise refuses, every screen says so and leads to the connection', async () => {
  const { app, read } = await given()
  const stateCause = 'ConnectWise does not accept the keys.'
  await save(app.deps.db, [saveTenantState(app.scope, { state: 'attention', stateCause, stateAt: app.clock.now() })])
  for (const path of ['/dashboard', '/logs', '/setup', '/settings/schedule']) {
    const screen = await read('GET', path)
    expect([path, screen.includes(stateCause)]).toEqual([path, true])
    expect(screen).toContain('Check the connection')
  }
})
