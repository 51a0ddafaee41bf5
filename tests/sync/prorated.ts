import { ruleText } from '#billing/rule.ts'
import { givenContoso } from '../given.ts'
import { instantText } from '../sandbox/manage/calendar.ts'
import { invoice, removeInvoice } from '../sandbox/manage/invoicing.ts'
import type { AgreementRecord } from '../sandbox/manage/records.ts'
import type { Options } from '../start.ts'
import type { Open } from '../stores.ts'

const rule = { write: ['quantity' as const], prorate: true }

/** Contoso with ten units at 10.00 on a prorating agreement, prorated since its readings of `since`. */
export async function givenProrated(
  open: Open,
  {
    since = '2026-11-02',
    agreement = {},
    ...options
  }: Options & { since?: string; agreement?: Partial<AgreementRecord> },
) {
  const app = await givenContoso(open, 10, { at: `${since}T12:00:00Z`, ...options })
  Object.assign(app.agreement, { prorateFlag: true, ...agreement })
  const mapping = await app.map({ ...app.mapping, rule, confirmedRule: ruleText(rule) })
  const set = (day: string) => app.clock.set(Date.parse(`${day}T12:00:00Z`))
  /** A complete snapshot of a day, and a run on it. */
  const count = async (day: string, quantity: number, asked: Parameters<typeof app.sync>[0] = {}) => {
    set(day)
    await app.say({ 'A-17': quantity })
    return app.sync(asked)
  }
  await count(since, 10)
  app.manage.requests.length = 0
  return Object.assign(app, {
    mapping,
    set,
    count,
    /** The agreement's lines: quantity, and the days of those that have some. */
    lines: () =>
      app.world.additions.of(87).map(({ id, quantity, effectiveDate = '', cancelledDate = '' }) => {
        if (id === 301) return `${quantity}`
        return `${quantity} from ${effectiveDate.slice(0, 10)} to ${cancelledDate.slice(0, 10) || 'open'}`
      }),
    /** What the next invoice comes to. */
    invoice: () => {
      const { lines } = invoice(app.world, app.agreement, instantText(app.clock.now()), 'jsmith')
      return Math.round(lines.reduce((sum, line) => sum + line.amount, 0) * 100) / 100
    },
    takeBack: () => {
      const made = app.world.invoices.rows().at(-1)
      if (made) removeInvoice(app.world, made)
    },
  })
}
