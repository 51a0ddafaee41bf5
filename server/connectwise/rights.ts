import * as z from 'zod'
import type { Answer } from './answer.ts'
import type { Api } from './api.ts'
import { ConnectionProblem } from './connection-problem.ts'

/** One right of the API member's security role, with the reason it is asked for (FEATURES K8, K12). */
export interface Right {
  /** module › function › level */
  right: string
  /** Completes “needed for …”. */
  neededFor: string
  /** Everything else works without it. */
  optional: boolean
}

export interface FoundRight extends Right {
  /** unproven: it could not be tried now. */
  state: 'granted' | 'missing' | 'unproven'
  status: number | undefined
  /** What ConnectWise said instead. */
  cause: string
}

/** A right, and a call that shows it without changing anything. */
interface Tried extends Right {
  path: string
}

const required: readonly Tried[] = [
  ['Finance › Agreements › Inquire All', 'reading agreements and additions', '/finance/agreements'],
  ['Companies › Company Maintenance › Inquire All', 'mapping accounts to companies', '/company/companies'],
  ['Procurement › Product Catalog › Inquire All', 'mapping to products', '/procurement/catalog'],
].map(([right = '', neededFor = '', path = '']) => ({ right, neededFor, path, optional: false }))

const optional: readonly Tried[] = [
  ['System › API Reports › Inquire All', 'reading all additions in a few requests', '/system/reports'],
  [
    'System › Table Setup › Add, Edit, Inquire All for General / Manage Hosted API',
    'registering tabs and pods',
    '/system/connectwisehostedsetups',
  ],
  ['System › Member Maintenance › Inquire All', 'giving roles by security role', '/system/members'],
].map(([right = '', neededFor = '', path = '']) => ({ right, neededFor, path, optional: true }))

const withCurrency = z.array(z.object({ currency: z.object({ currencyIdentifier: z.string() }) }))

/** Tries what a nightly run reads. Throws a ConnectionProblem when a call fails for another reason than a right. */
export async function findMissing(api: Api): Promise<{ missing: Right[]; currency: string | undefined }> {
  const tried = await Promise.all(required.map((right) => tryOne(api, right)))
  const unproven = tried.find(({ found }) => found.state === 'unproven')
  if (unproven)
    throw new ConnectionProblem(
      'unreachable',
      `The right ${unproven.found.right} could not be tried: ${unproven.found.cause}.`,
      'Test again in a few minutes.',
    )
  const [agreements] = tried
  const parsed = withCurrency.safeParse(agreements?.answer.kind === 'ok' ? agreements.answer.body : undefined)
  const missing = tried.filter(({ found }) => found.state === 'missing').map(({ found }) => found)
  return { missing, currency: parsed.data?.[0]?.currency.currencyIdentifier }
}

/** Every right by a harmless call, the optional ones too. */
export async function listRights(api: Api): Promise<FoundRight[]> {
  const tried = await Promise.all([...required, ...optional].map((right) => tryOne(api, right)))
  return tried.map(({ found }) => found)
}

async function tryOne(api: Api, { path, ...right }: Tried): Promise<{ found: FoundRight; answer: Answer }> {
  const query = { pageSize: 1, fields: 'id,currency/currencyIdentifier' }
  const plain = path === '/finance/agreements' ? query : { pageSize: 1 }
  const answer = await api.read({ path, query: plain, mayBeAbsent: true })
  return { found: { ...right, ...stateOf(answer) }, answer }
}

function stateOf(answer: Answer): Pick<FoundRight, 'state' | 'status' | 'cause'> {
  const { kind, status } = answer
  if (kind === 'ok') return { state: 'granted', status, cause: '' }
  const cause = 'message' in answer ? answer.message : 'it is too busy'
  return { state: kind === 'forbidden' ? 'missing' : 'unproven', status, cause }
}
