import * as z from 'zod'
import type { Answer } from './answer.ts'
import type { Api } from './api.ts'
import { readCount } from './count.ts'
import { expectOk, parseBody } from './expect.ts'
import { type Finding, nothingToDo } from './finding.ts'
import { readLinks } from './links.ts'
import { additionsReport } from './reports.ts'
import { id } from './wire.ts'

const rows = z.array(z.object({ id }))
const forwardOnly = { 'pagination-type': 'forward-only' }

/** Whether additions page forward, and whether a page has the size that was asked for (U6). */
export async function probePaging(api: Api): Promise<Finding[]> {
  const agreements = await firstRows(api, '/finance/agreements', 'agreements')
  const [agreement] = agreements.rows
  if (!agreement)
    return [{ ...paging, state: 'unknown', result: 'there is no agreement to look at', next: nothingToDo }]
  const path = `/finance/agreements/${agreement.id}/additions`
  const additions = await firstRows(api, path, 'additions')
  const count = await readCount(api, { path: '/finance/agreements', query: {}, what: 'agreements' })
  const isSized = agreements.rows.length === Math.min(2, count)
  const said = [
    `agreements ${agreements.pagesForward ? 'page forward' : 'have numbered pages'}`,
    `additions ${additions.pagesForward ? 'page forward' : 'have numbered pages'}`,
    isSized ? 'the page size is kept' : `2 rows were asked for and ${agreements.rows.length} came`,
  ]
  return [{ ...paging, state: 'ok', result: said.join(', '), next: nothingToDo }]
}

const paging = { probe: 'paging', means: 'Both ways are read, and every list is proven complete or not used.' }

async function firstRows(api: Api, path: string, what: string) {
  const answer = await api.read({ path, query: { fields: 'id', pageSize: 2 }, headers: forwardOnly })
  const { body, link } = expectOk(answer, what)
  return { rows: parseBody(rows, body, what), pagesForward: readLinks(link, api.hosts).pageId !== undefined }
}

const quotes = {
  'a doubled quote': 'name="TrueUp "" probe"',
  'a backslash': 'name="TrueUp \\" probe"',
  'single quotes around': "name='TrueUp \" probe'",
} as const

/** Which way of writing a quote inside a text is understood (U7). */
export async function probeQuoting(api: Api): Promise<Finding[]> {
  const said = await Promise.all(
    Object.entries(quotes).map(async ([way, conditions]) => {
      const answer = await api.read({ path: '/company/companies/count', query: { conditions }, mayBeAbsent: true })
      return `${way}: ${answer.kind === 'ok' ? 'accepted' : `refused (${answer.status ?? 'no status'})`}`
    }),
  )
  const means = 'Only ids and days are ever sent in conditions; names are compared here.'
  return [{ probe: 'quoting', state: 'ok', result: said.join(', '), means, next: nothingToDo }]
}

/** Whether additions can be read across agreements (U15). */
export async function probeReports(api: Api, isUsed: boolean): Promise<Finding[]> {
  const answer = await api.read({ path: additionsReport, query: { pageSize: 1 }, mayBeAbsent: true })
  const isThere = answer.kind === 'ok'
  const result = isThere
    ? 'AgreementAdditions answers'
    : `AgreementAdditions is not available (${answer.status ?? 'no status'})`
  if (isThere && !isUsed)
    return [
      {
        probe: 'reports',
        state: 'ok',
        result: `${result}, and was not there when the tenant was connected`,
        means: 'Additions are read agreement by agreement, with more requests than needed.',
        next: 'Run trueup connect again to use it.',
      },
    ]
  const means = isThere ? 'All additions are read in a few requests.' : 'Additions are read agreement by agreement.'
  return [{ probe: 'reports', state: 'ok', result, means, next: nothingToDo }]
}

const noSuchId = 2_147_483_647

/** What a record and an endpoint that do not exist look like (U26). */
export async function probeErrors(api: Api): Promise<Finding[]> {
  const record = await api.read({ path: `/finance/agreements/${noSuchId}`, mayBeAbsent: true })
  const endpoint = await api.read({ path: '/finance/trueupProbe', mayBeAbsent: true })
  const isKnown = record.kind === 'missing'
  return [
    {
      probe: 'errors',
      state: isKnown ? 'ok' : 'unknown',
      result: `a missing record: ${formOf(record)}; a missing endpoint: ${formOf(endpoint)}`,
      means: isKnown
        ? 'A record that is gone can be told from an address that moved.'
        : 'A 404 is taken as an address that may have moved, and the company is looked up again.',
      next: nothingToDo,
    },
  ]
}

const formOf = (answer: Answer): string =>
  `${answer.status ?? 'no status'}${'message' in answer ? ` ${answer.message}` : ''}`
