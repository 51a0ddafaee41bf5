import type { Scope } from '#db/db.ts'
import type { ConnectWise, Deps, HostedOutcome, HostedScreen, HostedSetup, NewHostedSetup } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'

/** One of our tabs and pods in ConnectWise, as it should be registered. */
export interface WantedSetup extends NewHostedSetup {
  /** The screen as people know it: Company, Agreement, Today. */
  screen: string
}

export type Registration = WantedSetup & {
  /** known: it was there as it should be. byHand: we may not register, a person can. */
  state: 'known' | 'added' | 'changed' | 'byHand' | 'refused' | 'unknown'
  cause?: string
}

export interface Registered {
  rows: Registration[]
  /** Screens this ConnectWise does not offer to others. */
  notOffered: string[]
  /** Ids of further setups of ours for the same place; a person removes them. */
  doubled: number[]
}

const podHeight = 320

const places = [
  { screen: 'Company', isIt: /^company(detail)?$/i, path: '/company', types: ['Pod', 'Tab'] },
  { screen: 'Agreement', isIt: /^agreement(detail)?s?$/i, path: '/agreement', types: ['Pod', 'Tab'] },
  { screen: 'Today', isIt: /^(connectwise ?)?today$/i, path: '/hub', types: ['Tab'] },
] as const

/** What should be registered at the screens an instance offers (FEATURES 8.1). `origin` is ours as ConnectWise sees it. */
function wantedSetups(origin: string, tenant: string, screens: readonly HostedScreen[]): WantedSetup[] {
  return places.flatMap(({ screen, isIt, path, types }) => {
    const found = screens.find(({ screenId }) => isIt.test(screenId)) ?? screens.find(({ name }) => isIt.test(name))
    if (!found) return []
    return types.map((type) => ({
      screen,
      screenId: found.id,
      description: 'TrueUp',
      url: `${origin}${path}?tenant=${tenant}&as=${type.toLowerCase()}&screen=[cw_screen]&id=[cw_id]`,
      type,
      origin,
      podHeight: type === 'Pod' ? podHeight : undefined,
    }))
  })
}

/** Whether a registered setup is this one of ours: our origin, the same page, the same kind of place. */
function isOurs({ url, type }: Pick<HostedSetup, 'url' | 'type'>, wanted: WantedSetup): boolean {
  if (type !== wanted.type || !URL.canParse(url)) return false
  const [one, other] = [new URL(url), new URL(wanted.url)]
  return one.origin === other.origin && one.pathname === other.pathname
}

/**
 * Registers our tabs and pods: what is missing is added, what differs is changed, nothing is doubled and nothing of
 * others is touched. Where we may not, the rows say what a person types by hand. Throws a Problem when even reading fails.
 */
export async function registerScreens(deps: Deps, scope: Scope): Promise<Registered> {
  const connectWise = await deps.connectWise(scope)
  const read = await readHosted(connectWise)
  if (!read) return byHand(deps, scope)
  const { screens, setups } = read
  const wanted = wantedSetups(deps.config.PUBLIC_URL, scope.tenant, screens)
  const rows: Registration[] = []
  const doubled: number[] = []
  for (const one of wanted) {
    const [known, ...further] = setups.filter((setup) => isOurs(setup, one)).sort((a, b) => a.id - b.id)
    doubled.push(...further.map(({ id }) => id))
    rows.push(await registerOne(connectWise, one, known))
  }
  const offered = new Set(wanted.map(({ screen }) => screen))
  const notOffered = places.map(({ screen }) => screen).filter((screen) => !offered.has(screen))
  return { rows, notOffered, doubled }
}

/** undefined when we may not even look. */
async function readHosted(connectWise: ConnectWise) {
  try {
    return { screens: await connectWise.listHostedScreens(), setups: await connectWise.listHostedSetups() }
  } catch (error) {
    if (error instanceof Problem && error.kind === 'forbidden') return undefined
    throw error
  }
}

/** What a person types under Setup Tables › General › Manage Hosted API, where we cannot. */
function byHand({ config }: Deps, { tenant }: Scope): Registered {
  const screens = places.map(({ screen }) => ({ id: 0, screenId: screen, name: screen }))
  const rows = wantedSetups(config.PUBLIC_URL, tenant, screens)
  return { rows: rows.map((row) => ({ ...row, state: 'byHand' as const })), notOffered: [], doubled: [] }
}

async function registerOne(
  connectWise: ConnectWise,
  wanted: WantedSetup,
  known: HostedSetup | undefined,
): Promise<Registration> {
  const { screen: _, ...fields } = wanted
  if (!known) return { ...wanted, ...stateOf(await connectWise.addHostedSetup(fields), 'added') }
  const { description: __, ...ours } = fields
  const differing = Object.entries(ours).filter(([name, value]) => known[name as keyof typeof ours] !== value)
  if (differing.length === 0) return { ...wanted, state: 'known' }
  const outcome = await connectWise.updateHostedSetup(known.id, Object.fromEntries(differing))
  return { ...wanted, ...stateOf(outcome, 'changed') }
}

function stateOf(outcome: HostedOutcome, done: 'added' | 'changed'): Pick<Registration, 'state' | 'cause'> {
  if (outcome.outcome === 'done') return { state: done }
  if (outcome.outcome === 'forbidden') return { state: 'byHand', cause: outcome.message }
  return { state: outcome.outcome, cause: outcome.message }
}
