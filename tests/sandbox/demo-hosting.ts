import type { Scope } from '#db/db.ts'
import type { Deps } from '#server/deps.ts'
import { registerScreens } from '#sync/settings/hosted.ts'

/** Registers TrueUp's tabs and pods with the sandbox as its set-up does, at the address where it listens. */
export async function registerHosted(deps: Deps, scope: Scope, trueup: string): Promise<void> {
  const { rows } = await registerScreens({ ...deps, config: { ...deps.config, PUBLIC_URL: trueup } }, scope)
  const left = rows.find(({ state }) => state !== 'added' && state !== 'known')
  if (left) throw new Error(`Not registered: ${left.screen} ${left.type}: ${left.cause}`)
}
