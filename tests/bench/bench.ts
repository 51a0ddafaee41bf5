import { grid } from './grid.ts'
import { lines } from './lines.ts'
import type { Benchmark, Measurement } from './measure.ts'
import { plan } from './plan.ts'
import { requests } from './requests.ts'
import { weight } from './weight.ts'

const benchmarks: Readonly<Record<string, Benchmark>> = { requests, plan, weight, grid, lines }

const names = process.argv.slice(2)
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(benchmarks).join(', ')}.`)
  process.exit(64)
}

let missed = 0
for (const [name, benchmark] of Object.entries(benchmarks)) {
  if (names.length > 0 && !names.includes(name)) continue
  console.log(`\n${name}`)
  await benchmark(print)
}
process.exitCode = missed > 0 ? 1 : 0

function print({ what, measured, beside, ratio, atMost }: Measurement): void {
  const isMissed = atMost !== undefined && !(ratio <= atMost)
  if (isMissed) missed++
  const target = atMost === undefined ? '' : `  ≤ ${atMost}  ${isMissed ? 'FAIL' : 'PASS'}`
  console.log(`  ${what}: ${measured}, ${beside}, ratio ${ratio.toFixed(3)}${target}`)
}
