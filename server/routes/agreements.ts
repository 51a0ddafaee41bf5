import { z } from 'zod'
import type { Addition } from '#billing/existing.ts'
import { listMappingsOf } from '#db/mappings.ts'
import { type AgreementRow, listAdditions, listAgreements } from '#db/mirror.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { maySeeMoney, requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { rereadAgreement } from '#sync/reread.ts'
import type { AdditionLine } from '#views/addition-lines.tsx'
import { AgreementPod, type AgreementProps } from '#views/agreement.tsx'
import { additionLine, unmappedLine } from './addition-line.ts'
import { conflictsOn } from './conflicts.ts'
import { agreementFindings } from './findings.ts'
import { readQuery } from './form.ts'
import { recordHref } from './links.ts'
import { loadPod, type PodState, podProps, readAgain } from './pod.ts'
import { readRecordId } from './record-id.ts'
import type { Ask } from './route.ts'

const perPage = 50
const paging = z.object({ page: z.coerce.number('page: a whole number').int().min(1).max(10_000).default(1) })

/** `GET /agreements/:id`: the Agreement pod and tab, from what is stored. */
export const getAgreement = (deps: Deps) => async (c: Ask) => {
  const id = readRecordId(c, 'agreement')
  await requireReadable(deps, c.get('viewer'), 'agreement', id)
  return fragment(c, AgreementPod, await agreementProps(deps, c.get('viewer'), id, readQuery(c, paging).page))
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
  const [[row], mappings, additions, money] = await Promise.all([
    listAgreements(scope, [id]),
    listMappingsOf(scope, { agreement: id }),
    listAdditions(scope, [id]),
    maySeeMoney(deps, viewer, id),
  ])
  const state = await loadPod(deps, viewer, { mappings, agreements: row ? [row] : [] })
  const inConflict = additionsInConflict(state, additions)
  const conflicts = inConflict.length > 0 ? await conflictsOn(deps, viewer, inConflict, money) : new Map()
  const all = agreementLines(state, additions, money).map((line) => withConflict(line, conflicts))
  const pages = Math.max(1, Math.ceil(all.length / perPage))
  const page = Math.min(asked, pages)
  const agreement = row?.body
  return {
    id,
    pod: {
      ...podProps(state, { path: `/agreements/${id}`, title: agreement?.name || `Agreement ${id}` }),
      ...(agreement?.nextInvoiceOn === undefined ? {} : { nextInvoiceOn: agreement.nextInvoiceOn }),
      ...(row ? { company: companyOf(viewer, row) } : {}),
    },
    lines: all.slice((page - 1) * perPage, page * perPage),
    ...(money ? { currency: agreement?.currency ?? tenant.currency ?? '' } : {}),
    page,
    pages,
    ...(agreement ? { health: { of: 'Agreement', findings: agreementFindings(state, row) } } : {}),
  }
}

/** Mapped lines first, as they need somebody; the others quietly after them. */
function agreementLines(state: PodState, additions: readonly Addition[], money: boolean): AdditionLine[] {
  const mapped = new Set(state.lines.map(({ additionId }) => additionId))
  return [
    ...state.lines.map((line) => additionLine(state, line, { money })),
    ...additions.filter(({ id }) => !mapped.has(id)).map((addition) => unmappedLine(addition, { money })),
  ]
}

function additionsInConflict({ lines }: PodState, additions: readonly Addition[]): Addition[] {
  const ids = new Set(lines.filter(({ state }) => state === 'conflict').map(({ additionId }) => additionId))
  return additions.filter(({ id }) => ids.has(id))
}

/** The choices say what the reason would. */
function withConflict(line: AdditionLine, conflicts: Awaited<ReturnType<typeof conflictsOn>>): AdditionLine {
  const conflict = line.state === 'conflict' ? conflicts.get(line.id ?? 0) : undefined
  return conflict ? { ...line, conflict, reasons: line.reasons.slice(1) } : line
}

const companyOf = ({ tenant }: Viewer, { body }: AgreementRow) => ({
  id: body.companyId,
  name: body.companyName,
  href: recordHref(tenant, 'company', body.companyId),
})
