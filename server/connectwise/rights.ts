import { z } from 'zod'
import type { Answer } from './answer.ts'
import type { Api } from './api.ts'
import { ConnectionProblem } from './connection-problem.ts'

/** What the nightly run reads: module › function › level, and a call that shows it (FEATURES K12). */
export const rights = [
  { right: 'Finance › Agreements › Inquire All', path: '/finance/agreements' },
  { right: 'Companies › Company Maintenance › Inquire All', path: '/company/companies' },
  { right: 'Procurement › Product Catalog › Inquire All', path: '/procurement/catalog' },
] as const

const withCurrency = z.array(z.object({ currency: z.object({ currencyIdentifier: z.string() }) }))

/** Tries each right by reading one row. Throws a ConnectionProblem when a call fails for another reason. */
export async function findRights(api: Api): Promise<{ missing: string[]; currency: string | undefined }> {
  const query = { pageSize: 1, fields: 'id,currency/currencyIdentifier' }
  const tried = await Promise.all(
    rights.map(async ({ right, path }) => ({ right, answer: await api.read({ path, query, mayBeAbsent: true }) })),
  )
  const missing = tried.filter(({ right, answer }) => !isGranted(right, answer)).map(({ right }) => right)
  const agreements = tried[0]?.answer
  const parsed = withCurrency.safeParse(agreements?.kind === 'ok' ? agreements.body : undefined)
  return { missing, currency: parsed.data?.[0]?.currency.currencyIdentifier }
}

function isGranted(right: string, answer: Answer): boolean {
  if (answer.kind === 'ok') return true
  if (answer.kind === 'forbidden') return false
  const reason = 'message' in answer ? answer.message : 'it is too busy'
  throw new ConnectionProblem(
    'unreachable',
    `The right ${right} could not be tried: ${reason}.`,
    'Test again in a few minutes.',
  )
}
