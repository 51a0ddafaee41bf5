import * as z from 'zod'
import { type ApiOptions, createApi } from './api.ts'
import type { Connection } from './connection.ts'
import type { Effects } from './effects.ts'
import { id } from './wire.ts'

const record = z.object({ securityRole: z.object({ id }) })

/** The security role of a member, asked once as the API member; undefined when it may not know or does not answer. */
export async function findSecurityRole(
  connection: Connection,
  effects: Effects,
  options: ApiOptions,
  memberId: number,
): Promise<number | undefined> {
  const api = createApi(connection, effects, { ...options, once: true })
  const answer = await api.read({ path: `/system/members/${memberId}`, query: { fields: 'id,securityRole/id' } })
  return record.safeParse(answer.kind === 'ok' ? answer.body : undefined).data?.securityRole.id
}
