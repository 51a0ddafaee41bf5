import { findSession, type SessionRow } from '#db/sessions.ts'
import { hasLineSource } from '#db/sources.ts'
import type { Deps } from '#server/deps.ts'
import { readToken } from './access-token.ts'
import type { Viewer } from './viewer.ts'

const longestMs = 8 * 60 * 60_000

/** Who looks, by the one header that may say so; undefined without a good token of a session that nobody doubts. */
export async function findViewer(deps: Deps, authorization: string | undefined): Promise<Viewer | undefined> {
  const token = /^Bearer ([\w-]{1,500}\.[\w-]{1,4000}\.[\w-]{1,200})$/i.exec(authorization ?? '')?.[1]
  const claims = token === undefined ? undefined : await readToken(deps, token)
  const found = claims && (await findSession(deps.db, claims.tenant, claims.session))
  if (!found || isOver(found, deps.now()) || found.session.checkedAt === 0) return undefined
  const { session, tenant } = found
  const { id, member, memberName: name, role } = session
  const scope = { db: deps.db, tenant: tenant.id }
  const lacksAgreementType = tenant.defaultAgreementTypeId === null && (await hasLineSource(scope))
  return { scope, tenant, session: id, member, name, role, lacksAgreementType }
}

/** Whether a session has ended. */
export const isOver = ({ session }: { session: SessionRow }, now: number): boolean =>
  session.revokedAt !== null || now > session.createdAt + longestMs
