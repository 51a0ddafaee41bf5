import type { Addition } from '#billing/existing.ts'
import { additionRecord, toAddition } from './addition-record.ts'
import type { Answer } from './answer.ts'

/** What one write came to (TRUST section 4.4). A write is never repeated by the client. */
export type WriteOutcome =
  | { outcome: 'done'; addition: Addition; status: number }
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
  const { status } = answer
  switch (answer.kind) {
    case 'ok':
      return outcomeOfEcho(answer.status, answer.body, written)
    case 'throttled':
      return { outcome: 'throttled', status: answer.status, retryAfterMs: answer.retryAfterMs ?? defaultRetryAfterMs }
    case 'forbidden':
      return { outcome: 'forbidden', status: answer.status, message: answer.message }
    case 'missing':
    case 'refused': {
      const isCertain = certainRefusals.has(answer.status) || (answer.status === 409 && !written.create)
      return { outcome: isCertain ? 'refused' : 'unknown', status: answer.status, message: answer.message }
    }
    default:
      return { outcome: 'unknown', status, message: answer.message }
  }
}

/** A success counts only when the answer is the addition that was written. */
function outcomeOfEcho(status: number, body: unknown, { agreementId, id }: Written): WriteOutcome {
  const record = additionRecord.safeParse(body)
  if (!record.success || (id !== undefined && record.data.id !== id)) {
    return { outcome: 'unknown', status, message: 'ConnectWise accepted it and answered with something else' }
  }
  return { outcome: 'done', addition: toAddition(record.data, agreementId), status }
}
