import { plainRule } from '#billing/rule.ts'
import { noCounts } from '#billing/summary.ts'
import { type Scope, save } from '#db/db.ts'
import * as schema from '#db/schema.ts'
import type { Seal } from '#db/seal.ts'
import { addSession } from '#db/sessions.ts'
import { seal as givenSeal } from '../store/given.ts'

export const source = { kind: 'push', name: 'Platform', settings: {}, billingPeriod: 'current' as const, createdAt: 1 }
const run = { id: 'run', startedBy: 'schedule', phase: 'applying' as const, state: 'running' as const }
export const plan = {
  id: 'plan',
  runId: 'run',
  state: 'waiting' as const,
  fingerprint: 'f',
  unchanged: 0,
  createdAt: 1,
}
export const closed = { closedBy: null, closedAt: null }
export const agreement = { id: 87, companyId: 250, name: 'Managed', nextInvoiceOn: '2026-12-01' }
export const addition = { id: 301, agreementId: 87, productId: 512, quantity: '12' }
const statement = {
  id: 'A-17',
  name: 'Contoso',
  readings: [
    { kind: 'metric' as const, name: 'users', quantity: '12' },
    { kind: 'sku' as const, name: 'M365-BP', quantity: '12' },
  ],
}
export const said = { kind: 'counts' as const, period: '2026-11', takenAt: 5, complete: true, accounts: [statement] }
export const receipt = { id: 'snapshot', sourceId: 'source', receivedAt: 5, bodyHash: 'h', idempotencyKey: 'key' }
export const schedule = { id: 'night', pattern: '0 2 * * *', zone: 'UTC', enabled: true, lastDay: '2026-11-20' }
export const mapping = {
  ...{ id: 'mapping', sourceId: 'source', account: 'A-17', reads: [{ metric: 'users' }], readsKey: 'k' },
  ...{ targetKey: 'addition:301', companyId: 250, agreementId: 87, additionId: null, productId: 512, leaveAlone: [] },
  ...{ include: true, rule: plainRule, parkedReason: null, parkedAt: null, confirmedTarget: null },
  ...{ confirmedRule: null, createdAt: 1, updatedAt: 1, followsSource: true },
}
const planRow = {
  ...{ seq: 1, key: 'addition:301', change: 'update' as const, sourceId: 'source', snapshotId: 'snapshot' },
  ...{ accounts: ['A-17'], mappings: ['mapping'], companyId: 250, agreementId: 87, additionId: 301, productId: 512 },
  ...{ effectiveOn: null, before: {}, after: {}, holds: [{ guard: 'G9', text: 't' }], reason: 'r', amount: null },
  ...{ outcome: 'held' as const, outcomeReason: null, attention: false },
}
export const intent = {
  ...{ id: 'intent', runId: 'run', planId: 'plan', rowSeq: 1, change: 'update' as const, agreementId: 87 },
  ...{ additionId: 301, naturalKey: 'addition:301', paramsHash: 'p', base: {}, desired: {}, needsApproval: false },
  ...{ state: 'planned' as const, open: 1, attempt: 0, createdAt: 1 },
}
export const lastValue = {
  ...{ additionId: 301, agreementId: 87, how: 'adopted' as const, marker: null, quantity: '12' },
  ...{ unitCost: null, unitPrice: null, updatedAt: 1 },
}
export const logEntry = {
  id: 'log',
  at: 1,
  level: 'info' as const,
  event: 'run.finished',
  text: 'Run done.',
  companyId: 250,
}
const now = { createdAt: 1, usedAt: 1, checkedAt: 1 }
export const session = { id: 'session', member: 'ann', memberName: 'Ann', role: 'finance' as const, ...now }
export const right = { subject: 'company:250', allowed: true, askedAt: 1 }
export const role = { subject: 'member' as const, name: 'ann', role: 'admin' as const, updatedBy: 'ann', updatedAt: 1 }
export const choice = {
  ...{ additionId: 301, choice: 'keep' as const, desired: { quantity: '12' }, until: null, member: 'ann', at: 1 },
}
export const proration = { additionId: 301, agreementId: 87, state: { history: [], charged: {} } }
export const datedLine = {
  ...{ additionId: 302, agreementId: 87, standingId: 301, kind: 'dated' as const },
  ...{ period: '2026-11-01', day: '2026-11-17' },
}
export const approval = { id: 'approval', planId: 'plan', fingerprint: 'f', member: 'ann', note: null, at: 1 }

export const skuProduct = {
  ...{ sourceId: 'source', sku: 'M365-BP', term: 'P1M', productId: 512, updatedAt: 1, updatedBy: 'ann' },
}

const posting = { lines: ['line'], source: 'source', account: 'A-17', identity: 'i', period: '2026-11' }

export const invoiceLine = {
  ...{ id: 'line', sourceId: 'source', account: 'A-17', period: '2026-11', line: 'L-1', origin: 'source' as const },
  ...{
    snapshotId: 'snapshot',
    loadedAt: 1,
    offer: 'M365-BP',
    subscription: '',
    billingCycle: '',
    chargeType: 'ItemFee',
  },
  said: { id: 'L-1', offer: 'M365-BP', chargeType: 'ItemFee', quantity: '1' },
  ...{ currency: 'USD', quantity: '1', chargeName: 'ItemFee', nameBadge: 'none' as const, effectiveOn: '2026-11-01' },
  ...{ effectiveBadge: 'none' as const, cancelledBadge: 'none' as const, leftOut: false, leaveAlone: [] },
  ...{ mapping: 'mapped' as const, companyId: 250, placedAgreementId: 87, status: 'not-synced' as const },
  change: 'edit',
}

const lineAddition = {
  ...{ additionId: 303, agreementId: 87, sourceId: 'source', account: 'A-17', kind: 'persistent' as const },
  ...{ identity: 'identity', period: '2026-11', isEndTyped: false, createdAt: 1 },
}
const seen = { firstSeenAt: 1, lastSeenAt: 1 }

export const lineLoad = {
  ...{ sourceId: 'source', period: '2026-11', snapshotId: 'snapshot', takenAt: 5, complete: true, lineCount: 1 },
  ...{ loadedAt: 5, loadedBy: 'ann' },
}

export const loading = { id: 'loading', by: 'ann', startedAt: 1, endedAt: 2, months: [] }

export const document = {
  ...{ agreementId: 87, sourceId: 'source', account: 'A-17', period: '2026-11', documentId: 7001 },
  ...{ contentHash: 'h', state: 'sending' as const, runId: 'run', sentAt: 1 },
}
export const contact = {
  ...{ companyId: 250, email: 'ann@contoso.example', contactId: 900, isOurs: true, inactive: false, readAt: 1 },
}

export const creation = {
  ...{ id: -1, record: 'product' as const, identity: 'product/m365-bp', state: 'wanted' as const },
  draft: { record: 'product' as const, identifier: 'M365-BP', description: 'Microsoft 365' } as never,
  ...{ createdBy: 'ann', createdAt: 1 },
}

const mapped = JSON.stringify({ source: 'source', account: 'A-17' })

export const wish = {
  ...{ additionId: 303, agreementId: 87, wish: 'end' as const, lastOn: '2026-11-30', toAgreementId: null },
  ...{ reason: 'a duplicate', stood: { productId: 512, quantity: '12' }, member: 'ann', at: 1 },
}

/** Rows of the owner in every table. */
export async function fill(scope: Scope, seal: Seal = givenSeal): Promise<void> {
  const { db, tenant } = scope
  const mine = { tenantId: tenant }
  await addSession(scope, seal, session, 'authentication')
  const body = { ...mine, body: {} as never, readAt: 1 }
  await save(db, [
    db.insert(schema.sources).values({
      ...{ ...source, ...mine, id: 'source', tokenHash: 'hash', loading },
      settings: { kind: 'invoice-lines' },
    }),
    db.insert(schema.roles).values([role, { ...role, name: 'bob' }].map((one) => ({ ...one, ...mine }))),
    db.insert(schema.refreshHandles).values({ ...mine, hash: 'handle', sessionId: 'session', createdAt: 1 }),
    db.insert(schema.memberRights).values({ ...mine, ...right, member: 'ann' }),
    db.insert(schema.snapshots).values({ ...said, ...receipt, ...mine, accountCount: 1, readingCount: 1 }),
    db
      .insert(schema.snapshotAccounts)
      .values({ ...mine, ...statement, snapshotId: 'snapshot', account: 'A-17', lines: [invoiceLine.said] }),
    db.insert(schema.accounts).values({
      ...mine,
      sourceId: 'source',
      account: 'A-17',
      name: 'C',
      agreementId: 87,
      firstSeenAt: 1,
      lastSeenAt: 1,
    }),
    db.insert(schema.accounts).values({
      ...mine,
      sourceId: 'source',
      account: 'A-18',
      name: 'F',
      ...seen,
      include: true,
      confirmedCompanyId: 9,
    }),
    db.insert(schema.accounts).values({
      ...{ ...mine, ...seen, sourceId: 'source', account: 'A-19', name: 'G', include: true, companyId: 250 },
    }),
    db
      .insert(schema.intents)
      .values({ ...intent, ...mine, id: 'referring', naturalKey: 'r', record: 'company', open: null }),
    db.insert(schema.invoiceLines).values({
      ...{ ...mine, ...invoiceLine, id: 'behind', line: 'L-8', status: 'synced', additionId: 303 },
    }),
    db.insert(schema.invoiceLines).values({
      ...{ ...mine, ...invoiceLine, id: 'nowhere', line: 'L-9', mapping: 'unmapped' },
      changed: invoiceLine.said,
    }),
    db.insert(schema.skuProducts).values({ ...mine, ...skuProduct }),
    db.insert(schema.documents).values({ ...mine, ...document }),
    db.insert(schema.invoiceLines).values({ ...mine, ...invoiceLine }),
    db.insert(schema.invoiceLines).values({
      ...{
        ...mine,
        ...invoiceLine,
        id: 'posted',
        line: 'L-2',
        status: 'synced',
        additionId: 301,
        chargeKind: 'one-time',
      },
      changed: invoiceLine.said,
    }),
    db.insert(schema.invoiceLines).values({
      ...{ ...mine, ...invoiceLine, id: 'correction', line: 'L-2 correction 1' },
      ...{ origin: 'correction', correctionOf: 'posted', chargeKind: 'recurring' },
    }),
    db.insert(schema.lineAdditions).values({ ...mine, ...lineAddition }),
    db.insert(schema.additionWishes).values({ ...mine, ...wish, state: 'wanted' }),
    db.insert(schema.snapshots).values({
      ...{ ...said, ...receipt, ...mine, id: 'told', kind: 'invoice-lines', idempotencyKey: null },
      ...{ accountCount: 1, readingCount: 1, takenAt: 1 },
    }),
    db.insert(schema.lineLoads).values({ ...mine, ...lineLoad }),
    db.insert(schema.contacts).values({ ...mine, ...contact }),
    db.insert(schema.creations).values({ ...mine, ...creation }),
    db.insert(schema.creations).values({
      ...{ ...mine, ...creation, id: -2, record: 'agreement', identity: 'agreement/250/7' },
      draft: { record: 'agreement', companyId: 250, typeId: 7 } as never,
    }),
    db.insert(schema.mappings).values({
      ...{ ...mapping, ...mine, id: 'placing', readsKey: 'l', include: false },
      reads: [{ offer: 'M365-BP', chargeType: 'ItemFee' }],
    }),
    db.insert(schema.mappings).values({ ...mapping, ...mine }),
    db.insert(schema.mappings).values({ ...mapping, ...mine, id: 'parked', readsKey: 'p', parkedReason: 'ended' }),
    db.insert(schema.agreements).values({ ...body, id: 87, companyId: 250, gone: false, movedBackFrom: '2026-12-01' }),
    db.insert(schema.additions).values({ ...body, id: 301, agreementId: 87 }),
    db.insert(schema.logs).values({ ...logEntry, ...mine }),
    db.insert(schema.companies).values({ ...body, id: 250, name: 'Contoso', agreementsListedAt: 1 }),
    db.insert(schema.products).values({ ...body, id: 512, body: { identifier: 'SEC-USER' } as never }),
    db.insert(schema.lastValues).values({ ...lastValue, ...mine }),
    db.insert(schema.prorations).values({ ...proration, ...mine, updatedAt: 1 }),
    db.insert(schema.datedLines).values({ ...datedLine, ...mine, createdAt: 1 }),
    db.insert(schema.conflictChoices).values({ ...choice, ...mine }),
    db.insert(schema.plans).values({ ...plan, ...closed, ...mine, id: 'ended' }),
    db.insert(schema.runs).values({ ...run, ...mine, requests: 0, counts: noCounts, startedAt: 1 }),
    db.insert(schema.plans).values({ ...plan, ...closed, ...mine }),
    db.insert(schema.planRows).values({ ...planRow, ...mine, planId: 'plan' }),
    db.insert(schema.planRows).values({ ...planRow, ...mine, planId: 'ready', outcome: 'updated' }),
    db.insert(schema.planRows).values({ ...planRow, ...mine, planId: 'plan', seq: 2, outcome: 'failed', posting }),
    db
      .insert(schema.planRows)
      .values({ ...planRow, ...mine, planId: 'plan', seq: 8, change: null, outcome: 'skipped', reason: 'unmapped' }),
    db.insert(schema.approvals).values({ ...approval, ...mine }),
    db.insert(schema.intents).values({ ...intent, ...mine }),
    db.insert(schema.intents).values({
      ...intent,
      ...mine,
      id: 'orphan',
      naturalKey: 'n',
      state: 'sending',
      fence: 0,
      posting: { ...posting, lines: ['correction'] },
    }),
    db.insert(schema.runs).values({
      ...run,
      ...mine,
      id: 'ended',
      phase: 'final',
      state: 'done',
      requests: 0,
      startedAt: 0,
      finishedAt: 1,
    }),
    db.insert(schema.plans).values({ ...plan, ...closed, ...mine, id: 'ready', state: 'ready' }),
    db.insert(schema.leases).values({ ...mine, owner: 'me', fence: 1, until: 9e12 }),
    db.insert(schema.schedules).values({ ...schedule, ...mine }),
    db.insert(schema.ledger).values([
      { ...mine, seq: 1, at: 1, event: 'written', body: '{}', prevHash: '', hash: 'h' },
      { ...mine, seq: 9, at: 1, event: 'set', body: '{"what":"limits"}', prevHash: 'h', hash: 'i' },
    ]),
    db
      .insert(schema.ledger)
      .values({ ...mine, seq: 2, at: 1, event: 'mapped', body: mapped, prevHash: 'h', hash: 'i' }),
  ])
}
