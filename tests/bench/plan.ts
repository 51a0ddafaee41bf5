import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { type Report, spreadOf, spreadText } from './measure.ts'
import type { PlanCost } from './plan-once.ts'

const runs = 5
const cpuLimitMs = 1000
const memoryLimitMb = 200
const mb = (bytes: number) => bytes / 1024 ** 2

/** TRUST B5: the pure core alone, built as `npm run build` builds it, each time in a fresh process. */
export async function plan(report: Report): Promise<void> {
  const costs = await measure()
  const [first] = costs
  if (first?.changes !== 3000 || first.held > 0 || first.unchanged !== 97_000)
    throw new Error(`not the plan that was to be measured: ${JSON.stringify(first)}`)
  const cpu = spreadOf(costs.map((cost) => cost.cpuMs))
  const peak = spreadOf(costs.map((cost) => mb(cost.peakBytes)))
  const input = spreadOf(costs.map((cost) => mb(cost.inputBytes)))
  console.log('  100000 additions in 20000 agreements, 3000 of them changed')
  report({
    what: `CPU of planning and guarding, median of ${runs} processes`,
    measured: `${cpu.median.toFixed(0)} ms (${spreadText(cpu, 0)})`,
    beside: `limit ${cpuLimitMs} ms`,
    ratio: cpu.median / cpuLimitMs,
    atMost: 1,
  })
  report({
    what: 'heap and external memory at their highest, the input included',
    measured: `${peak.median.toFixed(0)} MB (${spreadText(peak, 0)}), the input alone ${input.median.toFixed(0)} MB`,
    beside: `limit ${memoryLimitMb} MB`,
    ratio: peak.median / memoryLimitMb,
    atMost: 1,
  })
}

async function measure(): Promise<PlanCost[]> {
  const folder = await mkdtemp(join(tmpdir(), 'trueup-bench-'))
  const outfile = join(folder, 'plan-once.mjs')
  const entry = fileURLToPath(new URL('plan-once.ts', import.meta.url))
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', target: 'node20', format: 'esm' })
  const costs: PlanCost[] = []
  for (let run = 0; run < runs; run++) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', outfile])
    costs.push(JSON.parse(stdout))
  }
  await rm(folder, { recursive: true })
  return costs
}
