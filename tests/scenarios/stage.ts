import Big from 'big.js'
import { type Rule, ruleText } from '#billing/rule.ts'
import { approvePlan } from '#sync/approve/approve.ts'
import { choose, type Decision } from '#sync/approve/choose.ts'
import type { Summary } from '#sync/summary.ts'
import { finishRun } from '#sync/sync.ts'
import { type Contoso, givenContoso } from '../given.ts'
import { invoice } from '../sandbox/manage/invoicing.ts'
import { type Options, wholeLife } from '../start.ts'
import type { Open } from '../stores.ts'

/** Contoso's agreement 87 with addition 301 at 10.00 USD a unit, and what people and TrueUp do to it. */
export interface Stage extends Contoso {
  /** A complete snapshot says so many users, and TrueUp syncs. */
  push(users: number, money?: object): Promise<Summary>
  /** Noon of a day. */
  on(day: string): void
  rule(rule: Rule): Promise<void>
  approve(run: Summary): Promise<void>
  decide(run: Summary, decision: Decision): Promise<void>
  /** Makes the agreement's next invoice and says what it comes to. */
  invoiced(): string
  /** The agreement's additions: `301 = 12, 302 = 2 from 2026-11-17 to 2026-11-30`. */
  additions(): string
}

/** `quantity` is held by 301 and was written by TrueUp before the scenario begins. */
export async function givenStage(
  open: Open,
  quantity: number,
  { agreement = {}, ...options }: Options & { agreement?: object } = {},
): Promise<Stage> {
  const app = await givenContoso(open, quantity, { at: '2026-11-05T12:00:00Z', ...options })
  app.manage.edit(app.agreement, agreement)
  const stage = {
    push: async (users: number, money?: object) => {
      await app.say({ 'A-17': users }, money ? { money } : {})
      return app.sync()
    },
    on: (day: string) => app.clock.set(Date.parse(`${day}T12:00:00Z`)),
    rule: async (rule: Rule) => void (await app.map({ ...app.mapping, rule, confirmedRule: ruleText(rule) })),
    approve: async ({ plan, run }: Summary) => {
      await approvePlan(app.deps, app.scope, plan ?? '', { member: 'Fay' })
      await app.clock.run(finishRun(app.deps, app.scope, run, wholeLife))
    },
    decide: async ({ plan, run }: Summary, decision: Decision) => {
      await choose(app.deps, app.scope, { plan: plan ?? '', seq: 0 }, 'Fay', decision)
      await app.clock.run(finishRun(app.deps, app.scope, run, wholeLife))
    },
    invoiced: () => amountOf(invoice(app.world, app.agreement, new Date(app.clock.now()).toISOString(), 'Batch').lines),
    additions: () => linesOf(app),
  }
  return Object.assign(app, stage)
}

const amountOf = (lines: readonly { amount: number }[]): string =>
  lines.reduce((sum, { amount }) => sum.plus(amount), new Big(0)).toFixed(2)

function linesOf({ world }: Contoso): string {
  return [...world.additions.values()]
    .filter(({ agreementId }) => agreementId === 87)
    .map((line, at) => `${line.id} = ${line.quantity}${at === 0 ? '' : daysOf(line)}`)
    .join(', ')
}

function daysOf({ effectiveDate, cancelledDate }: { effectiveDate?: string; cancelledDate?: string }): string {
  const from = effectiveDate ? ` from ${effectiveDate.slice(0, 10)}` : ''
  return `${from}${cancelledDate ? ` to ${cancelledDate.slice(0, 10)}` : ''}`
}

/** What a run did: `updated 1`, or `held: G2 falls by 3 …`. */
export const outcomeOf = ({ changes, details }: Summary): string => {
  const counts = Object.entries(changes).filter(([name, count]) => count > 0 && name !== 'unchanged')
  const said = counts.map(([name, count]) => `${name} ${count}`).join(', ') || 'nothing to write'
  const reasons = details.filter(({ outcome }) => outcome === 'held' || outcome === 'skipped' || outcome === 'failed')
  return [said, ...reasons.map(({ reason }) => reason)].join(': ')
}
