import { dayIn } from '#billing/period.ts'
import type { Summary } from '#sync/summary.ts'
import { syncNow } from '#sync/sync.ts'
import type { Demo } from './demo-parts.ts'
import { contoso } from './demo-world.ts'

const wholeLife = { stopping: () => false }

/** The platform pushes what it counts now, over HTTP. */
export async function push({ platform, trueup }: Demo): Promise<void> {
  const today = dayIn('UTC', trueup.deps.now())
  const answer = await platform.push(platform.counts(today.slice(0, 7)))
  if (answer.status !== 202) throw new Error(`TrueUp answered ${answer.status} to a snapshot: ${await answer.text()}`)
}

/** The platform has pushed every evening for a month. */
export async function pushHistory({ platform }: Demo): Promise<void> {
  for (let daysAgo = 30; daysAgo > 0; daysAgo--) {
    const answer = await platform.push(platform.countsBefore(daysAgo))
    if (answer.status !== 202) throw new Error(`TrueUp answered ${answer.status}: ${await answer.text()}`)
  }
}

/** A run on demand, of everything or of one source, and how many writes ConnectWise saw. */
export async function sync(
  { trueup, scope, manage }: Demo,
  { approveAs, source }: { approveAs?: string; source?: string } = {},
): Promise<{ summary: Summary; writes: number }> {
  const before = manage.requests.length
  const asked = {
    startedBy: 'demo',
    ...(approveAs === undefined ? {} : { approveAs }),
    ...(source === undefined ? {} : { source }),
  }
  const summary = await syncNow(trueup.deps, scope, asked, wholeLife)
  const writes = manage.requests.slice(before).filter(({ method }) => method !== 'GET').length
  return { summary, writes }
}

/** How many mapped additions hold what the platform counts, as ConnectWise and the platform say themselves. */
export function equality({ world, platform, mappings }: Demo): string {
  const equal = mappings.filter(
    ({ account, addition }) =>
      world.additions.get(addition)?.quantity === platform.customers.get(account)?.users.length,
  )
  return `${equal.length} of ${mappings.length} mapped additions equal the platform's counts.`
}

/** Each change that waits, with its reason. */
export function waiting({ platform }: Demo, { details }: Summary): string[] {
  return details
    .filter(({ outcome }) => outcome === 'held' || outcome === 'failed' || outcome === 'unknown')
    .map(
      ({ account, addition, reason }) =>
        `${nameOf(platform, account)}, addition ${addition ?? 'to be made'}: ${reason}`,
    )
}

/** Two people start at Contoso and the platform says so; nothing is written yet. */
export async function growContoso(demo: Demo): Promise<string> {
  const { platform, mappings, world } = demo
  platform.join(contoso, { name: 'Nora Quist' })
  platform.join(contoso, { name: 'Omar Reyes' })
  await push(demo)
  const mapping = mappings.find(({ account }) => account === contoso)
  const held = world.additions.get(mapping?.addition ?? 0)?.quantity
  const counted = platform.customers.get(contoso)?.users.length
  return `Then two people started at ${nameOf(platform, contoso)}: the platform counts ${counted}, ConnectWise holds ${held}.`
}

/** A few people start and leave, at customers chosen by chance; says who. */
export function moveSomeUsers({ platform, mappings }: Demo): string[] {
  const joinedAt = new Set(Array.from({ length: 3 }, () => pick(mappings).account))
  const leftAt = pick(mappings.filter(({ account }) => !joinedAt.has(account))).account
  const joined = [...joinedAt].map((account) => {
    platform.join(account)
    return `+1 at ${nameOf(platform, account)}`
  })
  const leaver = platform.customers.get(leftAt)?.users.at(-1)
  if (leaver) platform.leave(leftAt, leaver.id)
  return [...joined, `−1 at ${nameOf(platform, leftAt)}`]
}

const nameOf = ({ customers }: Demo['platform'], account: string): string => customers.get(account)?.name ?? account

function pick<T>(values: readonly T[]): T {
  const value = values[Math.floor(Math.random() * values.length)]
  if (value === undefined) throw new Error('there is nothing to pick')
  return value
}
