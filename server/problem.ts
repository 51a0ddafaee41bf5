export type ProblemKind =
  | 'invalid' // the input is wrong: say where and what to do
  | 'not_found'
  | 'forbidden' // ConnectWise or TrueUp refuses: keys, rights
  | 'conflict' // somebody else was faster
  | 'unreachable' // the network or the other side is down
  | 'incomplete' // an answer whose completeness cannot be proven
  | 'broken' // an answer that is not what its contract says

/** The only error people see: one sentence saying what is wrong and what to do. It never holds a secret. */
export class Problem extends Error {
  readonly kind: ProblemKind
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retry: boolean
  /** One line per bad place, where the input has several. */
  readonly places: readonly Place[]

  constructor(kind: ProblemKind, message: string, options: { retry?: boolean; places?: readonly Place[] } = {}) {
    super(message)
    this.name = 'Problem'
    this.kind = kind
    this.retry = options.retry ?? false
    this.places = options.places ?? []
  }
}

export interface Place {
  path: string
  message: string
}
