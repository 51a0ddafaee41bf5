import * as z from 'zod'
import { Problem } from '#server/problem.ts'
import { type Answer, onPage } from './http-answer.ts'
import { withParameter } from './http-pages.ts'

/** Nothing else is taken for one: null for a number of pages would end the reading after the first. */
const count = (least: number) => z.number().int().min(least)

/** What a page of the published contract says beside the snapshot itself; without it there is one page. */
const around = z.looseObject({
  page: z.optional(count(1)),
  pages: z.optional(count(1)),
  total: z.optional(count(0)),
  takenAt: z.optional(z.unknown()),
  complete: z.optional(z.unknown()),
  accounts: z.optional(z.unknown()),
})

type Around = z.infer<typeof around>

/** Pages that are each a snapshot as it would be pushed: what is said around the accounts is the same on all of them. */
export function readContract(): Answer {
  const accounts: unknown[] = []
  /** How many accounts came before each page. */
  const starts: number[] = []
  let first: Around | undefined
  let isComplete: unknown = true
  return {
    turn({ body }, number, url) {
      const page = parse(body, number)
      first ??= page
      checkSame(first, page, number)
      starts.push(accounts.length)
      accounts.push(...(Array.isArray(page.accounts) ? page.accounts : []))
      if (page.complete !== true) isComplete = page.complete
      return number < (page.pages ?? 1) ? withParameter(url, 'page', String(number + 1)) : undefined
    },
    end(isCut) {
      const { page: _, pages: __, total, ...head } = first ?? {}
      if (!isCut && total !== undefined && total !== accounts.length)
        throw new Problem(
          'incomplete',
          `The platform counts ${total} accounts and listed ${accounts.length}, so nothing of them is used.`,
        )
      const hasList = Array.isArray(first?.accounts)
      const complete = isCut && isComplete === true ? false : isComplete
      return {
        body: { ...head, complete, ...(hasList ? { accounts } : {}) },
        placeOf: (path) => placeOf(starts, path),
      }
    },
  }
}

function parse(body: unknown, number: number): Around {
  const parsed = around.safeParse(body)
  if (parsed.success) return parsed.data
  const place = String(parsed.error.issues[0]?.path[0] ?? '')
  throw new Problem('broken', `The platform’s ${onPage(number, place)} is not what the published contract says.`)
}

/** Numbers that moved between two pages would be half old and half new. */
function checkSame(first: Around, page: Around, number: number): void {
  if (page.page !== undefined && page.page !== number)
    throw new Problem('incomplete', `The platform was asked for page ${number} and gave page ${page.page}.`)
  for (const name of ['kind', 'period', 'takenAt', 'pages', 'total'] as const)
    if (page[name] !== first[name])
      throw new Problem(
        'incomplete',
        `The platform’s ${name} changed between page 1 and page ${number}, so nothing of them is used.`,
      )
}

function placeOf(starts: readonly number[], path: string): string {
  const [, index = '', rest = ''] = /^accounts\[(\d+)\](.*)$/s.exec(path) ?? []
  if (index === '') return onPage(1, path)
  const page = starts.findLastIndex((start) => start <= Number(index))
  return onPage(page + 1, `accounts[${Number(index) - (starts[page] ?? 0)}]${rest}`)
}
