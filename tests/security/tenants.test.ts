import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { getTableColumns, getTableName, is, sql } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { expect, it } from 'vitest'
import { type Db, type Scope, type Statement, save } from '#db/db.ts'
import * as schema from '#db/schema.ts'
import { givenTenant, seal } from '../store/given.ts'
import { eachStore, type Open, openMemory } from '../stores.ts'
import {
  addition,
  agreement,
  approval,
  choice,
  closed,
  fill,
  intent,
  lastValue,
  logEntry,
  mapping,
  plan,
  receipt,
  right,
  role,
  said,
  schedule,
  session,
  skuProduct,
  source,
} from './owned.ts'

const folder = fileURLToPath(new URL('../../db', import.meta.url))
const tables = Object.values(schema).filter((table) => is(table, SQLiteTable))

/** Everything a database holds of one tenant, table by table. */
async function rowsOf({ db, tenant }: Scope): Promise<Record<string, unknown[]>> {
  const owned = tables.filter((table) => 'tenantId' in getTableColumns(table))
  const mine = sql`${sql.identifier('tenant_id')} = ${tenant}`
  const own = db.select().from(schema.tenants).where(sql`id = ${tenant}`)
  const [row, ...found] = await db.batch([own, ...owned.map((table) => db.select().from(table).where(mine))])
  const pairs = owned.map((table, at) => [getTableName(table), found[at] ?? []] as const)
  return { ...Object.fromEntries(pairs), tenants: row }
}

/** Every function of `db/` that takes a tenant's Scope, by name. */
async function scopedFunctions(): Promise<Map<string, (...args: never[]) => unknown>> {
  const found = new Map<string, (...args: never[]) => unknown>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    const text = readFileSync(`${folder}/${file}`, 'utf8')
    const names = [...text.matchAll(/export (?:async )?function (\w+)(?:<[^>]*>)?\(\s*(?:\{[^}]*\}|\w+): Scope\b/g)]
    if (names.length === 0) continue
    const module: Record<string, unknown> = await import(`${folder}/${file}`)
    for (const [, name = ''] of names) found.set(name, module[name] as (...args: never[]) => unknown)
  }
  return found
}

/** Every question, asked with the owner's own ids. */
const reads: Record<string, readonly unknown[]> = {
  listIntents: [{ open: true }],
  listLastValues: [],
  listLastValuesOf: [[301]],
  listChoices: [],
  listLedger: [],
  findNewestEntry: ['written'],
  countSetup: [],
  wasSet: ['limits'],
  listMappings: [],
  listMappingsOf: [{ company: 250 }],
  listAgreements: [[87]],
  listAdditions: [[87]],
  findWithAdditions: [[87]],
  listCompanies: [[250]],
  listProducts: [[512]],
  listAgreementsOf: [250],
  listOfferedCompanies: [[]],
  pageAccounts: [{ sort: 'name' }, { listedSince: {}, limit: 9, offset: 0 }],
  findAccount: [{ sourceId: 'source', account: 'A-17' }],
  listUnplaced: [],
  listPlaced: ['source'],
  listSkus: ['snapshot'],
  listSkuProducts: [],
  listPlaces: [],
  findEntry: [1],
  listMappingHistory: [{ sourceId: 'source', account: 'A-17' }, 9],
  findAgreementsListedAt: [250],
  searchCompanies: [{ text: '', offered: true, limit: 9 }, []],
  searchProducts: [{ text: '', limit: 9 }],
  listCompanyMappings: [250],
  listPodAgreements: [250],
  findCompany: [250],
  listCompanyAccounts: [250, ['A-17']],
  listUnmappedAdditions: [87, { size: 9, number: 1 }],
  countUnmappedAdditions: [87],
  findPlanWaitingFor: [['mapping']],
  listChanges: [[301], 1],
  listLastWrites: [['addition:301']],
  listSeries: [[{ source: 'source', account: 'A-17' }], 9],
  findPlan: ['plan'],
  listPlanRows: ['plan'],
  findPlanRow: ['plan', 1],
  findWaitingPlan: [],
  listConflictRows: [[301]],
  listPlanLines: ['plan'],
  listRowsOf: ['plan', [1]],
  countSkipped: ['plan'],
  listPlanPage: ['all', { size: 9, number: 1 }],
  countPlans: ['all'],
  sumPlans: [['plan']],
  listAccountNames: [['A-17']],
  listTaken: [['snapshot']],
  listRunPage: [{ size: 9, number: 1 }],
  countRuns: [],
  findNewestPlan: [],
  findApproval: ['approval'],
  findRun: ['run'],
  listOpenRuns: [],
  findNewestRun: [],
  countRead: [{ id: 'run', sourceId: null, accounts: null, mappings: null }],
  countWrites: ['run'],
  listSchedules: [],
  openSecret: [seal, 'privateKey'],
  findDataKey: [seal],
  listRoles: [],
  openAuthentication: [seal, 'session'],
  listMemberRights: ['ann', ['company:250'], 0],
  findSnapshotByKey: ['source', 'key'],
  findSnapshot: ['snapshot'],
  findNewestSnapshot: ['source', { period: '2026-11' }],
  listSnapshots: ['source', '2026-11', { since: 0 }],
  listStatements: ['snapshot'],
  listAccounts: [],
  findSource: ['source'],
  listSources: [],
  listLastFour: [],
  listLogs: [
    { since: 0, readable: 'all' },
    { size: 50, number: 1 },
  ],
  countLogs: [{ since: 0, readable: 'all' }],
  listLoggedRecords: [0],
  listAttentionRecords: ['plan'],
  listWaitingRows: ['all', 9],
  listFailedRows: ['plan', 'all', 9],
  listParked: ['all', 9],
  countAttention: ['plan'],
  listFinishedRuns: [9],
}

/** What a question that answers with one value says when there is nothing; absent: undefined. */
const nothing: Record<string, unknown> = {
  countLogs: { total: 0, errors: 0, warnings: 0, newestAt: undefined },
  listLoggedRecords: { companies: [], agreements: [] },
  listAttentionRecords: { companies: [], agreements: [] },
  countPlans: 0,
  countUnmappedAdditions: 0,
  wasSet: false,
  countRuns: 0,
  countRead: { done: 0, all: 0 },
  countWrites: { done: 0, all: 0 },
  countSetup: {
    ...{ accounts: 0, companyOnly: 0, included: 0, mappings: 0, parked: 0 },
    ...{ snapshots: 0, unmapped: 0, withoutAddition: 0 },
  },
  countAttention: { held: 0, failed: 0, unmapped: 0, parked: 0 },
}

const yes = sql`true`
const sent = { ...intent, state: 'sending', attempt: 0 }
const entry = { at: 2, event: 'written', body: {} }

/** Every change, aimed at the owner's own ids. */
const writes: Record<string, readonly unknown[]> = {
  saveRole: [{ ...role, role: 'technician' }],
  removeRole: [role],
  addSession: [seal, { ...session, id: 'session-2', createdAt: 9e12 }, 'stolen'],
  saveSession: ['session', { role: 'admin' }],
  revokeSession: ['session', 9],
  revokeSessions: [9],
  addHandle: ['session', 9],
  useHandle: ['handle', 9],
  saveMemberRights: ['ann', [{ ...right, allowed: false }]],
  addIntents: [[{ ...intent, state: 'done' }]],
  claimIntent: ['intent', { fence: 1, now: 9, leftMs: 0 }],
  settleIntent: [sent, 'done', { id: 's', at: 9 }],
  orphanedToUnknown: [99, 1],
  supersedePlanned: ['run', 9],
  saveLastValues: [[{ ...lastValue, quantity: '99' }]],
  takeLease: ['stranger', 1000],
  renewLease: [1, 1],
  releaseLease: [1],
  requireLease: [9],
  saveWithEntry: [[], entry],
  saveSchedule: ['night', { pattern: '0 3 * * *', zone: 'UTC', enabled: false, lastDay: '2020-01-01' }],
  stopSchedules: [],
  saveSource: ['source', { name: 'stolen' }],
  renewToken: ['source'],
  deleteKeys: [],
  saveTenantSettings: [{ defaultAgreementTypeId: 9 }],
  saveMappings: [[{ ...mapping, account: 'stolen' }]],
  parkMapping: ['mapping', 'stolen', 9],
  resolveMappings: [['mapping'], 999],
  confirmMapping: ['mapping', { confirmedTarget: 'stolen', confirmedRule: 'r' }, { asOf: 99, onlyIf: yes }],
  saveAgreements: [[87, 88], [{ ...agreement, nextInvoiceOn: '2020-01-01' }], 9],
  saveAdditions: [[87], [{ ...addition, quantity: '99' }], { run: 'x', at: 9 }],
  saveAddition: [{ ...addition, quantity: '99' }, 9],
  saveAdditionsProblem: [87, 'x', 'stolen'],
  forgetMovedBack: [[87]],
  saveCompanies: [[{ id: 250, name: 'stolen' }], 9],
  saveProducts: [[{ id: 512 }], 9],
  saveChoice: [{ sourceId: 'source', account: 'A-17' }, null, { include: true, change: 'stolen' }],
  saveIncludes: [[{ sourceId: 'source', account: 'A-17' }], { include: true, change: 'stolen' }],
  addUnlisted: [[{ sourceId: 'source', account: 'stolen' }], 9],
  deleteMappings: [['mapping']],
  includeMappings: [[{ sourceId: 'source', account: 'A-17' }], { include: false }],
  saveSkuProduct: [{ ...skuProduct, productId: 9 }],
  deleteSkuProduct: ['source', 'M365-BP', 'P1M'],
  saveAgreementsListed: [250, 9],
  saveListed: [{ productsListedAt: 9 }],
  markUnlisted: ['products', 99],
  addPlan: [{ ...plan, ...closed, fingerprint: 'stolen' }, []],
  markApplying: ['ready'],
  savePlanState: ['plan', 'done'],
  outdatePlans: [['mapping'], 9],
  closePlan: ['plan', 'stranger', 9],
  makeChoice: [{ ...choice, member: 'stolen' }, yes],
  reduceChoice: [{ ...choice, desired: {} }],
  forgetChoice: [301, yes],
  endWaiting: ['ended', 'stale', yes],
  savePlanRow: [{ planId: 'plan', seq: 1 }, { outcome: 'done' }],
  savePlanRows: ['plan', [1], { outcome: 'done' }],
  addApproval: [
    { ...approval, id: 'approval-2' },
    { states: ['waiting'], onlyIf: yes },
  ],
  saveRun: ['run', { state: 'failed' }],
  reopenRun: ['ended', yes],
  addSchedule: [{ ...schedule, pattern: '* * * * *' }],
  markDay: [schedule, '2030-01-01'],
  sealSecrets: [seal, { publicKey: 'stolen', privateKey: 'stolen' }],
  addSnapshot: [said, { ...receipt, bodyHash: 'stolen' }],
  addSource: [{ ...source, id: 'source', name: 'stolen' }],
  trustSnapshot: ['source', 'stolen'],
  saveTenantState: [{ state: 'attention', stateCause: 'stolen', stateAt: 9 }],
  leaveObserving: [],
  saveCatalogueRead: [9],
  saveWholeQuantities: [yes],
  saveKillSwitch: [true],
  addLogs: [[{ ...logEntry, text: 'stolen' }]],
}

/** Of these, another row of the owner's own stands in the way. */
const idle = ['addIntents', 'takeLease', 'requireLease', 'addPlan', 'addSchedule', 'addSnapshot', 'addSource']

/** These take the tenant from their row, or are a condition that is part of another query. */
const others = ['addRun', 'isPlanStill', 'approved', 'areHeld']

/** Does what a function gathered; what the database refuses has changed nothing. */
async function carryOut(db: Db, work: unknown): Promise<void> {
  const answer = await work
  const gathered = Array.isArray(answer) ? answer : [answer]
  const statements = gathered.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [one]
    if ('saved' in one) return [one.saved]
    return 'statement' in one ? [one.statement] : 'statements' in one ? one.statements : [one]
  })
  await save(db, statements.filter(isStatement))
}

const isStatement = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && ('_prepare' in value || 'getSQL' in value || 'getQuery' in value)

const given = async (open: Open) => {
  const { db } = await open()
  const owner = await givenTenant(db)
  const stranger = await givenTenant(db, { companyId: 'Stranger' })
  await fill(owner)
  await db.insert(schema.leases).values({ tenantId: stranger.tenant, owner: 'me', fence: 1, until: 9e12 })
  return { db, owner, stranger }
}
const change = async (name: string, scope: Scope) => {
  const work = (await scopedFunctions()).get(name)
  await Promise.resolve(call(work, scope, writes[name]))
    .then((gathered) => carryOut(scope.db, gathered))
    .catch(() => undefined)
}
const call = (work: ((...args: never[]) => unknown) | undefined, scope: Scope, args: readonly unknown[] = []) =>
  (work as unknown as (...args: readonly unknown[]) => unknown)(scope, ...args)

eachStore((open) => {
  it('every query of a tenant is asked here', async () => {
    const known = [...Object.keys(reads), ...Object.keys(writes), ...others].sort()
    expect([...(await scopedFunctions()).keys()].sort()).toEqual(known)
  })

  it('every table is filled for the owner', async () => {
    const { owner } = await given(open)
    for (const [table, rows] of Object.entries(await rowsOf(owner)))
      expect([table, rows.length > 0]).toEqual([table, true])
  })

  it('a tenant that owns nothing finds nothing of another', async () => {
    const { db, owner, stranger } = await given(open)
    await db.delete(schema.secrets).where(sql`tenant_id = ${stranger.tenant}`)
    await db.delete(schema.dataKeys).where(sql`tenant_id = ${stranger.tenant}`)
    const functions = await scopedFunctions()
    for (const [name, args] of Object.entries(reads)) {
      const [theirs, none] = [
        await call(functions.get(name), owner, args),
        await call(functions.get(name), stranger, args),
      ]
      const empty = Array.isArray(theirs) ? [] : nothing[name]
      expect([name, theirs]).not.toEqual([name, empty])
      expect([name, none]).toEqual([name, empty])
    }
  })

  it('a tenant changes nothing of another, whatever ids it names', async () => {
    const { owner, stranger } = await given(open)
    const before = await rowsOf(owner)
    for (const name of Object.keys(writes)) {
      await change(name, stranger)
      expect([name, await rowsOf(owner)]).toEqual([name, before])
    }
  })
})

it('the same changes are real ones, in the hands of the owner', async () => {
  const still: string[] = []
  for (const name of Object.keys(writes)) {
    const { owner } = await given(openMemory)
    const before = await rowsOf(owner)
    await change(name, owner)
    if (isDeepStrictEqual(await rowsOf(owner), before)) still.push(name)
  }
  expect(still).toEqual(idle)
})
