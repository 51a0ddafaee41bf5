import { randomUUID } from 'node:crypto'

/** What a logged-in browser holds besides company and member id. */
export interface Login {
  memberHash: string
  memberContext: string
}

/** Logs a member in as the login page does; while a session of theirs lives it is that one. */
export function login(
  { sessions }: { sessions: Map<string, { member: string; context: string }> },
  member: string,
): Login {
  for (const [memberHash, session] of sessions)
    if (session.member === member) return { memberHash, memberContext: session.context }
  const memberHash = randomUUID()
  sessions.set(memberHash, { member, context: 'web' })
  return { memberHash, memberContext: 'web' }
}
