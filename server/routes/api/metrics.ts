import type { Context } from 'hono'
import { type Metrics, readMetrics } from '#db/metrics.ts'
import type { Deps } from '#server/deps.ts'

type Sample = [labels: Record<string, string>, value: number]

/** `GET /metrics`: Prometheus text over all tenants, naming none. Not to be published by the operator's proxy. */
export const getMetrics = (deps: Deps) => async (c: Context) =>
  c.text(render(await readMetrics(deps.db), deps.now()), 200, {
    'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
  })

function render(metrics: Metrics, now: number): string {
  const unknownMs = metrics.oldestUnknownSentAt === undefined ? 0 : now - metrics.oldestUnknownSentAt
  return [
    family('sync_runs_total', 'counter', 'Runs by result', labelled('result', metrics.runs)),
    family('intents', 'gauge', 'Recorded writes by state', labelled('state', metrics.intents)),
    family('intent_unknown_age_seconds', 'gauge', 'Age of the oldest write of unknown outcome', [
      [{}, unknownMs / 1000],
    ]),
    family('plan_held_total', 'gauge', 'Holds of the plans that wait now, by rule', labelled('rule', metrics.held)),
    family('sync_last_success_timestamp', 'gauge', 'When a run last ended well, Unix seconds', [
      [{}, (metrics.lastSuccessAt ?? 0) / 1000],
    ]),
  ].join('')
}

const labelled = (name: string, counts: Record<string, number>): Sample[] =>
  Object.entries(counts).map(([value, n]) => [{ [name]: value }, n])

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}=${JSON.stringify(text)}`)
    return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}
