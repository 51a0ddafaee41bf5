import type { Addition } from '#billing/existing.ts'
import { listLineAdditions } from '#db/line-additions.ts'
import { listMappingsOf } from '#db/mappings.ts'
import { type AgreementRow, listAdditions, listAgreements } from '#db/mirror.ts'
import { countUnmappedAdditions, listUnmappedAdditions } from '#db/pods.ts'
import { listDatedLines } from '#db/prorations.ts'
import { readQuery } from '#routes/form.ts'
import { agreementFindings } from '#routes/hub/findings.ts'
import { recordHref } from '#routes/links.ts'
import { pageOf, pageQuery, pageSize, pagesOf } from '#routes/paging.ts'
import { conflictsOn } from '#routes/plans/conflicts.ts'
import { readRecordId } from '#routes/record-id.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { maySeeMoney, requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { withCycle } from '#sync/invoicing.ts'
import { rereadAgreement } from '#sync/reread.ts'
import type { AdditionLine } from '#views/pods/addition-lines.tsx'
import { AgreementPod, type AgreementProps, UnmappedAdditions } from '#views/pods/agreement.tsx'
import { unmappedLine } from './addition-line.ts'
import { agreementLines } from './agreement-lines.ts'
import { podLines } from './invoice-lines.ts'
import { loadPod, type PodState } from './pod.ts'
import { podProps, readAgain } from './props.ts'
import { userListsOf } from './user-lists.ts'

/** `GET /agreements/:id`: the Agreement pod and tab, from what is stored. */
export const getAgreement = (deps: Deps) => async (c: Ask) => {
  const id = readRecordId(c, 'agreement')
  await requireReadable(deps, c.get('viewer'), 'agreement', id)
  return fragment(c, AgreementPod, await agreementProps(deps, c.get('viewer'), id, readQuery(c, pageQuery).page))
}

/** `GET /agreements/:id/additions`: those that nobody mapped, quietly. */
export const getUnmapped = (deps: Deps) => async (c: Ask) => {
  const [id, viewer] = [readRecordId(c, 'agreement'), c.get('viewer')]
  await requireReadable(deps, viewer, 'agreement', id)
  const { scope, tenant } = viewer
  const [[row], total, money] = await Promise.all([
    listAgreements(scope, [id]),
    countUnmappedAdditions(scope, id),
    maySeeMoney(deps, viewer, id),
  ])
  const pages = pagesOf(total)
  const page = Math.min(readQuery(c, pageQuery).page, pages)
  const additions = await listUnmappedAdditions(scope, id, { size: pageSize, number: page })
  return fragment(c, UnmappedAdditions, {
    path: `/agreements/${id}/additions`,
    lines: additions.map((addition) => unmappedLine(addition, { money })),
    zone: tenant.zone,
    ...(money ? { currency: row?.body.currency ?? tenant.currency ?? '' } : {}),
    page,
    pages,
  })
}

/** `POST /agreements/:id/reading`: the same, after ConnectWise was read again (Refresh). */
export const postAgreementReading = (deps: Deps) => async (c: Ask) => {
  const [id, viewer] = [readRecordId(c, 'agreement'), c.get('viewer')]
  await requireReadable(deps, viewer, 'agreement', id)
  await rereadAgreement(deps, viewer.scope, id)
  const props = await agreementProps(deps, viewer, id)
  return fragment(c, AgreementPod, { ...props, pod: { ...props.pod, done: readAgain } })
}

/** What the pod of an agreement shows to this member, who may read it. */
async function agreementProps(deps: Deps, viewer: Viewer, id: number, asked = 1): Promise<AgreementProps> {
  const { scope, tenant } = viewer
  const [[row], mappings, additions, dated, money] = await Promise.all([
    listAgreements(scope, [id]),
    listMappingsOf(scope, { agreement: id }),
    listAdditions(scope, [id]),
    listDatedLines(scope, [id]),
    maySeeMoney(deps, viewer, id),
  ])
  const state = await loadPod(deps, viewer, { mappings, agreements: row ? [row] : [] })
  const inConflict = additionsInConflict(state, additions)
  const conflicts =
    inConflict.length > 0 ? await conflictsOn(deps, viewer, inConflict, new Set(money ? [id] : [])) : new Map()
  const agreement = row?.body
  const here = state.input.agreements.get(id) ?? (agreement && { agreement: withCycle(agreement, tenant), additions })
  const all = agreementLines(state, id, { money, ticking: true, here, dated })
  const { rows, page, pages } = pageOf(all, asked)
  const posted = await podLines(deps, viewer, `/agreements/${id}`, { agreement: id })
  const written = await listLineAdditions(scope, { agreements: [id] })
  return {
    id,
    pod: {
      ...podProps(state, { path: `/agreements/${id}`, title: agreement?.name || `Agreement ${id}` }, posted.counts),
      ...(agreement?.nextInvoiceOn === undefined ? {} : { nextInvoiceOn: agreement.nextInvoiceOn }),
      ...(row ? { company: companyOf(viewer, row) } : {}),
    },
    lines: rows.flat().map((line) => withConflict(line, conflicts)),
    ...(money ? { currency: agreement?.currency ?? tenant.currency ?? '' } : {}),
    page,
    pages,
    invoiceLines: posted,
    unmapped: unmappedOf(state, additions, [...dated, ...written]).length,
    lists: await userListsOf(state, id),
    ...(agreement ? { health: { of: 'Agreement', findings: agreementFindings(state, row) } } : {}),
  }
}

const unmappedOf = (
  { lines }: PodState,
  additions: readonly Addition[],
  ours: readonly { additionId: number }[],
): Addition[] => {
  const mapped = new Set([...lines, ...ours].map(({ additionId }) => additionId))
  return additions.filter(({ id }) => !mapped.has(id))
}

function additionsInConflict({ lines }: PodState, additions: readonly Addition[]): Addition[] {
  const ids = new Set(lines.filter(({ state }) => state === 'conflict').map(({ additionId }) => additionId))
  return additions.filter(({ id }) => ids.has(id))
}

/** The choices say what the reason would. */
function withConflict(line: AdditionLine, conflicts: Awaited<ReturnType<typeof conflictsOn>>): AdditionLine {
  const conflict = line.state === 'conflict' ? conflicts.get(line.id ?? 0) : undefined
  if (!conflict) return line
  const { fix: _, ...rest } = line
  return { ...rest, conflict, reasons: line.reasons.slice(1) }
}

const companyOf = ({ tenant }: Viewer, { body }: AgreementRow) => ({
  id: body.companyId,
  name: body.companyName,
  href: recordHref(tenant, 'company', body.companyId),
})
