import { companyHealth } from '#billing/health.ts'
import { isToBeMade } from '#billing/record.ts'
import { listSeries } from '#db/changes.ts'
import { findCompany, listCompanyAccounts, listCompanyMappings, listPodAgreements } from '#db/pods.ts'
import { agreementFindings } from '#routes/hub/findings.ts'
import { recordHref } from '#routes/links.ts'
import { readRecordId } from '#routes/record-id.ts'
import type { Ask } from '#routes/route.ts'
import { fragment } from '#server/answer.ts'
import type { Deps } from '#server/deps.ts'
import { requireReadable } from '#session/rights.ts'
import type { Viewer } from '#session/viewer.ts'
import { lastResults, worstResult } from '#sync/last-results.ts'
import { rereadCompany } from '#sync/reread.ts'
import type { Place } from '#views/mapping/line.ts'
import type { AdditionLine } from '#views/pods/addition-lines.tsx'
import { type CompanyAgreement, CompanyPod, type CompanyProps } from '#views/pods/company.tsx'
import { agreementLines } from './agreement-lines.ts'
import { countLines } from './count-lines.ts'
import { podLines } from './invoice-lines.ts'
import { resultLine } from './last-result.ts'
import { loadPod, type PodState } from './pod.ts'
import { podProps, readAgain } from './props.ts'

const plotted = 60

/** `GET /companies/:id`: the Company pod and tab, from what is stored. */
export const getCompany = (deps: Deps) => async (c: Ask) => {
  const id = readRecordId(c, 'company')
  await requireReadable(deps, c.get('viewer'), 'company', id)
  return fragment(c, CompanyPod, await companyProps(deps, c.get('viewer'), id))
}

/** `POST /companies/:id/reading`: the same, after ConnectWise was read again (Refresh). */
export const postCompanyReading = (deps: Deps) => async (c: Ask) => {
  const [id, viewer] = [readRecordId(c, 'company'), c.get('viewer')]
  await requireReadable(deps, viewer, 'company', id)
  await rereadCompany(deps, viewer.scope, id)
  const props = await companyProps(deps, viewer, id)
  return fragment(c, CompanyPod, { ...props, pod: { ...props.pod, done: readAgain } })
}

/** What the pod of a company shows to this member, who may read it. */
async function companyProps(deps: Deps, viewer: Viewer, id: number): Promise<CompanyProps> {
  const { scope } = viewer
  const [found, mappings, agreements] = await Promise.all([
    findCompany(scope, id),
    listCompanyMappings(scope, id),
    listPodAgreements(scope, id),
  ])
  const own = mappings.filter(({ companyId }) => companyId === id)
  const accounts = own.map(({ sourceId: source, account }) => ({ source, account }))
  const [state, names, series] = await Promise.all([
    loadPod(deps, viewer, { mappings, agreements }),
    listCompanyAccounts(
      scope,
      id,
      accounts.map(({ account }) => account),
    ),
    listSeries(scope, accounts, plotted),
  ])
  const included = state.mappings.filter(({ companyId, include }) => companyId === id && include)
  const result = worstResult([...(await lastResults(scope, included)).values()])
  const readable = state.agreements.filter(({ gone }) => !gone).map((row) => row.id)
  const posted = await podLines(deps, viewer, `/companies/${id}`, { company: id, agreements: readable })
  const lines = countLines(state, own, { names, series })
  return {
    id,
    pod: podProps(state, { path: `/companies/${id}`, title: found?.company.name || `Company ${id}` }, posted.counts),
    invoiceLines: posted,
    counts: lines,
    agreements: companyAgreements(state),
    others: othersOf(state),
    neverRun: state.lastRun === undefined,
    ...(result ? { result: resultLine(result, viewer, { company: String(id) }) } : {}),
    ...(found ? { health: { of: 'Company', findings: companyHealth(found.company) } } : {}),
  }
}

/** The agreements that something is mapped to; one we have no copy of, or that is gone, is named by its number alone. */
function companyAgreements(state: PodState): CompanyAgreement[] {
  const ids = [...new Set(state.lines.flatMap(({ agreementId }) => agreementId ?? []))]
  return ids.map((id) => {
    const row = state.agreements.find((agreement) => agreement.id === id)
    const next = row?.body.nextInvoiceOn
    const gone = row?.gone === true
    return {
      place: row && !gone ? agreementPlace(state, row.body) : unknownPlace(state, id),
      ...(next === undefined || gone ? {} : { nextInvoiceOn: next }),
      gone,
      toFix: row && !gone ? agreementFindings(state, row).filter(({ ok }) => !ok).length : 0,
      lines: gone ? [] : companyLines(state, id),
    }
  })
}

const agreementPlace = ({ viewer }: PodState, { id, name }: { id: number; name: string }): Place => ({
  id,
  name,
  href: recordHref(viewer.tenant, 'agreement', id),
})

/** An agreement our copy does not have: one to be made is in what the next plan is made of. */
function unknownPlace(state: PodState, id: number): Place {
  const name = state.input.agreements.get(id)?.agreement.name
  if (isToBeMade(id)) return { id, name: name ?? 'An agreement', toBeMade: true }
  return agreementPlace(state, { id, name: `Agreement ${id}` })
}

function othersOf({ agreements, lines, terms }: PodState): CompanyProps['others'] {
  const mapped = new Set([...lines, ...terms].map(({ agreementId }) => agreementId))
  const others = agreements.filter(({ id, gone }) => !gone && !mapped.has(id))
  return others.map(({ id, body }) => ({ id, name: body.name }))
}

function companyLines(state: PodState, id: number): AdditionLine[] {
  const dated = state.input.datedLines?.filter(({ agreementId }) => agreementId === id) ?? []
  return agreementLines(state, id, { money: false, here: state.input.agreements.get(id), dated }).flat()
}
