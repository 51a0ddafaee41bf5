import type { Scope } from '#db/db.ts'
import type { Deps } from '#server/deps.ts'

/** Our tabs and pods, by the screen's own name in ConnectWise. */
const hosted = [
  { screen: 'CompanyDetail', path: 'company', type: 'Pod' },
  { screen: 'CompanyDetail', path: 'company', type: 'Tab' },
  { screen: 'AgreementDetail', path: 'agreement', type: 'Pod' },
  { screen: 'ConnectWiseToday', path: 'hub', type: 'Tab' },
] as const

/** Registers TrueUp's tabs and pods with the sandbox, as its set-up would; what is registered already stays. */
export async function registerHosted(deps: Deps, scope: Scope, trueup: string): Promise<void> {
  const connectWise = await deps.connectWise(scope)
  if ((await connectWise.listHostedSetups()).some(({ origin }) => origin === trueup)) return
  const screens = await connectWise.listHostedScreens()
  for (const { screen, path, type } of hosted) {
    const screenId = screens.find((one) => one.screenId === screen)?.id
    if (screenId === undefined) throw new Error(`There is no screen ${screen}`)
    const as = type.toLowerCase()
    const url = `${trueup}/${path}?tenant=${scope.tenant}&as=${as}&screen=[cw_screen]&id=[cw_id]`
    const podHeight = type === 'Pod' ? 320 : undefined
    const made = await connectWise.addHostedSetup({
      screenId,
      type,
      description: 'TrueUp',
      url,
      origin: trueup,
      podHeight,
    })
    if (made.outcome !== 'done') throw new Error(`Not registered: ${made.message}`)
  }
}
