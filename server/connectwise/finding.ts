/** What one probe of `trueup doctor` came to, in words (TRUST section 11). */
export interface Finding {
  probe: string
  /** ok: nothing to do. attention: a person has to act. unknown: not answered now. unreachable: nobody answers there. */
  state: 'ok' | 'attention' | 'unknown' | 'unreachable'
  result: string
  means: string
  /** What to do; empty when there is nothing. */
  next: string
}

export const nothingToDo = ''
