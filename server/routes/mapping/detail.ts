import * as z from 'zod'
import { readWords } from '#billing/mapping.ts'
import { findAccount } from '#db/accounts.ts'
import { listMappingHistory } from '#db/ledger.ts'
import { listMappingsOf, type MappingRow } from '#db/mappings.ts'
import { listSources } from '#db/sources.ts'
import { readForm } from '#routes/form.ts'
import { loadNames } from '#routes/names.ts'
import type { Ask } from '#routes/route.ts'
import { standingOf } from '#routes/standing.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { includesRole, type Viewer } from '#session/viewer.ts'
import { type Places, readAccount } from '#sync/mapping/account-state.ts'
import { listTogether } from '#sync/mapping/edit-rule.ts'
import { unmap } from '#sync/mapping/unmap.ts'
import { MappingDetail, type MappingDetailProps } from '#views/mapping/detail.tsx'
import { MappingScreen } from '#views/mapping/mapping.tsx'
import { historyOf } from './history.ts'
import { screenOf } from './mappings.ts'
import { previewOf } from './preview.ts'
import { gridQuery } from './query.ts'
import { rulePartsOf, type Shown } from './rule-parts.ts'
import { askedBy, requireSight, sightOf } from './sight.ts'

const mostHistory = 20

/** `GET /mappings/:id`: what is read, how it becomes a quantity, the rule, and who changed it when (M16, 4.9). */
export const getMapping = (deps: Deps) => async (c: Ask) => {
  const viewer = c.get('viewer')
  return fragment(c, MappingDetail, await detailOf(deps, viewer, await findReadable(deps, viewer, c.req.param('id'))))
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

/** A mapping whose company and agreement the viewer may read. Throws a Problem when there is none. */
export async function findReadable(deps: Deps, viewer: Viewer, id = ''): Promise<MappingRow> {
  const [mapping] = await listMappingsOf(viewer.scope, { ids: [id] })
  if (!mapping) throw new Problem('not_found', 'There is no such mapping.')
  await requireSight(deps, viewer, alone(mapping))
  return mapping
}

const alone = (mapping: MappingRow): Places => ({ ...mapping, mappings: [] })

/** The whole screen of one mapping. */
export async function detailOf(
  deps: Deps,
  viewer: Viewer,
  mapping: MappingRow,
  shown: Shown = {},
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
  const source = sources.find(({ id }) => id === mapping.sourceId)
  const acts = includesRole(viewer.role, 'finance')
  return {
    standing: standingOf(viewer),
    zone: tenant.zone,
    id: mapping.id,
    version: String(mapping.updatedAt),
    sourceName: source?.name ?? mapping.sourceId,
    account: mapping.account,
    accountName: account?.name ?? mapping.account,
    company: names.company(companyId),
    agreement: names.agreement(agreementId),
    target: names.target(mapping),
    status: mapping.parkedReason !== null ? 'parked' : mapping.include ? 'mapped' : 'excluded',
    ...(mapping.parkedReason === null
      ? {}
      : { parked: { reason: mapping.parkedReason, at: mapping.parkedAt ?? mapping.updatedAt } }),
    preview: await previewOf(deps, viewer, { mapping, together }),
    together: seen.map((other) => ({
      id: other.id,
      text: `${other.account}: ${other.reads.map(readWords).join(' + ')}${other.include ? '' : ', excluded'}`,
    })),
    unseen: together.length - seen.length,
    ...(await rulePartsOf(deps, viewer, { mapping, source, sources }, shown)),
    history: await historyOf(deps, viewer, history),
    acts,
    ...(shown.saved === undefined ? {} : { saved: shown.saved }),
  }
}
