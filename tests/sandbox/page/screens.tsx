import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { Write } from '../manage/api/writing.ts'
import { dayAt } from '../manage/calendar.ts'
import type { Action, Module } from '../manage/rights.ts'
import type { World } from '../manage/world.ts'
import { framesOf, type ScreenName } from './hosted.ts'
import { HostingScreen, type Switches } from './hosting-screen.tsx'
import { Layout } from './layout.tsx'
import { listViewers, may, type Viewer } from './viewer.ts'

export const memberCookie = 'sandbox-member'
const administrator = 'jsmith'

/** A screen with the frames registered for it. */
interface Hosting {
  screen: ScreenName
  /** 0 on a screen without a record. */
  id: number
  heading: string
  /** Every record's id, for the ways to its neighbours. */
  ids?: readonly number[]
  children: Child
}

/** What every screen of this ConnectWise is made with. */
export interface Screens {
  world: World
  viewer(call: Context): Viewer
  may(call: Context, module: Module, action: Action): boolean
  /** A change made now by whoever is logged in. */
  write(call: Context): Write
  today(): string
  /** Path and query of the page that is asked for. */
  here(call: Context): string
  /** A screen that frames what is registered. The stranger sees its frames and no record. */
  hosting(call: Context, screen: Hosting): Response | Promise<Response>
  plain(call: Context, title: string, children: Child, status?: 200 | 404): Response | Promise<Response>
  missing(call: Context): Response | Promise<Response>
}

export function createScreens(world: World, now: () => number, companyId: string): Screens {
  const viewer = (call: Context): Viewer => {
    const viewers = listViewers(world, companyId)
    const named = (wanted: string | undefined) => viewers.find(({ identifier }) => identifier === wanted)
    const found = named(getCookie(call, memberCookie)) ?? named(administrator)
    if (!found) throw new Error(`There is no member ${administrator}`)
    return found
  }
  const today = () => dayAt(world.zone, now())
  const shell = (call: Context) => ({
    viewer: viewer(call),
    viewers: listViewers(world, companyId),
    here: here(call),
  })
  const seen = (who: Viewer, children: Child): Child => (who.isStranger ? <Elsewhere viewer={who} /> : children)

  const hosting = (call: Context, { screen, id, heading, ids = [], children }: Hosting) => {
    const props = shell(call)
    const title = props.viewer.isStranger && id > 0 ? `${screen} ${id}` : heading
    const page = (
      <HostingScreen
        {...props}
        title={title}
        record={{ screen, id }}
        frames={framesOf(world, screen, id)}
        switches={switchesOf(call, screen)}
        {...neighbours(props.here, id, ids)}
      >
        {seen(props.viewer, children)}
      </HostingScreen>
    )
    return call.html(html`<!doctype html>${page}`)
  }
  const plain = (call: Context, title: string, children: Child, status: 200 | 404 = 200) => {
    const props = shell(call)
    const page = (
      <Layout {...props} title={title}>
        <main>
          <h1>{title}</h1>
          {seen(props.viewer, children)}
        </main>
      </Layout>
    )
    return call.html(html`<!doctype html>${page}`, status)
  }

  return {
    world,
    viewer,
    may: (call, module, action) => may(world, viewer(call), module, action),
    write: (call) => ({ world, at: now(), today: today(), by: viewer(call).identifier }),
    today,
    here,
    hosting,
    plain,
    missing: (call) => plain(call, 'Not found', <p>There is no such record or screen.</p>, 404),
  }
}

const here = ({ req }: Context): string => {
  const { pathname, search } = new URL(req.url)
  return pathname + search
}

/** The same address with the ids before and after this one. */
function neighbours(address: string, id: number, ids: readonly number[]): { before?: string; after?: string } {
  const at = ids.indexOf(id)
  const to = (neighbour: number | undefined) => neighbour && address.replace(`/${id}`, `/${neighbour}`)
  const [before, after] = at < 0 ? [] : [to(ids[at - 1]), to(ids[at + 1])]
  return { ...(before && { before }), ...(after && { after }) }
}

/** Whether events fire on a real Agreement screen is not known, so there they do not unless asked for. */
function switchesOf(call: Context, screen: ScreenName): Switches {
  const events = call.req.query('events') ?? (screen === 'agreement' ? 'off' : 'on')
  return { events: events === 'on', answers: call.req.query('answers') !== 'off' }
}

const Elsewhere = ({ viewer }: { viewer: Viewer }) => (
  <p>
    {viewer.name} is {viewer.role}: a member of another ConnectWise at the same origin. No record of this one is shown
    to him; what is registered is framed all the same, to show what it answers.
  </p>
)
