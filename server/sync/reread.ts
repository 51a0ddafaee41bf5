import { type Scope, save } from '#db/db.ts'
import { listMappingsOf } from '#db/mappings.ts'
import { listAgreements, saveAdditions, saveAgreements, saveCompanies } from '#db/mirror.ts'
import { listPodAgreements } from '#db/pods.ts'
import type { Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { underLease } from './lease.ts'

/**
 * Reads one company, its agreements and all their additions again from ConnectWise into the mirror, or nothing of it.
 * Throws a Problem when ConnectWise does not answer or while a run is at work, whose own reading is then the newest.
 */
export async function rereadCompany(deps: Deps, scope: Scope, id: number): Promise<void> {
  await alone(deps, scope, async () => {
    const connectWise = await deps.connectWise(scope)
    const at = deps.now()
    const [found, listed, known, mappings] = await Promise.all([
      connectWise.listCompanies([id]),
      connectWise.listAgreementsOf(id),
      listPodAgreements(scope, id),
      listMappingsOf(scope, { company: id }),
    ])
    const named = [...known.map((row) => row.id), ...mappings.map((row) => row.agreementId)]
    const left = unique(named.filter((one) => !listed.some((agreement) => agreement.id === one)))
    const agreements = [...listed, ...(await connectWise.listAgreements(left))]
    const mapped = unique(mappings.map((row) => row.agreementId))
    const existing = mapped.filter((one) => agreements.some((agreement) => agreement.id === one))
    const read = await additionsOf(deps, scope, existing)
    await save(scope.db, [...saveCompanies(scope, found, at), ...saveAgreements(scope, left, agreements, at), ...read])
  })
}

/** The same for one agreement and its additions. */
export async function rereadAgreement(deps: Deps, scope: Scope, id: number): Promise<void> {
  await alone(deps, scope, async () => {
    const connectWise = await deps.connectWise(scope)
    const at = deps.now()
    const found = await connectWise.listAgreements([id])
    const known = await listAgreements(scope, [id])
    if (found.length === 0 && known.length === 0)
      throw new Problem('not_found', 'ConnectWise has no such agreement for TrueUp’s API member.')
    const read = found.length > 0 ? await additionsOf(deps, scope, [id]) : []
    await save(scope.db, [...saveAgreements(scope, [id], found, at), ...read])
  })
}

async function additionsOf(deps: Deps, scope: Scope, agreementIds: readonly number[]) {
  const connectWise = await deps.connectWise(scope)
  const at = deps.now()
  const read = await Promise.all(agreementIds.map((id) => connectWise.listAdditions(id)))
  return saveAdditions(scope, agreementIds, read.flat(), { at })
}

/** A run reads and writes the same records: whichever holds the lease finishes first. */
async function alone(deps: Deps, scope: Scope, work: () => Promise<void>): Promise<void> {
  const done = await underLease(deps, scope, async () => {
    await work()
    return true
  })
  if (!done)
    throw new Problem('conflict', 'A run is at work and reads ConnectWise itself: what is shown here follows it.', {
      retry: true,
    })
}

const unique = (ids: readonly number[]): number[] => [...new Set(ids)]
