import { createClock } from '../clock.ts'
import { createManage, defaultKeys, type Manage, type ManageOptions } from './manage/manage.ts'
import { addAddition, addAgreement, addCompany, addProduct, emptyWorld } from './manage/world.ts'

export const site = 'https://api-na.myconnectwise.net'
const api = `${site}/v4_6_release/apis/3.0`

export const basic = (name: string, secret: string, company = 'acme'): string =>
  `Basic ${Buffer.from(`${company}+${name}:${secret}`).toString('base64')}`

interface Answer {
  status: number
  headers: Headers
  // Whatever JSON came back; tests say what they expect of it.
  body: ReturnType<typeof JSON.parse>
}

/** A sandbox at 2026-11-21 10:00 UTC and a caller with its keys. */
export function givenManage(options: Partial<Omit<ManageOptions, 'clock'>> = {}) {
  const clock = createClock('2026-11-21T10:00:00Z')
  const manage = createManage({ clock, world: emptyWorld(), ...options })
  return { clock, manage, world: manage.world, call: callerOf(manage) }
}

/** One agreement with one addition of nine. */
export function givenAddition() {
  const given = givenManage()
  const company = addCompany(given.world, { id: 250, name: 'Fabrikam & Sons' })
  const product = addProduct(given.world, {
    id: 501,
    identifier: 'SAT-USER',
    description: 'Seats',
    price: 4,
    cost: 2.1,
  })
  const agreement = addAgreement(given.world, { id: 87, company })
  const addition = addAddition(given.world, { id: 301, agreement, product, quantity: 9, lessIncluded: 2 })
  return { ...given, company, product, agreement, addition, path: '/finance/agreements/87/additions' }
}

/** Calls the REST API and reads the answer. */
const callerOf =
  (manage: Manage) =>
  async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Answer> => {
    const response = await manage.fetch(`${api}${path}`, {
      method,
      headers: {
        authorization: basic(defaultKeys.publicKey, defaultKeys.privateKey),
        clientId: defaultKeys.clientId,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }

/** The rel → page map of a Link header. */
export const linksOf = ({ headers }: Answer): Record<string, URL> =>
  Object.fromEntries(
    [...(headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(([, url = '', rel = '']) => [
      rel,
      new URL(url),
    ]),
  )
