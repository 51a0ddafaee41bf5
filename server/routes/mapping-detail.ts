import { z } from 'zod'
import { desiredOf } from '#billing/desired.ts'
import { isOngoing } from '#billing/existing.ts'
import { dayIn } from '#billing/period.ts'
import { stepsOf } from '#billing/steps.ts'
import { findAccount } from '#db/accounts.ts'
import { listMappingHistory } from '#db/ledger.ts'
import { listMappingsOf, type MappingRow } from '#db/mappings.ts'
import { listAdditions } from '#db/mirror.ts'
import { listSources } from '#db/sources.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { type Places, readAccount } from '#sync/account-state.ts'
import { loadBooks } from '#sync/collect.ts'
import { listTogether, saveRule } from '#sync/edit-rule.ts'
import { toMappings } from '#sync/mappings.ts'
import { unmap } from '#sync/unmap.ts'
import { MappingScreen } from '#views/mapping.tsx'
import { MappingDetail, type MappingDetailProps } from '#views/mapping-detail.tsx'
import { readText } from './account-lines.ts'
import { fillForm, readForm, type Typed } from './form.ts'
import { historyOf } from './mapping-history.ts'
import { gridQuery } from './mapping-query.ts'
import { fieldsOf, leftAloneIn, ruleForm, ruleIn, writesIn } from './mapping-rule-form.ts'
import { askedBy, requireSight, sightOf } from './mapping-sight.ts'
import { screenOf } from './mappings.ts'
import { loadNames } from './names.ts'
import type { Ask } from './route.ts'
import { standingOf } from './standing.ts'

const mostHistory = 20

/** `GET /mappings/:id`: what is read, how it becomes a quantity, the rule, and who changed it when (M16, 4.9). */
export const getMapping = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  return fragment(c, MappingDetail, await detailOf(deps, viewer, await findReadable(deps, viewer, c.req.param('id'))))
}

/** `POST /mappings/:id/rule`: saves the rule; what is wrong is said at its field, and what was typed stays. */
export const postRule = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const mapping = await findReadable(deps, viewer, c.req.param('id'))
  await requireSight(deps, viewer, { ...mapping, mappings: await listTogether(viewer.scope, mapping) })
  const { typed } = await fillForm(c, ruleForm)
  const read = ruleIn(typed)
  if ('errors' in read)
    return fragment(c, MappingDetail, await detailOf(deps, viewer, mapping, { typed, errors: read.errors }), 422)
  await saveRule(
    deps,
    viewer.scope,
    { id: mapping.id, member: viewer.member, version: Number(typed.version) },
    read.edit,
  )
  const saved = await findReadable(deps, viewer, mapping.id)
  return fragment(c, MappingDetail, { ...(await detailOf(deps, viewer, saved)), saved: true })
}

/** `POST /mappings/:id/removal`: unmaps this one target and shows the list again (M19, M22). */
export const postMappingRemoval = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  const { id, sourceId, account } = await findReadable(deps, viewer, c.req.param('id'))
  const { version } = await readForm(c, z.object({ version: z.string().max(40) }))
  const key = { sourceId, account }
  const { state, version: now } = await readAccount(viewer.scope, key)
  if (state.mappings.every((one) => one.id !== id || String(one.updatedAt) !== version))
    throw new Problem('conflict', 'Somebody changed this mapping since you opened it. Nothing was unmapped.')
  await unmap(deps, viewer.scope, { ...askedBy(deps, viewer, key), version: now }, id)
  const screen = await screenOf(deps, viewer, gridQuery.parse({ search: account }))
  return fragment(c, MappingScreen, {
    ...screen,
    accounts: { ...screen.accounts, said: 'Unmapped. What was written stays.' },
  })
}

async function findReadable(deps: Deps, viewer: Viewer, id = ''): Promise<MappingRow> {
  const [mapping] = await listMappingsOf(viewer.scope, { ids: [id] })
  if (!mapping) throw new Problem('not_found', 'There is no such mapping.')
  await requireSight(deps, viewer, alone(mapping))
  return mapping
}

const alone = (mapping: MappingRow): Places => ({ ...mapping, mappings: [] })

interface Refused {
  typed: Typed
  errors: Record<string, string>
}

async function detailOf(
  deps: Deps,
  viewer: Viewer,
  mapping: MappingRow,
  refused?: Refused,
): Promise<MappingDetailProps> {
  const { scope, tenant } = viewer
  const key = { sourceId: mapping.sourceId, account: mapping.account }
  const { companyId, agreementId, productId } = mapping
  const [account, sources, together, history, names] = await Promise.all([
    findAccount(scope, key),
    listSources(scope),
    listTogether(scope, mapping),
    listMappingHistory(scope, key, mostHistory),
    loadNames(deps, viewer, { companies: [companyId], agreements: [agreementId], products: [productId] }),
  ])
  const maySee = await sightOf(deps, viewer, together.map(alone))
  const seen = together.filter((other) => maySee(alone(other)))
  const acts = includesRole(viewer.role, 'finance')
  const version = String(mapping.updatedAt)
  return {
    standing: standingOf(viewer),
    zone: tenant.zone,
    id: mapping.id,
    version,
    sourceName: sources.find(({ id }) => id === mapping.sourceId)?.name ?? mapping.sourceId,
    account: mapping.account,
    accountName: account?.name ?? mapping.account,
    company: names.company(companyId),
    agreement: names.agreement(agreementId),
    target: names.target(mapping),
    status: mapping.parkedReason !== null ? 'parked' : mapping.include ? 'mapped' : 'excluded',
    ...(mapping.parkedReason === null
      ? {}
      : { parked: { reason: mapping.parkedReason, at: mapping.parkedAt ?? mapping.updatedAt } }),
    reads: mapping.reads.map(readText),
    arithmetic: await arithmeticOf(deps, viewer, [mapping, ...together]),
    together: seen.map((other) => ({
      id: other.id,
      text: `${other.account}: ${other.reads.map(readText).join(' + ')}${other.include ? '' : ', excluded'}`,
    })),
    unseen: together.length - seen.length,
    rule: { ...ruleProps(mapping, await othersOf(deps, viewer, mapping), refused), version, acts },
    history: await historyOf(deps, viewer, history),
    acts,
  }
}

/** As the next plan will count it: what is not included or parked is not added. */
async function arithmeticOf(
  deps: Deps,
  { scope, tenant }: Viewer,
  rows: readonly MappingRow[],
): Promise<MappingDetailProps['arithmetic']> {
  const [mapping] = rows
  const all = await listSources(scope)
  const counted = toMappings(
    rows.filter((row) => row === mapping || (row.include && row.parkedReason === null)),
    all,
  )
  const named = new Set(counted.map(({ source }) => source))
  const sources = all.filter(({ id }) => named.has(id))
  const today = dayIn(tenant.zone, deps.now())
  const { books } = await loadBooks(scope, { tenant, sources, mappings: counted, today })
  const desired = desiredOf(counted, books)
  if (!('quantity' in desired)) return { unknown: desired.reason }
  const readings = desired.parts.map(({ state }) => state.quantity)
  const steps = stepsOf(readings, mapping?.rule ?? { write: [] })
  return { steps, ...(desired.note === undefined ? {} : { note: desired.note }) }
}

function ruleProps(mapping: MappingRow, others: readonly { id: number; text: string }[], refused: Refused | undefined) {
  const left = refused ? leftAloneIn(refused.typed) : mapping.leaveAlone
  return {
    id: mapping.id,
    fields: refused?.typed ?? fieldsOf(mapping.rule),
    write: refused ? writesIn(refused.typed) : mapping.rule.write,
    others: others.map((other) => ({ ...other, left: left.includes(other.id) })),
    errors: refused?.errors ?? {},
  }
}

/** Ongoing additions of the same product there that this mapping does not write. */
async function othersOf(deps: Deps, { scope, tenant }: Viewer, mapping: MappingRow) {
  const today = dayIn(tenant.zone, deps.now())
  const all = await listAdditions(scope, [mapping.agreementId])
  const own = all.find(({ id }) => id === mapping.additionId)
  const product = own?.productId ?? mapping.productId
  return all
    .filter((other) => other !== own && other.productId === product && isOngoing(other, today))
    .map(({ id, quantity, description }) => ({ id, text: `addition ${id} with ${quantity} ${description}`.trim() }))
}
