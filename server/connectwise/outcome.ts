import type { Addition } from '#billing/existing.ts'
import { additionRecord, toAddition } from './addition-record.ts'
import type { Answer } from './answer.ts'

/** What one write came to (TRUST section 4.4). A write is never repeated by the client. */
export type WriteOutcome<Done = { addition: Addition }> =
  | (Done & { outcome: 'done'; status: number })
  | { outcome: 'refused'; status: number; message: string }
  /** Not executed; also given without sending anything while every call waits. */
  | { outcome: 'throttled'; status: number; retryAfterMs: number }
  | { outcome: 'forbidden'; status: number; message: string }
  /** It may or may not have landed, now or later. */
  | { outcome: 'unknown'; status: number | undefined; message: string }

interface Written {
  agreementId: number
  create: boolean
  /** The addition that was updated. */
  id?: number
}

const certainRefusals = new Set([400, 404, 422])
const defaultRetryAfterMs = 30_000

export function outcomeOf(answer: Answer, written: Written): WriteOutcome {
  return writeOutcome(answer, written.create, (body) => echoOf(body, written))
}

/** The outcome of any write; `read` gives what a good answer says, or undefined when it is something else. */
export function writeOutcome<Done extends object>(
  answer: Answer,
  create: boolean,
  read: (body: unknown) => Done | undefined,
): WriteOutcome<Done> {
  const { status } = answer
  switch (answer.kind) {
    case 'ok': {
      const done = read(answer.body)
      if (done) return { ...done, outcome: 'done', status: answer.status }
      return { outcome: 'unknown', status, message: 'ConnectWise accepted it and answered with something else' }
    }
    case 'throttled':
      return { outcome: 'throttled', status: answer.status, retryAfterMs: answer.retryAfterMs ?? defaultRetryAfterMs }
    case 'forbidden':
      return { outcome: 'forbidden', status: answer.status, message: answer.message }
    case 'missing':
    case 'refused': {
      const isCertain = certainRefusals.has(answer.status) || (answer.status === 409 && !create)
      return { outcome: isCertain ? 'refused' : 'unknown', status: answer.status, message: answer.message }
    }
    default:
      return { outcome: 'unknown', status, message: answer.message }
  }
}

/** A success counts only when the answer is the addition that was written. */
function echoOf(body: unknown, { agreementId, id }: Written): { addition: Addition } | undefined {
  const record = additionRecord.safeParse(body)
  if (!record.success || (id !== undefined && record.data.id !== id)) return undefined
  return { addition: toAddition(record.data, agreementId) }
}
