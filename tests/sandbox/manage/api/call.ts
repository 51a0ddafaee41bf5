import type { Context } from 'hono'
import type { MemberRecord, Row } from '../records.ts'
import { type Action, type Level, levelOf, type Module } from '../rights.ts'
import { badRequest, forbidden } from './refusal.ts'
import type { Write } from './writing.ts'

/** Given with each request: how far behind the view is that reads are answered from. */
interface Bindings {
  lagMs: number
}

export type Env = { Bindings: Bindings; Variables: { member: MemberRecord; write: Write } }
export type Call = Context<Env>

/** Throws 403 unless the member's role allows the action; answers the level. */
export function permit(call: Call, module: Module, action: Action): Level {
  const level = levelOf(call.var.write.world.rights.get(call.var.member.identifier), module, action)
  if (level === 'None') throw forbidden()
  return level
}

/** Rows a level lets a member see: `My` silently narrows a list to what the member wrote. */
export const seenAt = (level: Level, rows: readonly Row[], call: Call): readonly Row[] =>
  level === 'My' ? rows.filter((row) => row._info.updatedBy === call.var.member.identifier) : rows

export async function bodyOf(call: Call): Promise<unknown> {
  try {
    return await call.req.json()
  } catch {
    throw badRequest('The body is not JSON.')
  }
}

export const isForwardOnly = (call: Call): boolean => call.req.header('pagination-type') === 'forward-only'
