import * as z from 'zod'
import type { ConnectionTest, Deps } from '#server/deps.ts'
import { Problem } from '#server/problem.ts'
import { withClientId } from '#sync/settings/connect.ts'
import type { TestOutcome } from '#views/settings/connection-form.tsx'

const line = (most: number) => z.string().trim().max(most, `at most ${most} characters`)

/** A clientId of one's own, or none. */
const clientId = line(36)
  .refine(
    (text) => text === '' || z.guid().safeParse(text).success,
    'a GUID such as 6f9619ff-8b86-d011-b42d-00cf4fc964ff',
  )
  .transform((text) => (text === '' ? undefined : text))

const key = line(200)

const needed = (most: number) => line(most).min(1, 'is needed')

/** The four credentials and the clientId, as an operator types them (K1). */
export const credentials = z.object({
  site: needed(200),
  companyId: needed(50),
  publicKey: needed(200),
  privateKey: needed(200),
  clientId,
})

/** New keys of a known instance; what is left empty is the stored one. */
export const keys = z.object({ publicKey: key, privateKey: key, clientId, from: z.literal('setup').optional() })

/** The outcome of a test as people are shown it. */
export const outcomeOf = (tested: ConnectionTest, stored = false): TestOutcome =>
  tested.ok ? { passed: true, stored } : { passed: false, cause: tested.cause, next: tested.next }

/** Tests what was typed; what a person can put right comes back as the outcome, never as a Problem. */
export async function testTyped(deps: Deps, typed: Parameters<typeof withClientId>[1]): Promise<ConnectionTest> {
  try {
    return await deps.testConnection(withClientId(deps, typed))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { ok: false, kind: error.kind, cause: error.message, next: 'Type it under Client id.' }
  }
}
