import type * as z from 'zod'
import { Problem } from '#server/problem.ts'
import type { Answer } from './answer.ts'

type Ok = Extract<Answer, { kind: 'ok' }>

/** The answer when it is good; otherwise throws a Problem saying what could not be read and why. `what` completes "could not read …". */
export function expectOk(answer: Answer, what: string): Ok {
  switch (answer.kind) {
    case 'ok':
      return answer
    case 'forbidden':
      throw new Problem(
        'forbidden',
        `ConnectWise refused ${what} (${answer.status}: ${answer.message}). ${adviceFor(answer.status)}`,
      )
    case 'throttled':
      throw new Problem('unreachable', `ConnectWise is too busy for ${what} (${answer.status}). Try again later.`, {
        retry: true,
      })
    case 'failed':
      throw new Problem('unreachable', `ConnectWise did not give ${what}: ${answer.message}. Try again later.`, {
        retry: true,
      })
    case 'garbled':
      throw new Problem('broken', `ConnectWise sent ${answer.message} for ${what}.`, { retry: true })
    case 'missing':
      throw new Problem('not_found', `ConnectWise has no ${what} (404: ${answer.message}).`)
    case 'refused':
      throw new Problem(
        'broken',
        `ConnectWise does not accept the question for ${what} (${answer.status}: ${answer.message}).`,
      )
  }
}

const adviceFor = (status: number): string =>
  status === 401 ? 'Connect again with valid API keys.' : "Give the API member's security role this right."

/** Reads a body by its schema; throws a Problem naming the first field that is not as documented. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue?.path.length ? issue.path.join('.') : 'the answer'
  throw new Problem(
    'broken',
    `ConnectWise's ${what} are not as documented: ${place}: ${issue?.message ?? 'unreadable'}.`,
  )
}
