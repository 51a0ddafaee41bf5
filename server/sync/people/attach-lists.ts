import { save } from '#db/db.ts'
import { claimDocument, type DocumentRow, listDocuments, settleDocument } from '#db/documents.ts'
import { saveWithEntry } from '#db/ledger.ts'
import type { Run } from '#db/runs.ts'
import type { Tenant } from '#db/tenants.ts'
import type { ConnectWise, DocumentOutcome } from '#server/deps.ts'
import { reasonOf } from '#server/log.ts'
import { Problem } from '#server/problem.ts'
import { leaseTimes } from '#sync/lease.ts'
import type { Work } from '#sync/run.ts'
import { each, type Progress, widthOf } from '#sync/slice.ts'
import { type UserList, wantedLists } from './user-lists.ts'

const longestWaitMs = 4 * 3_600_000

/** What sending a run's lists needs to know. */
interface Sending extends Work {
  run: Run
  connectWise: ConnectWise
}

/** What a try came to: on with the others, no more now, or no more until an instant (epoch milliseconds). */
type Turn = 'on' | 'stop' | { until: number }

/**
 * Attaches the lists of users that changed to their agreements, after a run's writes (FEATURES 4.12). Whatever goes wrong
 * is kept with its list, told as a WARNING and never fails the run.
 */
export async function attachLists(work: Work, tenant: Tenant, run: Run): Promise<Progress> {
  if (run.phase === 'final' || (run.scheduleId !== null && tenant.mode === 'observe')) return { final: true }
  try {
    return await attachAll(work, tenant, run)
  } catch (cause) {
    if (cause instanceof Problem && cause.kind === 'conflict') throw cause
    work.deps.log.error('lists.failed', { tenant: tenant.id, run: run.id, reason: reasonOf(cause) })
    return { final: true }
  }
}

async function attachAll(work: Work, tenant: Tenant, run: Run): Promise<Progress> {
  const { deps, scope, slice } = work
  const wanted = await wantedLists(deps, scope, tenant, run)
  const agreements = [...new Set(wanted.map(({ agreementId }) => agreementId))]
  const known = new Map((await listDocuments(scope, agreements)).map((row) => [keyOf(row), row]))
  const due = wanted.filter((list) => isDue(work, run, list, known.get(keyOf(list))))
  if (due.length === 0) return { final: true }
  const sending = { ...work, run, connectWise: await deps.connectWise(scope) }
  let turn: Turn = 'on'
  const untilStopped = { stopping: () => turn !== 'on' || slice.stopping() }
  await each(due, widthOf(deps), untilStopped, async (list) => {
    const next = await attach(sending, list, known.get(keyOf(list)))
    if (turn === 'on' || next !== 'on') turn = next
  })
  return progressOf(work, run, turn)
}

function progressOf({ deps, slice }: Work, run: Run, turn: Turn): Progress {
  if (turn === 'stop') return { final: true }
  if (turn !== 'on') {
    const isPatient = deps.now() - run.startedAt < longestWaitMs
    return isPatient ? { final: false, resumeAt: turn.until } : { final: true }
  }
  return slice.stopping() ? { final: false, resumeAt: deps.now() } : { final: true }
}

const keyOf = ({
  agreementId,
  sourceId,
  account,
  period,
}: Pick<DocumentRow, 'agreementId' | 'sourceId' | 'account' | 'period'>) =>
  JSON.stringify([agreementId, sourceId, account, period])

/** Only what changed is sent, once a run; what may still land is left alone for the horizon (I3). */
function isDue({ deps }: Work, run: Run, list: UserList, row: DocumentRow | undefined): boolean {
  if (!row) return true
  if (row.state === 'sending') return deps.now() - row.sentAt >= deps.config.SYNC_HORIZON_SECONDS * 1000
  if (row.state === 'failed' && row.runId === run.id) return false
  return row.state !== 'attached' || row.contentHash !== list.contentHash
}

async function attach(sending: Sending, list: UserList, row: DocumentRow | undefined): Promise<Turn> {
  const { deps, scope, lease, run } = sending
  await lease.keep()
  const found = await findOurs(sending, list, row).catch(asProblem)
  await lease.keep()
  const { agreementId, sourceId, account, period, contentHash } = list
  const documentId = found instanceof Problem ? (row?.documentId ?? null) : (found ?? null)
  const key = { agreementId, sourceId, account, period }
  const claimed = { ...key, contentHash, documentId, runId: run.id, sentAt: deps.now() }
  const claim = { fence: lease.fence, leftMs: leaseTimes(deps).leftForWriteMs }
  if (!(await claimDocument(scope, claimed, claim))) return 'stop'
  deps.at('document.sending')
  const outcome = found instanceof Problem ? refusedBy(found) : await upload(sending, list, claimed)
  return settle(sending, list, claimed, outcome)
}

type Claimed = Parameters<typeof settleDocument>[1]

/** The document that holds this list; one whose upload was never answered, or that we forgot, is known by title and file. */
async function findOurs({ connectWise }: Sending, list: UserList, row: DocumentRow | undefined) {
  if (row?.documentId) return row.documentId
  const all = await connectWise.listDocuments(list.agreementId)
  return all.find(({ title, fileName }) => title === list.title && fileName === list.fileName)?.id
}

/** What cannot be replaced is added anew (U27). */
async function upload({ connectWise, scope }: Sending, list: UserList, claimed: Claimed): Promise<DocumentOutcome> {
  if (claimed.documentId === null || claimed.documentId === undefined) return connectWise.addDocument(list)
  const replaced = await connectWise.replaceDocument(claimed.documentId, list)
  if (replaced.outcome !== 'refused') return replaced
  await save(scope.db, [settleDocument(scope, claimed, { documentId: null })])
  return connectWise.addDocument(list)
}

async function settle(sending: Sending, list: UserList, claimed: Claimed, outcome: DocumentOutcome): Promise<Turn> {
  const { deps, scope, run } = sending
  const saved = (values: Parameters<typeof settleDocument>[2]) => settleDocument(scope, claimed, values)
  switch (outcome.outcome) {
    case 'done': {
      const { agreementId, sourceId: source, account, period, fileName: file, contentHash, users } = list
      const body = { run: run.id, agreement: agreementId, source, account, period, file, users, contentHash }
      const entry = { at: deps.now(), event: 'attached' as const, body: { ...body, document: outcome.id } }
      await saveWithEntry(scope, [saved({ state: 'attached', documentId: outcome.id })], entry)
      return 'on'
    }
    case 'unknown':
      await save(scope.db, [saved({ problem: `no certain answer: ${outcome.message}` })])
      return 'on'
    case 'throttled':
      await save(scope.db, [saved({ state: 'waiting', problem: 'ConnectWise asked to wait' })])
      return { until: deps.now() + outcome.retryAfterMs }
    case 'forbidden':
      await save(scope.db, [saved({ state: 'failed', problem: `${missingRight}: ${outcome.message}` })])
      return 'stop'
    case 'refused':
      await save(scope.db, [saved({ state: 'failed', problem: outcome.message })])
      return 'on'
  }
}

const missingRight = "the API member's security role lacks Companies › Manage Attachments (Add, Edit, Inquire)"

const asProblem = (cause: unknown): Problem => {
  if (cause instanceof Problem) return cause
  throw cause
}

const refusedBy = ({ kind, message }: Problem): DocumentOutcome => ({
  outcome: kind === 'forbidden' ? 'forbidden' : 'refused',
  message,
})
