import type { Frame, Page, Request, Route } from '@playwright/test'
import { trueupAddress } from './test.ts'

export const cloud = 'https://na.myconnectwise.net'
const shell = '/company?tenant=cloud&as=pod&screen=company&id=250'

export const member = {
  site: 'na.myconnectwise.net',
  companyid: 'cloud',
  memberid: 'Ann',
  memberHash: 'hash',
  memberContext: 'web',
  memberEmail: 'ann@cloud.example',
}

/** A page that frames our shell, with the test itself in the place of ConnectWise's script. */
export interface Host {
  frame: Frame
  /** Posts to our frame: a string as it is, else as JSON. */
  send(message: unknown): Promise<void>
  /** What our frame has said. */
  heard(): Promise<Record<string, unknown>[]>
  /** How many messages our frame has ignored. */
  ignored(): Promise<number>
  /** Answers ready and getMemberAuthentication, so that the member is known. */
  admit(): Promise<void>
}

export interface HostOptions {
  /** `null` for a page without an origin. */
  origin?: string
  /** Of our shell. */
  path?: string
  /** Takes our frame-ancestors away, to see what is left without them. */
  framedByAnybody?: boolean
}

export async function givenHost(page: Page, { origin = cloud, path = shell, framedByAnybody }: HostOptions = {}) {
  const body = `<!doctype html><title>Host</title><link rel="icon" href="data:,"><iframe name="pod" width="400" height="320" src="${trueupAddress()}${path}"></iframe>`
  await page.route(`${origin}/`, (route) => route.fulfill({ contentType: 'text/html', body }))
  if (framedByAnybody) await page.route(`${trueupAddress()}/company?**`, withoutAncestors)
  await page.addInitScript(() => {
    if (window !== top) return
    const heard: unknown[] = []
    Object.assign(window, { heard })
    addEventListener('message', ({ data }) => heard.push(JSON.parse(data)))
  })
  await page.goto(origin === 'null' ? `data:text/html,${encodeURIComponent(body)}` : `${origin}/`)
  return hostOf(page)
}

const withoutAncestors: Parameters<Page['route']>[1] = async (route) => {
  const response = await route.fetch()
  const policy = response.headers()['content-security-policy']?.replace(/; frame-ancestors.*/, '') ?? ''
  await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } })
}

function hostOf(page: Page): Host {
  const [frame] = page.mainFrame().childFrames()
  if (!frame) throw new Error('Nothing is framed.')
  const heard = () => page.evaluate(() => (window as unknown as { heard: Record<string, unknown>[] }).heard)
  const send = (message: unknown) =>
    page.evaluate(
      (data) => document.querySelector('iframe')?.contentWindow?.postMessage(data, '*'),
      typeof message === 'string' ? message : JSON.stringify(message),
    )
  const until = async (isSaid: (message: Record<string, unknown>) => boolean) => {
    while (!(await heard()).some(isSaid)) await page.waitForFunction(() => true)
  }
  return {
    frame,
    send,
    heard,
    ignored: () => frame.evaluate(() => Number(document.body.dataset.ignored ?? 0)),
    async admit() {
      await until(({ message }) => message === 'ready')
      await send({ MessageFrameID: 'frame-1' })
      await until(({ hosted_request }) => hosted_request === 'getMemberAuthentication')
      await send({ response: 'getmemberauthentication', data: member, _id: '1' })
    },
  }
}

export interface Answers {
  /** Of a token, in seconds. */
  expiresIn?: number
  /** Markup below the heading of each company; elements that htmx may obey carry `hx-nonce="own"`. */
  content?: string
  /** The status of an answer, by how many requests there were to its path before. */
  status?(path: string, before: number): number
}

/** Our server, played: sessions, companies, and `/done`, which says that something was written. Returns its requests. */
export async function givenAnswers(page: Page, { expiresIn = 60, content = '', status }: Answers = {}) {
  const made: Request[] = []
  const counted = (route: Route): number => {
    const path = new URL(route.request().url()).pathname
    const before = made.filter((one) => new URL(one.url()).pathname === path).length
    made.push(route.request())
    return status?.(path, before) ?? 200
  }
  await page.route(/\/session(\/renewal)?$/, async (route) => {
    const code = counted(route)
    const json =
      code === 200
        ? { token: `token-${made.length}`, refresh: `refresh-${made.length}`, expiresIn }
        : { problems: [{ path: '', message: 'You are nobody here.' }] }
    await route.fulfill({ status: code, json })
  })
  const own = { 'content-security-policy': "script-src 'nonce-own'" }
  await page.route(/\/companies\/\d+$/, async (route) => {
    const code = counted(route)
    const id = route.request().url().split('/').at(-1)
    const body = `<title>${id}</title><h1 tabindex="-1">Company ${id}</h1>${content}`
    await route.fulfill({ status: code, contentType: 'text/html', headers: own, body })
  })
  await page.route(/\/done$/, async (route) => {
    counted(route)
    await route.fulfill({ contentType: 'text/html', headers: { 'HX-Trigger': 'written' }, body: '<p>Done.</p>' })
  })
  return made
}

export const pathsOf = (requests: readonly Request[]): string[] =>
  requests.map((request) => `${request.method()} ${new URL(request.url()).pathname}`)
