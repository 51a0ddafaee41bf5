import type { Frame, Page, Request } from '@playwright/test'
import { trueupAddress } from './test.ts'

export const cloud = 'https://na.myconnectwise.net'
const shell = () => `${trueupAddress()}/company?tenant=cloud&as=pod&screen=company&id=250`

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
  /** Takes our frame-ancestors away, to see what is left without them. */
  framedByAnybody?: boolean
}

export async function givenHost(page: Page, { origin = cloud, framedByAnybody }: HostOptions = {}) {
  const body = `<!doctype html><title>Host</title><link rel="icon" href="data:,"><iframe name="pod" width="400" height="320" src="${shell()}"></iframe>`
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

/** What our server answers, played: sessions, and the content of the company. Returns the requests made. */
export async function givenAnswers(page: Page, { expiresIn = 60 } = {}): Promise<Request[]> {
  const made: Request[] = []
  let serial = 0
  await page.route(/\/session(\/renewal)?$/, async (route) => {
    made.push(route.request())
    serial++
    await route.fulfill({ json: { token: `token-${serial}`, refresh: `refresh-${serial}`, expiresIn } })
  })
  await page.route(/\/companies\/\d+$/, async (route) => {
    made.push(route.request())
    const id = route.request().url().split('/').at(-1)
    await route.fulfill({ contentType: 'text/html', body: `<title>${id}</title><h1 tabindex="-1">Company ${id}</h1>` })
  })
  return made
}

export const pathsOf = (requests: readonly Request[]): string[] =>
  requests.map((request) => `${request.method()} ${new URL(request.url()).pathname}`)
