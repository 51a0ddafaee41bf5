import { save } from '#db/db.ts'
import { listLines } from '#db/lines.ts'
import { saveTenantSettings } from '#db/tenants.ts'
import { givenContoso } from '../given.ts'
import { addLines, type GivenLine } from '../lines-given.ts'
import { addAgreement, addCompany } from '../sandbox/manage/build.ts'
import { emptyWorld } from '../sandbox/manage/world.ts'
import { signIn } from '../session/signed-in.ts'
import type { Open } from '../stores.ts'

/** Contoso's sandbox with loaded invoice lines, a second company, and finance who looks at them. */
export async function givenLines(open: Open, lines: readonly GivenLine[]) {
  const world = emptyWorld()
  const app = await givenContoso(open, 10, { world })
  const fabrikam = addCompany(world, { id: 251, identifier: 'Fabrikam', name: 'Fabrikam Inc' })
  addAgreement(world, { id: 90, company: fabrikam, name: 'Cloud', startDate: '2026-01-01T00:00:00Z' }, '2026-11-17')
  await save(app.scope.db, [saveTenantSettings(app.scope, { defaultAgreementTypeId: 1 })])
  await app.say({ 'A-17': 10 })
  await app.sync()
  await addLines(app.scope, lines)
  const finance = await signIn(app, { member: 'ffin', role: 'finance' })
  const answered = async (answer: Promise<Response>) => {
    const { status } = await answer
    return { status, html: (await (await answer).text()).replaceAll(/ hx-nonce="[^"]*"/g, '') }
  }
  return {
    ...app,
    finance,
    get: (path: string, by = finance) => answered(by.ask('GET', path)),
    post: (path: string, form: Record<string, string> | URLSearchParams, by = finance) =>
      answered(by.ask('POST', path, form)),
    /** A line as it is stored. */
    lineOf: async (id: string) => {
      const [row] = await listLines(app.scope, { ids: [id] })
      if (!row) throw new Error(`no line ${id}`)
      return row
    },
  }
}

/** The rows of an answer, by our ids, each without its tags. */
export function rowsIn(html: string): Map<string, string> {
  const rows = [...html.matchAll(/<tbody id="line-([^"]*)">(.*?)<\/tbody>/gs)]
  return new Map(rows.map(([, id = '', row = '']) => [id, plain(row)]))
}

export const plain = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** What names exactly the lines a question was about. */
export const digestIn = (html: string): string => /&quot;digest&quot;:&quot;(\w+)&quot;/.exec(html)?.[1] ?? ''
