import { countNights, type Received } from './counts.ts'
import { timeNight } from './live.ts'
import { floor, inTurns, type Measurement, type Report, ratios, spreadOf, spreadText, timed } from './measure.ts'
import { bound, size } from './night.ts'
import { timeSequential } from './sequential.ts'

const latencyMs = 50
const inFlight = 4
const pairs = 5

/** TRUST B1, B2 and B3: what a night asks of ConnectWise, beside what no night can do without. */
export async function requests(report: Report): Promise<void> {
  const listed = await countNights({ report: false })
  const reported = await countNights({ report: true })
  console.log(`  ${size.additions} additions in ${size.agreements} agreements, ${size.changed} of them changed`)
  report(requestsBeside('report off', listed.changed, bound.withoutReport, '⌈A/1000⌉ + A + W'))
  report(requestsBeside('report on', reported.changed, bound.withReport, '⌈N/1000⌉ + ⌈A/1000⌉ + W'))
  for (const [how, { changed, unchanged }] of [
    ['report off', listed],
    ['report on', reported],
  ] as const)
    for (const line of unchangedNight(how, changed, unchanged)) report(line)
  const ours = await wallTime(report)
  await sequentialScript(report, listed.changed.requests, ours)
}

const requestsBeside = (how: string, { requests }: Received, least: number, words: string): Measurement => ({
  what: `${how}: requests of the night`,
  measured: `${requests}`,
  beside: `bound ${words} = ${least}`,
  ratio: requests / least,
  atMost: 1.02,
})

function unchangedNight(how: string, changed: Received, unchanged: Received): Measurement[] {
  const least = changed.requests - changed.writes
  const perAddition = (bytes: number) => Math.round(bytes / size.additions)
  const compressed = perAddition(unchanged.compressed)
  return [
    {
      what: `${how}: requests of the next, unchanged night`,
      measured: `${unchanged.requests}`,
      beside: `the reads alone ${least}, +2 for companies and products when our copy is older than 20 h`,
      ratio: unchanged.requests / least,
    },
    {
      what: `${how}: its writes`,
      measured: `${unchanged.writes}`,
      beside: `${changed.writes} the night before`,
      ratio: unchanged.writes / changed.writes,
      atMost: 0,
    },
    {
      what: `${how}: its bytes received per addition, compressed as the client asks for`,
      measured: `${compressed} (${perAddition(unchanged.bytes)} unpacked)`,
      beside: 'limit 180',
      ratio: compressed / 180,
      atMost: 1,
    },
  ]
}

/** Returns the median of our times in milliseconds. */
async function wallTime(report: Report): Promise<number> {
  const night = () => timeNight({ report: false, latencyMs, inFlight })
  const least = () => timed(() => floor(bound.withoutReport, latencyMs, inFlight))
  const times = await inTurns(pairs, night, least)
  const ours = spreadOf(times.ours)
  const leastMs = (bound.withoutReport * latencyMs) / inFlight
  report({
    what: `report off: wall time at ${latencyMs} ms, ${inFlight} in flight, median of ${pairs}`,
    measured: `${ours.median.toFixed(0)} ms (${spreadText(ours, 0)})`,
    beside: `bound ${bound.withoutReport} × ${latencyMs} / ${inFlight} = ${leastMs.toFixed(0)} ms`,
    ratio: ours.median / leastMs,
    atMost: 1.15,
  })
  const pairwise = spreadOf(ratios(times.ours, times.other))
  report({
    what: 'the same beside as many timers, in turns',
    measured: `pairwise ratios ${spreadText(pairwise, 3)}`,
    beside: `timers ${spreadText(spreadOf(times.other), 0)} ms`,
    ratio: pairwise.median,
  })
  return ours.median
}

async function sequentialScript(report: Report, requests: number, oursMs: number): Promise<void> {
  const script = await timeSequential(latencyMs)
  report({
    what: `report off: requests beside a sequential script over connectwise-rest`,
    measured: `${requests}`,
    beside: `the script's ${script.requests}, ${script.patches} of them PATCH`,
    ratio: requests / script.requests,
  })
  report({
    what: `report off: wall time beside that script`,
    measured: `${(oursMs / 1000).toFixed(1)} s`,
    beside: `the script's ${(script.ms / 1000).toFixed(1)} s, ${(script.ms / oursMs).toFixed(1)} × ours`,
    ratio: oursMs / script.ms,
  })
}
