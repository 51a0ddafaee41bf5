import { monthName, timeIn, zonedTimeIn } from '#billing/period.ts'
import { countAttention, listFinishedRuns } from '#db/attention.ts'
import { type LineLoad, listLineLoads } from '#db/line-loads.ts'
import { countOpenLines, type OpenLines } from '#db/lines-attention.ts'
import { type LogRow, listLogs } from '#db/logs.ts'
import { listSchedules, type Schedule } from '#db/schedules.ts'
import { isInstallationStopped, type Tenant } from '#db/tenants.ts'
import { causeOf } from '#routes/cause.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import type { Viewer } from '#session/viewer.ts'
import { whyDisabled } from '#sync/settings/disable.ts'
import { listHeard, silentHours } from '#sync/sources/heard.ts'
import { type Check, HelpScreen } from '#views/hub/help.tsx'

const lateHours = 26
const reportedErrors = 5

/** `GET /help` (Q2, Q8, Q13, X19). */
export const getHelp = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const facts = await readFacts(deps, viewer)
  const checks = checksOf(facts)
  return fragment(c, HelpScreen, { standing: standingOf(viewer), checks, report: reportOf(facts, checks) })
}

interface Facts {
  now: number
  tenant: Tenant
  schedules: readonly Schedule[]
  last: { at: number; state: string; cause?: string } | undefined
  parked: number
  silent: readonly string[]
  /** Platforms that are asked and could not be read. */
  unread: readonly string[]
  sources: number
  stopped: boolean
  errors: readonly LogRow[]
  lines: OpenLines
  loads: readonly LineLoad[]
}

async function readFacts(deps: Deps, viewer: Viewer): Promise<Facts> {
  const { scope, tenant } = viewer
  const now = deps.now()
  const [schedules, [run], heard, stopped, errors, { parked }, lines, loads] = await Promise.all([
    listSchedules(scope),
    listFinishedRuns(scope, 1),
    listHeard(deps, scope),
    isInstallationStopped(deps.db),
    listLogs(scope, { since: 0, level: 'error', readable: 'all' }, { size: reportedErrors, number: 1 }),
    countAttention(scope, null),
    countOpenLines(scope),
    listLineLoads(scope),
  ])
  return {
    ...{ now, tenant, schedules, parked, errors, lines, loads },
    last: run && { at: run.finishedAt ?? run.startedAt, state: run.state, ...causeOf(run.cause, viewer) },
    silent: heard.filter(({ isSilent }) => isSilent).map(({ source }) => source.name),
    unread: heard.flatMap(({ source: { name, problem } }) => (problem === null ? [] : [`${name}: ${problem}`])),
    sources: heard.length,
    stopped: stopped || tenant.killSwitch,
  }
}

/** In the order in which they are worth asking. */
const checksOf = (facts: Facts): Check[] => [
  connected(facts.tenant),
  scheduled(facts.schedules),
  ranLately(facts),
  mayWrite(facts),
  stillThere(facts.parked),
  heardFrom(facts),
  ...linesPosted(facts),
]

function connected({ state, stateCause }: Tenant): Check {
  const answers = {
    connected: 'ConnectWise accepts the keys.',
    attention: stateCause ?? 'ConnectWise refused the keys.',
    disconnected: 'No keys are stored.',
  }
  const step = { path: '/settings/authentication', text: 'Look at the connection' }
  return { question: 'Is ConnectWise connected?', ok: state === 'connected', answer: answers[state], step }
}

function scheduled(schedules: readonly Schedule[]): Check {
  const ok = schedules.some(({ enabled }) => enabled)
  const answer = ok ? 'It runs every day.' : 'It runs on demand only.'
  return {
    question: 'Is the schedule on?',
    ok,
    answer,
    step: { path: '/settings/schedule', text: 'Look at the schedule' },
  }
}

function ranLately({ last, now, tenant }: Facts): Check {
  const question = `Did the last run end well, within the last ${lateHours} hours?`
  const step = { path: '/runs', text: 'Look at the runs' }
  if (!last) return { question, ok: false, answer: 'It has never run.', step }
  const answer = `The last run ended ${zonedTimeIn(tenant.zone, last.at)} as ${last.state}.`
  const ok = last.state !== 'failed' && now - last.at < lateHours * 3_600_000
  return { question, ok, answer: last.cause === undefined ? answer : `${answer} ${last.cause}`, step }
}

function mayWrite({ tenant, stopped }: Facts): Check {
  const question = 'May it write?'
  const disabled = whyDisabled(tenant)
  if (disabled !== undefined)
    return { question, ok: false, answer: disabled, step: { path: '/settings/schedule', text: 'Look at the switch' } }
  if (stopped) return { question, ok: false, answer: 'The kill switch is on.' }
  if (tenant.mode === 'reconcile')
    return { question, ok: false, answer: 'It was restored from a backup and is still being compared.' }
  if (tenant.mode === 'live') return { question, ok: true, answer: 'Yes, within the limits.' }
  const answer = 'Scheduled runs plan and write nothing until a first plan is approved.'
  return { question, ok: false, answer, step: { path: '/plans', text: 'Look at the plans' } }
}

function stillThere(parked: number): Check {
  const question = 'Are the agreements and additions still there?'
  const step = { path: '/mappings?status=parked', text: 'Look at them' }
  if (parked === 0) return { question, ok: true, answer: 'Every included mapping has its addition.' }
  return { question, ok: false, answer: `${parked} of the mappings are parked.`, step }
}

function heardFrom({ silent, unread, sources }: Facts): Check {
  const question = 'Do the sources report?'
  if (sources === 0)
    return { question, ok: false, answer: 'No source is connected.', step: { path: '/setup', text: 'Add one' } }
  if (unread.length > 0) return { question, ok: false, answer: `Could not be read: ${unread.join(' ')}` }
  if (silent.length === 0) return { question, ok: true, answer: `All of them, within the last ${silentHours} hours.` }
  return { question, ok: false, answer: `Silent for more than ${silentHours} hours: ${silent.join(', ')}.` }
}

/** Of tenants whose sources bill by invoice line: what is not posted, and why (X19). */
function linesPosted({ lines, loads, tenant }: Facts): Check[] {
  const newest = loads
    .map(({ period }) => period)
    .sort()
    .at(-1)
  if (newest === undefined) return []
  const question = 'Are the invoice lines posted?'
  const step = { path: '/lines', text: 'Look at the lines' }
  const waits = [
    ...(tenant.defaultAgreementTypeId === null ? ['no agreement type is chosen'] : []),
    ...(tenant.lineSettings.daily ? [] : ['the daily run does not post them']),
    ...counted(lines.unmapped, 'not mapped'),
    ...counted(lines.held, 'waiting for a person'),
    ...counted(lines.error, 'refused or not certain yet'),
  ]
  const ok = lines.unmapped + lines.held + lines.error === 0 && tenant.defaultAgreementTypeId !== null
  const said = `Loaded up to ${monthName(newest)}; ${lines.open} not synced`
  return [{ question, ok, answer: `${[said, ...waits].join(', ')}.`, step }]
}

const counted = (n: number, what: string): string[] => (n === 0 ? [] : [`${n} ${what}`])

/** What support needs: no customer, no secret. */
function reportOf({ tenant, now, errors }: Facts, checks: readonly Check[]): string {
  return [
    `TrueUp for ${tenant.id}, ${zonedTimeIn(tenant.zone, now)}`,
    `ConnectWise ${tenant.version ?? 'of unknown version'} at ${tenant.apiOrigin}, ${tenant.mode}`,
    ...checks.map(({ question, ok, answer }) => `${question} ${ok ? 'Yes' : 'No'}. ${answer}`),
    ...errors.map(
      ({ at, event, runId }) => `${timeIn(tenant.zone, at)} ${event}${runId === null ? '' : `, run ${runId}`}`,
    ),
  ].join('\n')
}
