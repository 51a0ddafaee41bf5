import { createInterface } from 'node:readline'
import { reasonOf } from '#server/log.ts'
import { endWell } from '#server/node/shutdown.ts'
import { Problem } from '#server/problem.ts'
import { openMarketplace } from './demo-market.ts'
import { equality, growContoso, moveSomeUsers, push, pushHistory, sync, waiting } from './demo-night.ts'
import { type Demo, type DemoPorts, startDemo } from './demo-parts.ts'

const { PORT = '4600', SANDBOX_PORT = '4601', LOG_LEVEL = 'warn' } = process.env

try {
  const demo = await startDemo(portsOf(PORT, SANDBOX_PORT), LOG_LEVEL)
  const keys = createInterface({ input: process.stdin })
  endWell(demo.trueup.deps.log, async () => {
    keys.close()
    await demo.stop()
  })
  say(...partsOf(demo), '')
  await firstNight(demo)
  say('', 'r + Enter: a few users start and leave, the platform pushes, TrueUp syncs.   Ctrl-C stops everything.')
  say('', `Open ${demo.sandbox.origin}`)
  await takeOrders(demo, keys)
} catch (error) {
  process.stderr.write(`${error instanceof Problem ? error.message : reasonOf(error)}\n`)
  process.exit(1)
}

function portsOf(app: string, sandbox: string): DemoPorts {
  const isPort = /^\d{1,5}$/.test(sandbox) && Number(sandbox) <= 65_535
  if (!isPort) throw new Problem('invalid', 'SANDBOX_PORT: expected a whole number from 0 to 65535')
  return { app, sandbox: Number(sandbox) }
}

function partsOf({ trueup, sandbox, world, platform, platformOrigin, mappings }: Demo): string[] {
  const users = [...platform.customers.values()].reduce((sum, { users }) => sum + users.length, 0)
  return [
    `TrueUp                ${trueup.address}  data in ${trueup.deps.config.DATABASE_PATH}, removed at the end`,
    `sandbox ConnectWise   ${sandbox.origin}  ${world.companies.size} companies, ${world.additions.size} additions`,
    `vendor platform       ${platformOrigin}  pushes counts of ${users} users, is asked for usage and invoice lines; ${mappings.length} of ${platform.customers.size} customers mapped`,
  ]
}

async function firstNight(demo: Demo): Promise<void> {
  await pushHistory(demo)
  await push(demo)
  const first = await sync(demo, { approveAs: 'demo' })
  const { updated, unchanged } = first.summary.changes
  say(`The first sync changed ${updated} additions, found ${unchanged} right, in ${first.summary.requests} requests.`)
  say(equality(demo), ...waitingLines(demo, first.summary))
  const second = await sync(demo)
  say(`A second sync made ${second.writes} writes.`)
  say(await openMarketplace(demo))
  say(await growContoso(demo))
}

function waitingLines(demo: Demo, summary: Parameters<typeof waiting>[1]): string[] {
  const lines = waiting(demo, summary)
  return lines.length === 0
    ? ['Nothing waits for a person.']
    : [`${lines.length} wait:`, ...lines.map((line) => `  ${line}`)]
}

async function takeOrders(demo: Demo, keys: AsyncIterable<string>): Promise<void> {
  for await (const line of keys) {
    if (line.trim() !== 'r') continue
    const moved = moveSomeUsers(demo)
    await push(demo)
    const { summary, writes } = await sync(demo, { source: demo.source })
    say('', moved.join(', '), `${writes} writes. ${equality(demo)}`, ...waitingLines(demo, summary))
  }
}

function say(...lines: string[]): void {
  for (const line of lines) console.log(line)
}
