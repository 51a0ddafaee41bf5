import { Problem, type ProblemKind } from '#server/problem.ts'

/** Why a connection cannot be made, and what the person setting it up does next; its message is both sentences. */
export class ConnectionProblem extends Problem {
  readonly reason: string
  readonly next: string

  constructor(kind: ProblemKind, reason: string, next: string) {
    super(kind, `${reason} ${next}`, { retry: kind === 'unreachable' })
    this.name = 'ConnectionProblem'
    this.reason = reason
    this.next = next
  }
}
