import type { World } from '../manage/world.ts'
import type { HostedFrame } from './host.ts'

/** The screens this page has, by the name that frames are told. */
export type ScreenName = keyof typeof screenIds

const screenIds = { company: 'CompanyDetail', agreement: 'AgreementDetail', connectwisetoday: 'ConnectWiseToday' }

/** A registered tab or pod with the address it is framed at. */
export interface RegisteredFrame extends HostedFrame {
  caption: string
  url: string
  /** CSS pixels; a pod registered without a height has 320. */
  height: number
}

/** What is registered and enabled for a screen, in the order of ids, its tokens replaced; 0 stands for no record. */
export function framesOf(world: World, screen: ScreenName, id: number): RegisteredFrame[] {
  const screenId = world.hostedScreens.rows().find((one) => one.screenId === screenIds[screen])?.id
  return world.hostedSetups.rows().flatMap((setup) => {
    const hostedAs = String(setup.type).toLowerCase()
    if (setup.screenId !== screenId || setup.disabledFlag === true) return []
    if (hostedAs !== 'tab' && hostedAs !== 'pod') return []
    const caption = String(setup.description)
    return {
      id: setup.id,
      hostedAs,
      caption,
      title: `${caption} ${hostedAs}`,
      origin: String(setup.origin ?? ''),
      url: withTokens(String(setup.url), screen, id),
      height: Number(setup.podHeight ?? 320),
    }
  })
}

const withTokens = (url: string, screen: ScreenName, id: number): string =>
  url.replaceAll('[cw_id]', id === 0 ? '' : String(id)).replaceAll('[cw_screen]', screen)
