import { expect, it } from 'vitest'
import { noCounts } from '#billing/summary.ts'
import { countLogs, listLogs } from '#db/logs.ts'
import { type JournalRow, journalOf } from '#sync/journal.ts'
import { givenContoso } from '../given.ts'
import { status } from '../sandbox/manage/faults.ts'
import type { App } from '../start.ts'
import { eachStore } from '../stores.ts'
import { patch } from './tools.ts'

const told = async ({ scope }: App) =>
  (await listLogs(scope, { since: 0, readable: 'all' }, { size: 50, number: 1 })).map(
    ({ level, text }) => `${level}: ${text}`,
  )

eachStore((open) => {
  it('a run tells what it changed and how it ended, once, however often it is finished (X14)', async () => {
    const app = await givenContoso(open, 10)
    await app.say({ 'A-17': 12 })
    await app.sync()
    expect(await told(app)).toEqual([
      'info: Account A-17, addition 301: updated, quantity from 10 to 12.',
      'info: Run done: 1 updated.',
    ])
    await app.close()
  })

  it('what is skipped is a warning once per reason, being excluded is none, and what failed has its cause (X8)', async () => {
    const app = await givenContoso(open, 10)
    await app.say({ 'A-17': 12, 'A-18': 1, 'A-19': 2 })
    app.manage.faults.add({
      match: { ...patch },
      fault: status(400, { body: { code: 'InvalidObject', message: 'Quantity is locked' } }),
    })
    await app.sync()
    const lines = await told(app)
    expect(lines).toContain('warning: 2 rows skipped: unmapped.')
    expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(2)
    expect(lines.join()).toMatch(/error: Account A-17, addition 301: .*Quantity is locked/)
    expect(
      await countLogs(app.scope, { since: 0, readable: 'all', level: 'error', text: 'quantity IS locked' }),
    ).toMatchObject({
      total: 1,
    })
    await app.close()
  })
})

it('a night of thousands of failures tells of a hundred and counts the rest', () => {
  const row = { accounts: ['A'], sourceId: 's', companyId: 1, agreementId: 2, additionId: 3, productId: null }
  const failed = { ...row, change: 'update', before: {}, after: {}, outcome: 'failed', outcomeReason: 'no', reason: '' }
  const rows = Array.from({ length: 3000 }, (_, seq) => ({ ...failed, seq }) as JournalRow)
  const run = { id: 'run', planId: 'plan', startedBy: 'schedule' }
  const entries = journalOf(run, { state: 'failed', counts: { ...noCounts, failed: 3000 }, at: 1 }, rows, new Map())
  expect(entries).toHaveLength(102)
  expect(entries.map(({ text }) => text)).toContain('2900 further changes failed.')
})
